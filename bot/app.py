"""Wires everything; the only place that knows all rooms."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from types import TracebackType
from typing import Protocol, Self

from bot import logs
from bot.core.errors import ChatError, ClusterError, NotSetUp, TooSlow, Unauthenticated, Unreachable
from bot.core.grants import EXTRA_PREFIX, Account, Identity, of_tier
from bot.core.names import Namespace
from bot.core.ports import Clock
from bot.core.readiness import Condition
from bot.core.vitals import Held, Server, Vitals
from bot.core.wire import Transport
from bot.flow import handle, submitted, turn_away
from bot.kube.clusters import KubernetesClusters
from bot.kube.credentials import open_transport
from bot.kube.own import Own
from bot.operations import Operations
from bot.parts import Bot, Limits, Places
from bot.slack.meter import Meter
from bot.slack.room import Slack
from bot.steps.watches import KeptWatches
from bot.watching.desk import Desk
from bot.watching.watcher import Watcher
from config.policy import Policy
from config.reload import PolicyFile, PolicyState, TemplateFolder
from config.settings import Settings
from handlers import REGISTRY

logger = logging.getLogger("podbot")

POLL_SECONDS = 5.0
LOOK_SECONDS = 5.0
"""How long the API server may take to tell its version."""
SWEEP_SECONDS = 300.0


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class App:
    """podbot, wired from its settings, for `async with`; `transport` stands in for the network where it is given.

    Entering it raises `ConfigError` for a broken policy or template, `ClusterError` where the API server can't be
    reached or the bot's own rights are not set up, and `ChatError` where Slack refuses it.
    """

    def __init__(self, settings: Settings, transport: Transport | None = None) -> None:
        self._settings = settings
        self._given = transport
        self._clock = SystemClock()
        self._policy = PolicyFile(settings.policy, people=not settings.accounts)
        self._state = self._policy.state
        self._started = self._adopted = self._clock.now()
        self._templates = TemplateFolder(settings.templates)
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()
        self._places = Places()
        self._operations = Operations(settings, REGISTRY)
        self.slack = slack_room(settings, self._clock, self._operations.meter)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._watch()
            await self._operations.open(stack, self._condition)
            transport = self._operations.metered(self._given or await self._network(stack))
            own = Own(transport, Namespace(self._settings.namespace), self._clock, logs.never_tell)
            me = await own.who()
            await check_identities(own, self._policy.value, self._settings.accounts)
            bot = self._bot(KubernetesClusters(self._settings.cluster, transport, me.user, own.tokens), own)
            stack.push_async_callback(self.slack.close)
            await self.slack.start(partial(handle, bot), partial(turn_away, bot), partial(submitted, bot))
            self._tasks = [
                asyncio.create_task(self._every(POLL_SECONDS, partial(self._poll, own)), name="poll the policy"),
                asyncio.create_task(self._every(SWEEP_SECONDS, own.sweep), name="sweep old claims"),
                asyncio.create_task(Watcher(Desk(bot, own.records, own.holding())).run(), name="watch pods"),
            ]
            if self._settings.check_at_start:
                self._tasks.append(asyncio.create_task(self._check(transport), name="check how it is set up"))
            if self._operations.serves:
                looking = self._every(self._operations.patience / 3, partial(self._look, own))
                self._tasks.append(asyncio.create_task(looking, name="look at the API server"))
            self._stack = stack.pop_all()
        logger.info("podbot answers %s as %s", self._settings.command, me.user)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop taking commands, finish or tell those that run, then close."""
        self._places.closing = True
        await self.slack.drain(self._settings.drain)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def _watch(self) -> None:
        """Let the measures read what is known here."""
        self._operations.watch(self._clock, self.slack.load, self.slack.way, lambda: self._state, lambda: self._adopted)

    def _condition(self) -> Condition:
        """Return how this replica is, as far as it is known here."""
        return Condition(started=bool(self._tasks), draining=self._places.closing, slack=self.slack.way())

    async def _look(self, own: Own) -> None:
        """Look whether the API server answers."""
        self._operations.pulse.looked(await look(own.version))

    async def _network(self, stack: AsyncExitStack) -> Transport:
        settings = self._settings
        transport = await open_transport(kubeconfig=settings.kubeconfig or None, context=settings.kube_context or None)
        stack.push_async_callback(transport.close)
        return transport

    def _bot(self, clusters: KubernetesClusters, own: Own) -> Bot:
        settings = self._settings
        places = self._places
        keys = tuple(key.get_secret_value() for key in settings.signing_keys)
        limits = Limits(
            read=settings.read_deadline, begin=settings.change_deadline, long=long_places(settings.commands_at_once)
        )
        return Bot(
            cluster=settings.cluster,
            commands=REGISTRY,
            chat=self.slack.chat,
            clusters=clusters,
            claims=own,
            clock=self._clock,
            policy=lambda: self._state,
            templates=lambda: self._templates.value,
            keys=keys,
            limits=limits,
            places=places,
            vitals=partial(self._vitals, own, places, limits),
            watches=KeptWatches(own.records, keys),
            record=self._operations.record,
            accounts=settings.accounts,
        )

    async def _vitals(self, own: Own, places: Places, limits: Limits) -> Vitals:
        """Take this replica's vitals, with one question to the API server."""
        return Vitals(
            version=version("podbot"),
            revision=self._settings.revision,
            replica=socket.gethostname(),
            started=self._started,
            cluster=self._settings.cluster,
            server=await look(own.version),
            slack=self.slack.way(),
            policy=Held(self._adopted, broken=bool(self._state.problem)),
            frozen=bool(self._state.policy.frozen),
            templates=len(self._templates.value),
            templates_broken=bool(self._templates.problem),
            load=replace(self.slack.load(), long=places.taken, most_long=limits.long),
        )

    async def _check(self, transport: Transport) -> None:
        """Log what `podbot check` would tell; podbot answers already, and does not depend on it."""
        from bot.checks import running  # noqa: PLC0415  # not before podbot answers, nor where it is switched off
        from bot.checks.gathering import SlackSide  # noqa: PLC0415  # as above

        async def connected() -> None:
            if not self.slack.connected():
                raise ChatError("the socket is not open")

        settings, policy, templates = self._settings, self._state.policy, self._templates.value
        slack = SlackSide(self.slack.inspection, connected, policy, self._clock)
        try:
            cluster = await running.cluster_side(settings, policy, templates, transport, self._clock)
            running.log(await running.examine(settings, policy, templates, slack, cluster))
        except Exception:
            logger.exception("the check at start failed")

    async def _poll(self, own: Own) -> None:
        """Read policy and templates again; a policy is adopted once its identities have been proven, as at start."""
        now = self._clock.now()
        for watched in (self._policy, self._templates):
            watched.poll(now)
            if watched.problem:
                logger.error("an edit is not used: %s", watched.problem)
        state = self._policy.state
        if state.policy is not self._state.policy:
            try:
                await check_identities(own, state.policy, self._settings.accounts)
            except NotSetUp as error:
                logger.error("an edit is not used: %s", error)  # noqa: TRY400  # the message says it all
                state = PolicyState(self._state.policy, str(error), self._state.broken_since or now)
            else:
                self._adopted = now
        self._state = state
        for file, problem in (("policy", state.problem), ("templates", self._templates.problem)):
            if problem:
                self._operations.reload_failed(file)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` for ever; what fails is logged and tried again the next time."""
        while True:
            await self._clock.sleep(seconds)
            try:
                await work()
            except ClusterError as error:
                logger.warning("%s: %s", type(error).__name__, error)
            except Exception:
                logger.exception("unexpected, and tried again in %.0f s", seconds)


def slack_room(settings: Settings, clock: Clock, meter: Meter) -> Slack:
    """Return the Slack room that the settings ask for, not yet started."""
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    return Slack(
        bot_token=settings.slack_bot_token.get_secret_value(),
        clock=clock,
        app_token=app_token.get_secret_value() if app_token else None,
        signing_secret=secret.get_secret_value() if secret else None,
        base_url=settings.slack_api_url,
        command=settings.command,
        host=settings.listen_host,
        port=settings.listen_port,
        at_once=settings.commands_at_once,
        waiting=settings.commands_waiting,
        meter=meter,
    )


def long_places(at_once: int) -> int:
    """Return how many of the commands that run at once may take long: half at most, for a press of Stop needs room."""
    return max(1, min(Limits().long, at_once // 2))


async def look(ask: Callable[[], Awaitable[str]]) -> Server:
    """Ask the API server for its version, and say in words of podbot's own what is wrong where it does not tell."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            told = await ask()
    except (Unreachable, TooSlow, TimeoutError):
        return Server(trouble="cannot be reached")
    except Unauthenticated:
        return Server(trouble="does not accept podbot's own credentials")
    except ClusterError:
        return Server(trouble="answers with an error")
    return Server(told, time.perf_counter() - began)


class Impersonator(Protocol):
    """What `check_identities` needs of `bot.kube.own.Own`."""

    async def canary(self, identity: Identity | Account) -> None:
        """Raise `NotSetUp` unless a request as `identity` is taken for exactly that."""

    async def holds_legacy(self, user: str) -> bool:
        """Whether the bot may impersonate `user` by the legacy verb."""


async def check_identities(own: Impersonator, policy: Policy, accounts: str) -> None:
    """Prove at start that the API server takes requests as each tier for that tier's, and people for people's.

    `accounts` is as in `of_tier`. Raises `NotSetUp`: for a right that is missing, and for people under legacy
    impersonation, which would lend podbot all of their rights everywhere.
    """
    extras = {f"{EXTRA_PREFIX}slack-team": (policy.team,)}
    for name, tier in policy.tiers.items():
        await own.canary(of_tier(name, tier.groups, extras, accounts))
    for person in policy.people.values():
        if await own.holds_legacy(person.user):
            raise NotSetUp(f"legacy impersonation of {person.user} is granted; people need the constrained kind")
        await own.canary(Identity(person.user, person.groups, extras))


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with App(settings):
        await stopping.wait()
        logger.info("stopping: no new commands, %.0f s for those that run", settings.drain)
