"""The whole simulated cluster: one `respond` for every request, and a clock that everything in it lives by."""

from collections import deque
from collections.abc import Collection, Mapping
from http import HTTPStatus
from random import Random

from bot.core.ports import Clock
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster import asked as requests
from bot.demo.cluster import impersonation, kinds, rbac, reviews, subresources, users
from bot.demo.cluster.answers import Answer, answer, plain
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.auditing import Entry, entry
from bot.demo.cluster.changes import Changes
from bot.demo.cluster.controllers import Controllers
from bot.demo.cluster.events import Events
from bot.demo.cluster.furnishing import furniture
from bot.demo.cluster.kinds import KINDS, STORED, Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.listening import Handler
from bot.demo.cluster.lists import Watch, page
from bot.demo.cluster.logs import Logs
from bot.demo.cluster.node import IMAGES, Node
from bot.demo.cluster.provisioning import Provisioner
from bot.demo.cluster.status import StatusError, no_such_resource, not_allowed
from bot.demo.cluster.store import HISTORY, Store
from bot.demo.cluster.tables import table
from bot.demo.cluster.timeline import Timeline
from bot.demo.cluster.users import User

_VERSION: Json = {
    "major": "1",
    "minor": "37",
    "gitVersion": "v1.37.1",
    "gitCommit": "0" * 40,
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


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
        self.metrics = False
        timeline = Timeline(clock.now())
        self.store = Store(Random(seed), lambda: timeline.now, kept or HISTORY)  # noqa: S311  # reproducible, and no secret
        node = Node(self.store, timeline, Events(self.store, timeline), Logs(), images)
        self._kubelet = Kubelet(node)
        self._controllers = Controllers(self._kubelet, Provisioner(node))
        self._changes = Changes(self.store, self._kubelet, self._controllers)
        for kind, item in furniture(cpu, memory):
            self._changes.make(kind, "", item)

    def settle(self) -> None:
        """Let everything happen that is due by now."""
        self._kubelet.node.timeline.run(self.clock.now())
        self._controllers.reconcile()

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
            given = self._serve(asked, user)
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
                self._changes.make(kind, metadata.get("namespace", ""), item)
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

    def _serve(self, asked: Asked, user: User) -> Answer:
        if not asked.resource:
            return self._path(asked)
        if not self._is_served(asked.group, asked.version):
            return _no_such_path()
        kind = KINDS.get((asked.group, asked.version, asked.resource))
        if kind is None or (asked.namespace and not kind.namespaced and kind is not kinds.NAMESPACES):
            raise no_such_resource()
        if kind is kinds.NAMESPACES:
            asked = Asked(asked.request, asked.verb, "", "v1", asked.resource, asked.subresource, "", asked.name)
        if kind in kinds.REVIEWS and asked.verb == "create":
            return reviews.reviewed(kind, self.store, user, asked, self.clock.now())
        if kind not in STORED:
            raise not_allowed()
        return self._subresource(kind, asked) if asked.subresource else self._object(kind, asked)

    def _is_served(self, group: str, version: str) -> bool:
        if group == kinds.POD_METRICS.group and not self.metrics:
            return False
        return any((one.group, one.version) == (group, version) for one in KINDS.values())

    def _path(self, asked: Asked) -> Answer:
        match asked.request.path.strip("/"):
            case "healthz" | "livez" | "readyz":
                return plain(HTTPStatus.OK, "ok")
            case "version":
                return answer(_VERSION)
        return _no_such_path()

    def _object(self, kind: Kind, asked: Asked) -> Answer:
        match asked.verb:
            case "get":
                return self._read(kind, asked, [self.store.get(kind, asked.namespace, asked.name)])
            case "list":
                return self._read(kind, asked, None)
            case "watch":
                return Answer(HTTPStatus.OK, stream=Watch(self.store, kind, asked, self.clock.now))
            case "create" if not asked.name:
                return self._changes.create(kind, asked)
            case "patch":
                return self._changes.patch(kind, asked)
            case "delete":
                return self._changes.delete(kind, asked)
        raise not_allowed()

    def _read(self, kind: Kind, asked: Asked, found: list[Json] | None) -> Answer:
        if "as=Table" not in asked.header("Accept"):
            if found is not None:
                return answer(found[0])
            part = page(self.store, kind, asked)
            items = [{key: one[key] for key in one if key not in ("kind", "apiVersion")} for one in part.items]
            listed = {"kind": f"{kind.name}List", "apiVersion": kind.api_version, "metadata": part.metadata}
            return answer({**listed, "items": items})
        metadata: Json = {}
        if found is None:
            part = page(self.store, kind, asked)
            found, metadata = list(part.items), part.metadata
        return answer(table(kind, found, metadata, asked.option("includeObject"), self.clock.now()))

    def _subresource(self, kind: Kind, asked: Asked) -> Answer:
        if kind is kinds.ACCOUNTS and asked.subresource == "token" and asked.verb == "create":
            return self._token(asked)
        if kind is not kinds.PODS:
            raise no_such_resource()
        return subresources.serve(self._kubelet, self._changes, asked)

    def _token(self, asked: Asked) -> Answer:
        account = self.store.get(kinds.ACCOUNTS, asked.namespace, asked.name)
        token = f"simulated-{self.store.uid()}"
        self.tokens[token] = users.service_account(asked.namespace, asked.name, account["metadata"]["uid"])
        return reviews.token(asked, token, self.clock.now())


def _no_such_path() -> Answer:
    return plain(HTTPStatus.NOT_FOUND, "404 page not found\n")
