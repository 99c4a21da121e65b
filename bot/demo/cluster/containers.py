"""Logs of and commands in a container: which one is meant, and what the kubelet refuses.

Sources: https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go and
https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go.
"""

import json
from http import HTTPStatus

from bot.core.reading import objects
from bot.core.resources import Json
from bot.demo.cluster import programs
from bot.demo.cluster.answers import Answer, Session, plain
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.keeping import environment
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.logs import Options
from bot.demo.cluster.programs import NoSuchProgramError, Outcome
from bot.demo.cluster.runtime import Runtime
from bot.demo.cluster.status import bad_request

_STDOUT, _STDERR, _STATUS = b"\x01", b"\x02", b"\x03"
_PULLS = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}


def container_of(pod: Json, asked: Asked) -> str:
    """Return the container that is meant, or raise the server's 400."""
    name, named = pod["metadata"]["name"], asked.option("container")
    mains = [one["name"] for one in objects(pod["spec"]["containers"])]
    inits, ephemerals = (
        [one["name"] for one in objects(pod["spec"].get(key))] for key in ("initContainers", "ephemeralContainers")
    )
    every = [*inits, *mains, *ephemerals]
    if named and named not in every:
        raise bad_request(f"container {named} is not valid for pod {name}")
    if not named and len(mains) > 1:
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{' '.join(every)}]")
    return named or str(mains[0])


def log(kubelet: Kubelet, pod: Json, asked: Asked) -> Answer:
    """Answer with a container's log; a followed one goes on as long as its run, and its pod, do."""
    options = Options.of(asked)
    name = container_of(pod, asked)
    if not pod["spec"].get("nodeName"):
        return Answer(HTTPStatus.NO_CONTENT)
    runtime = kubelet.life(pod).container(name)
    back = _run_back(pod, runtime, previous=options.previous)
    node = kubelet.node
    uid, now = pod["metadata"]["uid"], node.timeline.now
    if options.follow:

        def goes_on() -> bool:
            return runtime.running and kubelet.is_there(pod)

        stream = node.logs.follow(uid, name, options, back=back, now=now, goes_on=goes_on)
        return Answer(HTTPStatus.OK, content="text/plain", stream=stream)
    said = node.logs.read(uid, name, options, back=back, now=now)
    return Answer(HTTPStatus.OK, said, "text/plain")


def execute(kubelet: Kubelet, pod: Json, asked: Asked) -> Answer:
    """Answer with an opened session, or with what a container that does not run is answered with."""
    name = container_of(pod, asked)
    if not pod["spec"].get("nodeName"):
        raise bad_request(f"pod {asked.name} does not have a host assigned")
    if "websocket" not in asked.header("Upgrade").lower():
        raise bad_request("Upgrade request required")
    if not any(asked.flag(stream) for stream in ("stdin", "stdout", "stderr")):
        return plain(HTTPStatus.BAD_REQUEST, "you must specify at least 1 of stdin, stdout, stderr")
    runtime = kubelet.life(pod).container(name)
    if not runtime.running:
        return plain(HTTPStatus.INTERNAL_SERVER_ERROR, f'container not found ("{name}")')
    return Answer(HTTPStatus.SWITCHING_PROTOCOLS, session=_session(kubelet, pod, runtime, asked))


def _run_back(pod: Json, runtime: Runtime, *, previous: bool) -> int:
    """Return how many runs before the latest one the asked log is."""
    waits = "waiting" in runtime.state or not runtime.state
    title = f'container "{runtime.name}" in pod "{pod["metadata"]["name"]}"'
    if previous and "terminated" not in runtime.last:
        raise bad_request(f"previous terminated {title} not found")
    if waits and "terminated" not in runtime.last:
        reason = runtime.state.get("waiting", {}).get("reason", "ContainerCreating")
        raise bad_request(f"{title} is waiting to start: {_PULLS.get(reason, reason)}")
    return 1 if previous and not waits else 0


def _session(kubelet: Kubelet, pod: Json, runtime: Runtime, asked: Asked) -> Session:
    command = list(asked.options("command"))
    try:
        outcome = programs.run(command or [""], environment(pod, runtime.spec), kubelet.node.timeline.now)
    except NoSuchProgramError as error:
        return Session((_STDOUT,), _STATUS + json.dumps(_not_run(str(error))).encode())
    said = (_STDOUT + outcome.stdout, _STDERR + outcome.stderr)
    frames = tuple(frame for frame in said if len(frame) > 1)
    seconds = None if outcome.code is None else outcome.seconds
    return Session((_STDOUT, *frames), _STATUS + json.dumps(_ending(outcome)).encode(), seconds)


def _ending(outcome: Outcome) -> Json:
    if not outcome.code:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: command terminated with exit code {outcome.code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(outcome.code)}]},
    }


def _not_run(program: str) -> Json:
    missing = f"stat {program}: no such file or directory" if "/" in program else "executable file not found in $PATH"
    why = f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{program}": {missing}'
    message = f"Internal error occurred: error executing command in container: {why}"
    return {
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": "InternalError",
        "details": {"causes": [{"message": message}]},
        "code": HTTPStatus.INTERNAL_SERVER_ERROR,
    }
