"""One replica's part in watching: whether it is its turn, and then, again and again, one look at everything."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from bot.core.book import Book, Changes, Overtaken, Texts, ended, read, removed, resigned
from bot.core.errors import ClusterError, Declined
from bot.core.incidents import adopted
from bot.core.tellings import Telling
from bot.core.watches import Watch, granted
from bot.watching.desk import Desk, Message, Term
from bot.watching.faults import Faults
from bot.watching.looking import Looker
from bot.watching.opening import observe
from bot.watching.telling import edit_some, post_all, prove_all

logger = logging.getLogger("podbot")

_PARTING = 3.0  # seconds to let the lease go


class Watcher:
    """Runs in every replica; the one that holds the lease has a term, the others wait for theirs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._term: Term | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._lookers: dict[str, Looker] = {}
        self._said = ""
        self._strange: tuple[str, ...] = ()

    async def run(self) -> None:
        """Go on for ever; what fails is tried again. Cancelled, it lets another replica take over at once."""
        try:
            while True:
                await self._desk.bot.clock.sleep(await self._turned())
        finally:
            await self._leave()

    async def stop(self) -> None:
        """Stop looking, and let nobody know: the lease runs out."""
        self._term = None
        lookers, self._lookers = self._lookers, {}
        if self._renewing:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        for looker in lookers.values():
            await looker.end()

    async def _turned(self) -> float:
        try:
            pause = await self._turn()
        except Overtaken:
            logger.warning("another replica watches as well, so this one begins anew")
            await self.stop()
        except ClusterError as error:
            self._say(f"{type(error).__name__}: {error}")
        except Exception:
            logger.exception("watching failed unexpectedly, and goes on")
        else:
            self._said = ""
            return pause
        return self._desk.pace.turn

    def _say(self, trouble: str) -> None:
        """Log what is wrong, once for as long as it stays so: it may be a right that nobody has given yet."""
        if trouble != self._said:
            logger.warning("watching is tried again and again: %s", trouble)
        self._said = trouble

    def _say_strange(self, book: Book) -> None:
        """Log what is passed over, once for as long as it stays so: somebody may miss a watch."""
        if book.strange != self._strange and book.strange:
            logger.warning("no key of SIGNING_KEYS has signed, so it is passed over: %s", ", ".join(book.strange))
        self._strange = book.strange

    async def _turn(self) -> float:
        """Take one look, if it is this replica's turn; return the seconds until the next."""
        texts, keys = await self._desk.records.read(), self._desk.bot.keys
        book = read(texts, keys)
        self._say_strange(book)
        if not book.watches and not book.tellings:
            await self._leave()
            return self._desk.pace.idle
        term = await self._leading()
        if term:
            self._adopt(term, book)
            await self._work(term, book)
            if resigned(texts, keys):  # last, for where that fails nothing else must
                await self._desk.records.change(lambda found: resigned(found, keys))
        return self._desk.pace.turn

    async def _leading(self) -> Term | None:
        """Return this replica's term, begun now where nobody else has one."""
        now = self._desk.now
        if self._term and self._term.left(now) > 0:
            return self._term
        await self.stop()
        until = await self._desk.lead.hold()
        if until is None:
            return None
        self._term = Term(now, until, Faults(self._desk.bot.clock, self._desk.pace.failed))
        self._renewing = asyncio.create_task(self._renew(self._term), name="renew the watching lease")
        logger.info("this replica watches now")
        return self._term

    async def _renew(self, term: Term) -> None:
        """Keep the lease until another replica has it; while that can't be asked, the term runs out by itself."""
        is_told = False
        while True:
            await self._desk.bot.clock.sleep(self._desk.pace.renew)
            try:
                until = await self._desk.lead.hold()
            except ClusterError as error:
                if not is_told:
                    logger.warning("the watching lease was not renewed, and is tried again and again: %s", error)
                is_told = True
                continue
            is_told = False
            term.until = until or self._desk.now
            if until is None:
                return

    async def _leave(self) -> None:
        """Stop looking, and let go of the lease."""
        had_term = self._term is not None
        await self.stop()
        if had_term:
            with suppress(ClusterError, TimeoutError):
                async with asyncio.timeout(_PARTING):
                    await self._desk.lead.release()

    def _adopt(self, term: Term, book: Book) -> None:
        """Take over what another replica, or this one in an earlier term, has told or was about to tell."""
        for key, telling in book.tellings.items():
            if key not in term.messages:
                incidents = tuple(adopted(one, self._desk.now) for one in telling.incidents)
                term.messages[key] = Message(replace(telling, incidents=incidents), kept=telling)

    async def _work(self, term: Term, book: Book) -> None:
        watched = await self._followed(term, book)
        for key in set(self._lookers) - watched:
            await self._lookers.pop(key).end()
        for key, looker in tuple(self._lookers.items()):
            if not term.faults.rests(key):
                with term.faults.alone(key, looker.watch):
                    await observe(self._desk, term, looker)
        for watch in await post_all(self._desk, term, watched):
            with term.faults.alone(watch.key, watch):
                await self._dropped(watch)
        await prove_all(self._desk, term, self._lookers)
        await edit_some(self._desk, term, watched)
        term.faults.only({*book.watches, *term.messages})

    async def _followed(self, term: Term, book: Book) -> frozenset[str]:
        """Have a looker for each watch that the policy grants and Kubernetes allows; end the others."""
        followed = set()
        for key, watch in book.watches.items():
            why = await self._why_not(watch)
            if not why:
                followed.add(key)
            elif not term.faults.rests(key):
                with term.faults.alone(key, watch):
                    await self._ended(term, watch, why)
        return frozenset(followed)

    async def _why_not(self, watch: Watch) -> str:
        """Look after a watch; return why it must end, or nothing."""
        grant = granted(self._desk.bot.policy().policy, watch, self._desk.bot.cluster, self._desk.bot.accounts)
        looker = self._lookers.get(watch.key)
        if grant is None:
            return "the policy grants this channel its pods no longer."
        if looker and (looker.grant != grant or looker.watch != watch or looker.task.done()):
            await self._lookers.pop(watch.key).end()
            looker = None
        if looker is None:
            self._lookers[watch.key] = Looker.begun(self._desk, watch, grant)
        elif looker.is_refused:
            return f"Kubernetes lets {grant.tiers_user} list and watch its pods no longer."
        return ""

    async def _ended(self, term: Term, watch: Watch, why: str) -> None:
        """End a watch and have that told, once whoever ends it."""
        telling = Telling.of_end(watch, why, self._desk.now)
        wrote = False

        def decide(texts: Texts) -> Changes:
            nonlocal wrote
            changes = ended(texts, watch, telling, self._desk.bot.keys)
            wrote = wrote or bool(changes)
            return changes

        await self._desk.records.change(decide)
        if wrote:
            term.messages[telling.key] = Message(telling, kept=telling, is_new=True)

    async def _dropped(self, watch: Watch) -> None:
        """End a watch that nobody can be told of."""
        with suppress(Declined):
            await self._desk.records.change(lambda texts: removed(texts, watch))
