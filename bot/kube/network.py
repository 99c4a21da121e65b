"""The network's transport: the package's configured session, and nothing of its client beyond that.

aiohttp's own habits are switched off here: following redirects, keeping cookies, `~/.netrc`, sending a DELETE twice.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import quote, urlencode

import aiohttp
from kubernetes.aio.client import Configuration
from kubernetes.aio.client.rest import RESTClientObject
from kubernetes.aio.config import ConfigException
from yarl import URL

from bot.core.errors import ServerFault, TooSlow, Unauthenticated, Unreachable
from bot.core.wire import Rejected, Request

_CONNECT = 10.0  # seconds
_CLOSE = 2.0  # seconds
_CONNECTIONS = 400  # at once: more than all watches, followed logs and the calls of all commands take
_UPGRADED = 101
_MOST_OF_A_REJECTION = 64 * 1024


class NetworkTransport:
    """A `wire.Transport` to the server that `configuration` names; made inside a running event loop."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._session = _Sessions(configuration).open(_once)
        self._sockets = _SocketSessions(configuration).open(_upgraded)

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator["_Response"]:
        """Send a request and give its answer; errors are those of `wire.Transport`, and `Unauthenticated`."""
        headers = (*request.headers, *await self._authentication(request))
        timeout = aiohttp.ClientTimeout(
            connect=request.timeout, sock_connect=min(request.timeout, _CONNECT), sock_read=request.timeout
        )
        with _translated():
            response = await self._session.request(
                request.method,
                self._url(request),
                headers=headers,
                data=request.body or None,
                timeout=timeout,
                allow_redirects=False,
                auto_decompress=not request.verbatim,
                middlewares=(_at_most_once,) if request.verbatim else None,
                proxy=self._configuration.proxy,
                server_hostname=self._configuration.tls_server_name,
            )
        try:
            yield _Response(response)
        finally:
            response.release()  # what is unread closes the connection, what is read gives it back

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator["_Socket"]:
        """Open a websocket; a refusal is raised as `Rejected`."""
        headers = (*request.headers, *await self._authentication(request))
        with _translated():
            async with asyncio.timeout(request.timeout):
                socket = await self._sockets.ws_connect(
                    self._url(request),
                    headers=headers,
                    protocols=protocols,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE),
                    proxy=self._configuration.proxy,
                    server_hostname=self._configuration.tls_server_name,
                )
        try:
            yield _Socket(socket)
        finally:
            await socket.close()

    async def close(self) -> None:
        """Close idle connections."""
        await self._session.close()
        await self._sockets.close()

    def _url(self, request: Request) -> URL:
        query = request.encoded_query or urlencode(request.query, quote_via=quote)
        return URL(f"{self._configuration.host.rstrip('/')}{request.path}{query and f'?{query}'}", encoded=True)

    async def _authentication(self, request: Request) -> list[tuple[str, str]]:
        """Return the bot's own credentials, read afresh, for tokens in files and of plugins expire."""
        if request.signed:
            return []
        try:
            settings = await self._configuration.auth_settings()
        except (ConfigException, OSError) as error:
            raise Unauthenticated(f"podbot's own credentials cannot be read: {error}") from error
        bearer = settings.get("BearerToken")
        value = (bearer["value"] or "").strip() if bearer else ""  # token files end in a newline
        if not value.isprintable():
            raise Unauthenticated("podbot's own token holds characters that no header may hold")
        return [("Authorization", value)] if value else []


class _Sessions(RESTClientObject):
    """The package's way from a configuration to TLS, a pool and a session."""

    def open(self, middleware: aiohttp.ClientMiddlewareType) -> aiohttp.ClientSession:
        self.maxsize = _CONNECTIONS
        self.configuration.client_session_kwargs = {
            "cookie_jar": aiohttp.DummyCookieJar(),
            "middlewares": (middleware,),
            "timeout": aiohttp.ClientTimeout(sock_connect=_CONNECT),
            "trust_env": False,  # ~/.netrc would clash with the token; the proxy is chosen in credentials.py
        }
        return self._create_pool_manager()


class _SocketSessions(_Sessions):
    """For websockets: the API server hangs up after a refusal without saying so, which would spoil the next request."""

    def _create_connector(self) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(limit=self.maxsize, ssl=self.ssl_context, force_close=True)


class _Response:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}

    def chunks(self) -> "_Chunks":
        return _Chunks(self._response.content)


class _Chunks:
    """The body as it arrives: an iterator that, unlike a generator, leaves nothing to be closed."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content

    def __aiter__(self) -> "_Chunks":
        return self

    async def __anext__(self) -> bytes:
        with _translated():
            chunk = await self._content.readany()
        if not chunk:
            raise StopAsyncIteration
        return chunk


class _Socket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    def frames(self) -> "_Frames":
        return _Frames(self._socket)

    async def send(self, frame: bytes) -> None:
        with _translated():
            await self._socket.send_bytes(frame)


class _Frames:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    def __aiter__(self) -> "_Frames":
        return self

    async def __anext__(self) -> bytes:
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
            raise StopAsyncIteration
        raise ServerFault(f"the websocket broke: {message.type.name}")


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send what is no read at most once, for aiohttp sends PUT and DELETE again on a connection that was dropped."""
    return await (send(request) if request.method == "GET" else _at_most_once(request, send))


async def _at_most_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send at most once, whatever it is."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ServerFault("the connection ended before an answer came") from error


async def _upgraded(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Open a websocket at most once and here only: `ws_connect` sends again, follows redirects, drops refusals."""
    response = await _at_most_once(request, send)
    if response.status != _UPGRADED:
        raise Rejected(response.status, await _rejection(response))
    return response


async def _rejection(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    try:
        while len(body) < _MOST_OF_A_REJECTION and (chunk := await response.content.readany()):
            body += chunk
    except (aiohttp.ClientError, TimeoutError):  # the status has said no already
        return b""
    finally:
        response.close()
    return bytes(body)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the client library's exceptions into podbot's own."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
        raise Unreachable(f"no connection to the API server: {error}") from error
    except TimeoutError as error:
        raise TooSlow("the API server did not answer in time") from error
    except (aiohttp.ClientError, OSError) as error:
        raise ServerFault(f"the answer of the API server broke off: {error}") from error
