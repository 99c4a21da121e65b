"""The whole simulated cluster: one `respond` for every request, and a clock that everything in it lives by."""

from collections import deque
from collections.abc import Collection, Mapping
from random import Random

from bot.core.ports import Clock
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster import asked as requests
from bot.demo.cluster import impersonation, kinds, rbac, users
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.api import Api
from bot.demo.cluster.auditing import Entry, entry
from bot.demo.cluster.changes import Changes
from bot.demo.cluster.collecting import Collector
from bot.demo.cluster.controllers import Controllers
from bot.demo.cluster.creating import Creator
from bot.demo.cluster.deletions import Deletions
from bot.demo.cluster.events import Events
from bot.demo.cluster.furnishing import furniture
from bot.demo.cluster.kinds import KINDS
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.listening import Handler
from bot.demo.cluster.logs import Logs
from bot.demo.cluster.namespaces import Namespaces
from bot.demo.cluster.node import IMAGES, Node
from bot.demo.cluster.provisioning import Provisioner
from bot.demo.cluster.replicas import Replicas
from bot.demo.cluster.status import StatusError
from bot.demo.cluster.store import HISTORY, Store
from bot.demo.cluster.timeline import Timeline
from bot.demo.cluster.usage import Usage
from bot.demo.cluster.users import User


class Simulation:
    """A cluster of one node with room for `cpu` and `memory`; `tokens` say who may sign in.

    The same seed gives the same UIDs and suffixes. `audit` holds every request, or the last `kept`, and as many changes
    are remembered. Whatever happens by itself has happened up to the clock's time when a request is answered. Nothing
    serves the metrics API until `metrics` is set; then it has the PodMetrics that were created.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        tokens: Mapping[str, User] | None = None,
        seed: int = 0,
        images: Collection[str] = IMAGES,
        cpu: str = "4",
        memory: str = "8Gi",
        kept: int | None = None,
    ) -> None:
        self.clock = clock
        self.tokens: dict[str, User] = dict(tokens or {})
        self.audit: deque[Entry] = deque(maxlen=kept)
        self._settled = 0
        timeline = Timeline(clock.now())
        self.store = Store(Random(seed), lambda: timeline.now, kept or HISTORY)  # noqa: S311  # reproducible, and no secret
        usage = Usage(self.store)
        node = Node(self.store, usage, timeline, Events(self.store, timeline), Logs(), images)
        self._kubelet = Kubelet(node)
        self._creator = Creator(self._kubelet)
        deletions = Deletions(self._kubelet)
        collector = Collector(self.store, deletions)
        self._controllers = Controllers(
            self.store,
            Provisioner(node, deletions),
            collector,
            Namespaces(self.store, deletions),
            Replicas(self._kubelet, self._creator),
        )
        changes = Changes(self._kubelet, self._creator, deletions, collector)
        self._api = Api(self._kubelet, changes, self.clock, self._token)
        for kind, item in furniture(cpu, memory):
            self._creator.make(kind, "", item)
        self.settle()

    @property
    def metrics(self) -> bool:
        """Whether the metrics API is served."""
        return self._api.metrics

    @metrics.setter
    def metrics(self, served: bool) -> None:
        self._api.metrics = served

    def settle(self) -> None:
        """Let everything happen that is due by now, or that what has changed since brings about."""
        version = self.store.version
        changed = version != self._settled
        if self._kubelet.node.timeline.run(self.clock.now(), wake=changed) or changed:
            self._controllers.reconcile()
        self._settled = version

    def respond(self, request: Request) -> Answer:
        """Answer a request as the API server does."""
        self.settle()
        sender = target = None
        try:
            asked = requests.read(request)
            sender = users.authenticate(asked, self.tokens)
            wanted = impersonation.wanted(asked)
            if wanted is not None:
                target = impersonation.impersonate(self.store, asked, sender, wanted)
            user = target or sender
            for right in rbac.rights(asked, user):
                rbac.authorize(self.store, right)
            given = self._api.serve(asked, user)
        except StatusError as error:
            given = error.answer()
        self.audit.append(entry(asked, sender, target, given.status))
        self.settle()
        return given

    def apply(self, *items: Json) -> None:
        """Create objects, or put others in their place, as an administrator does; each names its own namespace."""
        for item in items:
            group, _, version = str(item["apiVersion"]).rpartition("/")
            kind = next(
                one for one in KINDS.values() if (one.group, one.version, one.name) == (group, version, item["kind"])
            )
            metadata = item["metadata"]
            known = self.store.find(kind, metadata.get("namespace", ""), metadata["name"])
            if known is None:
                self._creator.make(kind, metadata.get("namespace", ""), item)
                self.settle()
            else:
                self.store.replace(kind, {**item, "metadata": {**known["metadata"], **metadata}})
        self.settle()

    def write_log(self, namespace: str, pod: str, container: str, said: bytes, *, previous: bool = False) -> None:
        """Add any bytes to a container's log; `previous` makes them the log of an earlier run, which ended."""
        self.settle()
        life = self._kubelet.life(self.store.get(kinds.PODS, namespace, pod))
        node, runtime = self._kubelet.node, life.container(container)
        if not previous:
            node.logs.write(life.uid, container, said, node.timeline.now)
            return
        node.logs.plant(life.uid, container, said, node.timeline.now)
        runtime.lost(node.timeline.now)
        life.publish()

    def serve(self, namespace: str, pod: str, port: int, handler: Handler) -> None:
        """Let something listen on a pod's port."""
        uid = self.store.get(kinds.PODS, namespace, pod)["metadata"]["uid"]
        self._kubelet.node.servers[uid, port] = handler

    def compact(self) -> None:
        """Forget the past, so that lists and watches that go on from it are answered with 410."""
        self.store.compact()

    def _token(self, account: Json) -> str:
        """Make a token that signs in as an account."""
        token, about = f"simulated-{self.store.uid()}", account["metadata"]
        self.tokens[token] = users.service_account(about["namespace"], about["name"], about["uid"])
        return token
