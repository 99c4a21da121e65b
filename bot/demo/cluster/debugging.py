"""Ephemeral containers, which `kubectl debug` adds to a pod that runs.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go.
"""

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import bodies, kinds
from bot.demo.cluster.answers import Answer, answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.defaults import container_defaults
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.patches import patched
from bot.demo.cluster.status import invalid, prohibited

_KEY = "ephemeralContainers"


def serve(kubelet: Kubelet, asked: Asked) -> Answer:
    """Answer with the pod, or add ephemeral containers to it; what else a patch changes is left as it is."""
    store = kubelet.node.store
    before = store.get(kinds.PODS, asked.namespace, asked.name)
    if asked.verb == "get":
        return answer(before)
    bodies.check_level(asked, "PatchOptions")
    after = patched(before, asked.header("Content-Type"), asked.request.body)
    known, wanted = _ephemerals(before), _ephemerals(after)
    for name in known:
        if name not in wanted:
            why = f'existing ephemeral containers "{name}" may not be removed\n'
            raise invalid("Pod", asked.name, [prohibited(f"spec.{_KEY}", why)])
    new = [container_defaults(one) for name, one in wanted.items() if name not in known]
    spec = {**before["spec"], _KEY: [*known.values(), *new]}
    stored = store.replace(kinds.PODS, {**before, "spec": spec})
    for one in new:
        kubelet.life(stored).debug(one)
    return answer(stored)


def _ephemerals(pod: Json) -> dict[str, Json]:
    return {str(one.get("name")): one for one in objects(mapping(pod.get("spec")).get(_KEY))}
