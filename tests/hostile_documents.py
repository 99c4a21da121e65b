"""Documents that somebody might send to do what they may not, or to do harm; and what podbot must say of each."""

from dataclasses import dataclass

_SPEC = "spec:\n  containers:\n  - {name: main, image: 'busybox:1.35', command: [sleep, '3600']}\n"


def pod(extra: str = "", metadata: str = "", head: str = "apiVersion: v1\nkind: Pod\n") -> str:
    """Return a Pod called `unwelcome`, with more in its spec (indented by two) and in its metadata (the same)."""
    return f"{head}metadata:\n  name: unwelcome\n{metadata}{_SPEC}{extra}"


def container(more: str) -> str:
    """Return a Pod whose container has more in it, in YAML's flow style."""
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: unwelcome}\n"
    return f"{head}spec: {{containers: [{{name: main, image: 'busybox:1.35', {more}}}]}}\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A document by name; `said` stands in the answer. `asks`: the server takes it, so that a press is needed."""

    name: str
    text: str
    said: str
    asks: bool = False


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = (
    Hostile("alias-bomb", _BOMB, "an anchor or an alias at line 1, column 4"),
    Hostile("anchor", pod("  nodeName: &x a\n"), "an anchor or an alias"),
    Hostile("alias-to-itself", "&a [*a]", "an anchor or an alias"),
    Hostile("merge-key", pod("  <<: {hostNetwork: true}\n"), "a merge key"),
    Hostile("python-tag", "!!python/object/apply:os.system ['true']", "a tag at line 1"),
    Hostile("python-name", pod("  hostname: !!python/name:os.system ''\n"), "a tag"),
    Hostile("binary-tag", pod("  hostname: !!binary aGk=\n"), "a tag"),
    Hostile("set-tag", pod("  nodeSelector: !!set {a}\n"), "a tag"),
    Hostile("own-tag", "%TAG ! tag:evil,2000:\n---\n" + pod(), "line 1 of the YAML begins with %"),
    Hostile("deep", "a: " + "[" * 5000, "more than 32 levels deep"),
    Hostile("deep-blocks", "- " * 5000, "more than 32 levels deep"),
    Hostile("many-values", pod("  hostAliases: [" + "a," * 9000 + "a]\n"), "more than 4,000 values"),
    Hostile("huge", pod("  hostname: " + "a" * 25_000 + "\n"), "longer than 20,000 bytes"),
    Hostile("two-documents", pod() + "---\n" + pod(), "several documents"),
    Hostile("key-twice", pod("  hostname: a\n  hostname: b\n"), "a key that is there twice"),
    Hostile("spec-twice", pod() + "spec: {hostNetwork: true}\n", "a key that is there twice"),
    Hostile("json-key-twice", '{"apiVersion": "v1", "kind": "Deployment", "kind": "Pod"}', "a key that is there twice"),
    Hostile("key-of-a-list", "? [a, b]\n: c\n", "a key that is not text"),
    Hostile("infinity", pod("  priority: .inf\n"), "infinity"),
    Hostile("half-a-character", pod('  hostname: "\\ud800"\n'), "half a character"),
    Hostile("no-character", pod('  hostname: "\\UFFFFFFFF"\n'), "can't be read"),
    Hostile("control-character", pod("  hostname: a\x1b[2Jb\n"), "can't be read"),
    Hostile("no-yaml", "kind: Pod: Secret", "can't be read at line 1, column 10"),
    Hostile("nothing", "# nothing\n", "is empty"),
    Hostile("text", "rm -rf /", "not a mapping"),
    Hostile("list-of-pods", "- kind: Pod\n", "not a mapping"),
    Hostile("list", "apiVersion: v1\nkind: List\nitems: []\n", "is a List"),
    Hostile("pod-list", "apiVersion: v1\nkind: PodList\nitems: []\n", "is a List"),
    Hostile("secret", pod(head="apiVersion: v1\nkind: Secret\n"), "kind is “Secret”"),
    Hostile(
        "cluster-role-binding",
        pod(head="apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"),
        "kind is “ClusterRoleBinding”",
    ),
    Hostile("deployment", pod(head="apiVersion: apps/v1\nkind: Deployment\n"), "kind is “Deployment”"),
    Hostile("kind-of-another-case", pod(head="apiVersion: v1\nkind: pod\n"), "kind is “pod”"),
    Hostile("no-kind", pod(head="apiVersion: v1\n"), "kind is missing"),
    Hostile("other-version", pod(head="apiVersion: v2\nkind: Pod\n"), "apiVersion is “v2”"),
    Hostile("other-namespace", pod(metadata="  namespace: kube-system\n"), "for namespace “kube-system”"),
    Hostile(
        "generated-name", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: unwelcome}\n" + _SPEC, "generateName"
    ),
    Hostile("no-name", "apiVersion: v1\nkind: Pod\n" + _SPEC, "no metadata.name"),
    Hostile("name-with-a-path", pod().replace("name: unwelcome", "name: ../../secrets/unwelcome"), "not a pod name"),
    Hostile(
        "owner",
        pod(metadata="  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: x}]\n"),
        "ownerReferences would put the pod under the control",
    ),
    Hostile("finalizer", pod(metadata="  finalizers: [example.com/never]\n"), "finalizers would keep the pod"),
    Hostile("reserved-label", pod(metadata="  labels: {kubernetes.io/hostname: a}\n"), "is reserved"),
    Hostile("podbots-label", pod(metadata="  labels: {app.kubernetes.io/managed-by: helm}\n"), "is reserved"),
    Hostile("podbots-annotation", pod(metadata="  annotations: {podbot.io/created-by: T1/U1/C1}\n"), "is reserved"),
    Hostile("no-spec", "apiVersion: v1\nkind: Pod\nmetadata: {name: unwelcome}\n", "no spec"),
    Hostile(
        "spec-is-text", "apiVersion: v1\nkind: Pod\nmetadata: {name: unwelcome}\nspec: all\n", "spec is not a mapping"
    ),
    Hostile("unknown-field", pod("  hostnetwork: true\n"), "spec.hostnetwork"),
    Hostile("unknown-field-above", pod() + "items: []\n", "items"),
    Hostile(
        "no-containers",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: unwelcome}\nspec: {restartPolicy: Never}\n",
        "containers",
    ),
    Hostile("number-for-text", pod("  hostname: 0777\n"), "hostname"),
    Hostile("text-for-truth", pod('  hostNetwork: "true"\n'), "hostNetwork"),
)

ASKED = (
    Hostile("host-network", pod("  hostNetwork: yes\n"), "hostNetwork", asks=True),
    Hostile("host-processes", pod("  hostPID: on\n"), "hostPID", asks=True),
    Hostile("host-ipc", pod("  hostIPC: TRUE\n"), "hostIPC", asks=True),
    Hostile("host-path", pod("  volumes: [{name: root, hostPath: {path: /}}]\n"), "hostPath /", asks=True),
    Hostile("host-port", container("ports: [{containerPort: 80, hostPort: 31999}]"), "hostPort 31999", asks=True),
    Hostile("privileged", container("securityContext: {privileged: true}"), "privileged container main", asks=True),
    Hostile(
        "capability",
        container("securityContext: {capabilities: {add: [SYS_ADMIN]}}"),
        "capability SYS_ADMIN",
        asks=True,
    ),
    Hostile(
        "unconfined",
        container("securityContext: {seccompProfile: {type: Unconfined}}"),
        "seccompProfile Unconfined main",
        asks=True,
    ),
    Hostile("node", pod("  nodeName: nowhere\n"), "nodeName nowhere, past the scheduler", asks=True),
    Hostile("secret-volume", pod("  volumes: [{name: s, secret: {secretName: root}}]\n"), "Secrets: root", asks=True),
    Hostile(
        "secret-variable",
        container("env: [{name: X, valueFrom: {secretKeyRef: {name: root, key: k}}}]"),
        "Secrets: root",
        asks=True,
    ),
    Hostile("pull-secret", pod("  imagePullSecrets: [{name: registry}]\n"), "Secrets: registry", asks=True),
    Hostile(
        "claim", pod("  volumes: [{name: c, persistentVolumeClaim: {claimName: data}}]\n"), "claims: data", asks=True
    ),
    Hostile(
        "file-server", pod("  volumes: [{name: far, nfs: {server: files, path: /all}}]\n"), "nfs files /all", asks=True
    ),
    Hostile(
        "kubelets-request",
        container("livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}}"),
        "requests of its kubelet to 169.254.169.254",
        asks=True,
    ),
)
