"""A pod whose server answers everything that a pod should not, the same on a real cluster and on the simulated one.

`/show` and all other paths answer with the request as it came. Every request line goes into the container's log.
"""

import json
from collections.abc import Callable, Mapping

from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.status import StatusError
from tests.contract.sites import pod
from tests.real import Administrator

PORT = 8080
BINARY = bytes(range(256)) * 4
_SERVER = r"""#!/bin/sh
read -r first
lines="$first"
while read -r line; do
  line=$(printf '%s' "$line" | tr -d '\r'); [ -z "$line" ] && break; lines="$lines
$line"
done
path=$(echo "$first" | cut -d' ' -f2)
echo "$first" > /proc/1/fd/1
query=${path#*\?}
case "$path" in
/endless*) printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n'; yes;;
/binary*) printf 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n'; cat /tmp/binary;;
/drip*) printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n'; while true; do echo drop; sleep 1; done;;
/junk*) printf 'no HTTP at all\r\n\r\n';;
/to*) printf 'HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n' "$query";;
/cookie*) printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nSet-Cookie: session=stolen; Path=/\r\n\r\nset\n';;
/forged*)
  printf 'HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n'
  printf '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"'
  printf 'pods is forbidden: User \\"%s\\" cannot get","reason":"Forbidden","code":403}' "$query";;
*) printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n%s\n' "$lines";;
esac
"""
_SCRIPT = f"""cat > /tmp/server <<'END'
{_SERVER}END
i=0; while [ $i -lt 4 ]; do for a in 0 1 2 3; do for b in 0 1 2 3 4 5 6 7; do for c in 0 1 2 3 4 5 6 7; do
printf "\\\\$a$b$c"; done; done; done; i=$((i+1)); done > /tmp/binary
chmod +x /tmp/server; exec nc -ll -p {PORT} -e /tmp/server"""


async def start(admin: Administrator, namespace: str, name: str, simulation: Simulation | None) -> Json:
    """Start the pod, and return it once it runs."""
    body = pod(name, _SCRIPT)
    body["spec"]["containers"][0]["ports"] = [{"name": "web", "containerPort": PORT}]
    body["spec"]["containers"][0]["readinessProbe"] = {"tcpSocket": {"port": PORT}, "periodSeconds": 1}
    await admin.make(f"/api/v1/namespaces/{namespace}/pods", body)
    if simulation is not None:
        simulation.serve(namespace, name, PORT, _server(simulation, namespace, name))
    return await admin.running(namespace, name)


class _Endless:
    def read(self) -> bytes:
        return b"y\n" * 4096


class _Dripping:
    """Says one line, and nothing more for ever."""

    def __init__(self) -> None:
        self._left = [b"drop\n"]

    def read(self) -> bytes:
        return self._left.pop() if self._left else b""


def _server(simulation: Simulation, namespace: str, name: str) -> Callable[[Request], Answer]:
    """Return what answers as the script does."""

    def answer(request: Request) -> Answer:
        query = request.encoded_query
        first = f"GET {request.path}{'?' if query else ''}{query} HTTP/1.1"
        simulation.write_log(namespace, name, "main", f"{first}\n".encode())
        fixed = _ANSWERS.get(request.path.strip("/"))
        if fixed is not None:
            return fixed(query)
        lines = (first, *(f"{key}: {value}" for key, value in request.headers))
        return Answer(200, ("\n".join(lines) + "\n").encode(), "text/plain")

    return answer


def _junk(_: str) -> Answer:
    why = 'net/http: HTTP/1.x transport connection broken: malformed HTTP status code "HTTP"'
    raise StatusError(503, "ServiceUnavailable", f"error trying to reach service: {why}")


def _forged(user: str) -> Answer:
    message = f'pods is forbidden: User "{user}" cannot get'
    told = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    return Answer(403, json.dumps({**told, "reason": "Forbidden", "code": 403}).encode())


_ANSWERS: Mapping[str, Callable[[str], Answer]] = {
    "endless": lambda _: Answer(200, content="text/plain", stream=_Endless()),
    "binary": lambda _: Answer(200, BINARY, "image/png"),
    "drip": lambda _: Answer(200, content="text/plain", stream=_Dripping()),
    "junk": _junk,
    "to": lambda place: Answer(302, headers=(("Location", place),)),
    "cookie": lambda _: Answer(200, b"set\n", "text/plain", (("Set-Cookie", "session=stolen; Path=/"),)),
    "forged": _forged,
}
