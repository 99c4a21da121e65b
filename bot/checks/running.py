"""Running the checks: by `podbot check`, with clients of their own, and once podbot has started, with podbot's."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import TypeVar

from bot import logs
from bot.checks.examining import Judged, judged
from bot.checks.facts import ClusterFacts, Facts
from bot.checks.findings import Level
from bot.checks.gathering import SECONDS, ClusterSide, SlackSide, cluster_facts, slack_facts
from bot.checks.looking import look
from bot.checks.report import line, summary
from bot.core.errors import PodbotError
from bot.core.names import Namespace
from bot.core.ports import Clock
from bot.core.wire import Transport
from bot.kube.clusters import KubernetesClusters
from bot.kube.credentials import open_transport
from bot.kube.own import Own
from bot.slack.client import new_session, web_client
from bot.slack.inspection import Inspection
from config.errors import ConfigError
from config.policy import Policy, load_policy
from config.settings import Settings, load_settings
from config.templates import Template, load_templates

logger = logging.getLogger("podbot.checks")

Loaded = TypeVar("Loaded")

_LOUD = {Level.WARNING: logging.WARNING, Level.FAILURE: logging.ERROR}


async def check(environment: Mapping[str, str], clock: Clock) -> list[Judged]:
    """Check what podbot would be started with; whatever is wrong is a finding, and nothing is raised."""
    settings = _loaded(partial(load_settings, environment))
    if isinstance(settings, ConfigError):
        return list(judged(Facts(settings, settings, settings)))
    logs.never_tell(settings.secrets)
    policy = _loaded(partial(load_policy, settings.policy, people=not settings.accounts))
    templates = _loaded(partial(load_templates, settings.templates))
    async with AsyncExitStack() as stack:
        slack = _slack_side(settings, _good(policy), clock, stack)
        transport = await look(lambda: _transport(settings, stack), SECONDS)
        if isinstance(transport, PodbotError):
            seen = ClusterFacts(transport)
            return list(judged(Facts(settings, policy, templates, await slack_facts(slack), seen)))
        cluster = await cluster_side(settings, _good(policy), _good(templates) or {}, transport, clock)
        return await examine(settings, policy, templates, slack, cluster)


async def examine(
    settings: Settings,
    policy: Policy | ConfigError,
    templates: Mapping[str, Template] | ConfigError,
    slack: SlackSide,
    cluster: ClusterSide,
) -> list[Judged]:
    """Ask both sides at once, and judge what they said."""
    seen = await asyncio.gather(slack_facts(slack), cluster_facts(cluster))
    return list(judged(Facts(settings, policy, templates, *seen)))


async def cluster_side(
    settings: Settings,
    policy: Policy | None,
    templates: Mapping[str, Template],
    transport: Transport,
    clock: Clock,
) -> ClusterSide:
    """Return what to ask the cluster with; podbot's own user tells its own 403s from a tier's."""
    home = Namespace(settings.namespace)
    own = Own(transport, home, clock, _never_tell)
    me = await look(own.who, SECONDS)
    own_user = "" if isinstance(me, PodbotError) else me.user
    clusters = KubernetesClusters(settings.cluster, transport, own_user, own.tokens)
    return ClusterSide(settings.cluster, home, policy, templates, own, clusters, clock, settings.accounts)


def _never_tell(secrets: Sequence[str], user: str) -> None:
    """Mask tokens that the check asks for beside those of podbot that answers, which has others of the same users."""
    logs.never_tell(secrets, f"{user}, checked")


def log(found: list[Judged]) -> None:
    """Log warnings and failures, a line each, and how many findings there are in all."""
    for one in found:
        for finding in one.findings:
            if finding.level in _LOUD:
                logger.log(_LOUD[finding.level], "check: %s", line(one, finding))
    logger.info("check: %s", summary(found))


def _slack_side(settings: Settings, policy: Policy | None, clock: Clock, stack: AsyncExitStack) -> SlackSide:
    client = web_client(settings.slack_api_url, clock, settings.slack_bot_token.get_secret_value())
    client.session = new_session()
    stack.push_async_callback(client.session.close)
    inspection, app_token = Inspection(client), settings.slack_app_token

    async def connect() -> None:
        if app_token:
            await inspection.connection(app_token.get_secret_value())

    return SlackSide(inspection, connect, policy, clock)


async def _transport(settings: Settings, stack: AsyncExitStack) -> Transport:
    transport = await open_transport(kubeconfig=settings.kubeconfig or None, context=settings.kube_context or None)
    stack.push_async_callback(transport.close)
    return transport


def _loaded(load: Callable[[], Loaded]) -> Loaded | ConfigError:
    try:
        return load()
    except ConfigError as error:
        return error


def _good(loaded: Loaded | ConfigError) -> Loaded | None:
    return None if isinstance(loaded, ConfigError) else loaded
