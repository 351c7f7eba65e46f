"""The only module that opens sockets to watched sites. It refuses forbidden addresses.

A host name is resolved once, all its addresses are checked, and the connection goes to one of
them. Host header, SNI and certificate check use the name. So no second look-up can return another
address. The same happens at each redirect. Time and bytes are counted at the socket, below HTTP
and TLS, so that slow or endless headers, chunk sizes and bodies count as well.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from http.cookiejar import DefaultCookiePolicy
from itertools import islice
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import requote_uri
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from platforms.fetching.addresses import why_address_refused, why_url_refused
from platforms.fetching.cookies import LentCookie
from platforms.fetching.decompression import decoded
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.numbers import read_number
from platforms.outcomes import Outcome

#: Called with the target of a redirect before it is requested; raises FetchError to stop there.
MayFollow = Callable[[str], None]
#: Returns the IP addresses of a host name; raises socket.gaierror for an unknown one.
Resolve = Callable[[str, int], Sequence[str]]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110 9.2.1: these may be sent again
_CHUNK = 65_536
# Chosen: real hosts and pages stay below these limits.
_ADDRESSES_TRIED = 4
_HEADERS = 100
_HEADER_NAME = 200  # characters
_HEADER_VALUE = 8_000
# A tab may be part of a value (RFC 9110 5.5). PostgreSQL cannot store NUL.
_CONTROLS = dict.fromkeys((*range(9), *range(10, 32), 127), " ")
_HEADER_ALLOWANCE = 1_000_000  # bytes of headers and framing, in addition to a body; chosen


def resolve_host(host: str, port: int) -> list[str]:
    """Return all addresses that the system's resolver knows for this host."""
    results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(result[4][0]) for result in results))


@dataclass(slots=True)
class Allowance:
    """The time and bytes that one visit has left. Shared by all its connections."""

    ends_at: float  # time.monotonic()
    bytes_left: int

    def seconds(self, at_most: float) -> float:
        """Return how long the next step may take; raises TimeoutError if no time is left."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the visit took too long")
        return min(left, at_most)

    def spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise PermanentFetchError(Outcome.TOO_LARGE, "the answer does not end")


class _MeteredReads:
    """A mixin for sockets: each read takes from the allowance of the visit."""

    allowance: Allowance
    read_timeout: float

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.allowance.seconds(self.read_timeout))  # type: ignore[attr-defined]  # a socket, see below
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]  # likewise
        self.allowance.spend(count)
        return count


class _MeteredSocket(_MeteredReads, socket.socket):
    pass


class _MeteredTLSSocket(_MeteredReads, ssl.SSLSocket):
    pass


class _DialledConnection(HTTPConnection):
    def __init__(self, *args: Any, dial: Callable[[str, int], _MeteredSocket], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        # _dns_host keeps a trailing dot, which stops the resolver's search list.
        return self._dial(self._dns_host, self.port)


class _DialledTLSConnection(HTTPSConnection):
    def __init__(self, *args: Any, dial: Callable[[str, int], _MeteredSocket], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        self._plain = self._dial(self._dns_host, self.port)
        return self._plain

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _MeteredTLSSocket):
            self.sock.allowance = self._plain.allowance
            self.sock.read_timeout = self._plain.read_timeout


class _DialledPool(HTTPConnectionPool):
    ConnectionCls = _DialledConnection


class _DialledTLSPool(HTTPSConnectionPool):
    ConnectionCls = _DialledTLSConnection


class _Adapter(HTTPAdapter):
    """Makes requests connect with `dial`, and trust the certificates of `context`."""

    def __init__(self, dial: Callable[[str, int], _MeteredSocket], context: ssl.SSLContext) -> None:
        self._dial = dial
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_DialledPool, dial=self._dial),
            "https": partial(_DialledTLSPool, dial=self._dial),
        }

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # The context already has the trusted certificates. Loading them for each connection, as
        # requests does, takes longer than the rest of a visit.
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = None


@lru_cache(maxsize=8)
def _tls_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _MeteredTLSSocket
    return context


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. set_cookies: only for the visit itself; they are never stored."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[str, ...] = ()
    set_cookies: tuple[str, ...] = field(default=(), repr=False)


class Gate:
    """Requests of one visit, within one allowance of time and bytes.

    with Gate(policy) as gate:
        answer = gate.follow("https://example.org/terms")

    reuse_connections: for many requests in a row, as a browser makes them. Without it, the host is
    resolved and checked for each request, also after a redirect. total_bytes: the limit for all
    answers together, if it is larger than that for one.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolve: Resolve = resolve_host,
        reuse_connections: bool = False,
        total_bytes: int | None = None,
    ) -> None:
        self.policy = policy
        self._reuse_connections = reuse_connections
        self._resolve = resolve
        self.allowance = Allowance(
            ends_at=time.monotonic() + policy.total_timeout,
            bytes_left=(total_bytes or policy.max_bytes)
            + (policy.max_redirects + 1) * _HEADER_ALLOWANCE,
        )
        self._session = requests.Session()
        self._session.trust_env = False  # no proxies, no .netrc
        self._session.headers.clear()
        if not reuse_connections:
            self._session.headers["Connection"] = "close"
        self._adapter = _Adapter(self._dial, _tls_context(policy.ca_file))

    def __enter__(self) -> Gate:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._adapter.close()

    def lend(self, cookies: Sequence[LentCookie]) -> None:
        """Send a curator's session with the visit; each cookie goes only to its own domain."""
        # By default Python's jar also sends a cookie of one host to all its subdomains.
        self._session.cookies.set_policy(
            DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)
        )
        for cookie in cookies:
            lent = requests.cookies.create_cookie(
                cookie.name,
                cookie.value,
                domain=cookie.domain,
                path=cookie.path,
                secure=cookie.secure,
            )
            lent.domain_specified = cookie.domain.startswith(".")
            self._session.cookies.set_cookie(lent)

    def _add_cookies(self, request: requests.PreparedRequest) -> None:
        # requests copies its jar for each request, and the copy does not have the policy.
        request.headers.pop("Cookie", None)
        if cookies := requests.cookies.get_cookie_header(self._session.cookies, request):
            request.headers["Cookie"] = cookies

    def follow(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        may_follow: MayFollow | None = None,
    ) -> Answer:
        """Return the answer at the end of the redirects; raises FetchError."""
        redirects: list[str] = []
        while True:
            answer = self.send(url, method=method, headers=headers, body=body)
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not location:
                return replace(answer, redirects=tuple(redirects))
            redirects.append(url)
            if len(redirects) > self.policy.max_redirects:
                raise PermanentFetchError(
                    Outcome.HTTP_ERROR,
                    f"more than {self.policy.max_redirects} redirects",
                    status=answer.status,
                )
            url = _redirect_target(url, location)
            if may_follow is not None:
                self._require_allowed(url)
                may_follow(url)
            if answer.status not in (307, 308):
                method, body = "GET", None

    def send(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return one answer, which may be a redirect; raises FetchError."""
        self._require_allowed(url)
        try:
            request = self._session.prepare_request(
                requests.Request(method, url, headers=dict(headers or {}), data=body)
            )
            self._add_cookies(request)
            # Not with Session.send, which reads and decompresses the bodies of redirects.
            with self._exchange(request) as response:
                self._session.cookies.update(response.cookies)
                return self._receive(url, response)
        except FetchError:
            raise
        except (OSError, urllib3.exceptions.HTTPError, ValueError) as error:
            raise _fetch_error(error) from error
        finally:
            if not self._reuse_connections:
                self._adapter.close()  # closes the connections; the next request opens its own

    def _exchange(self, request: requests.PreparedRequest) -> requests.Response:
        """Send the request, once more if a kept connection turns out to be closed (RFC 9112 9.3.1).

        A server may close a connection at any time after an answer, also while we send.
        """
        try:
            return self._send_once(request)
        except requests.ConnectionError as error:
            closed = any(
                isinstance(cause, ConnectionResetError | BrokenPipeError) for cause in _chain(error)
            )
            if not (self._reuse_connections and closed and request.method in _SAFE_METHODS):
                raise
        self._adapter.close()  # so that the second time the connection is a new one
        return self._send_once(request)

    def _send_once(self, request: requests.PreparedRequest) -> requests.Response:
        connect = self.allowance.seconds(self.policy.connect_timeout)
        return self._adapter.send(request, stream=True, timeout=(connect, self.policy.read_timeout))

    def reaches(self, host: str, port: int) -> bool:
        """True if a host accepts a connection, or refuses one: it is there then. Sends nothing."""
        try:
            self._dial(host, port).close()
        except FetchError as error:
            return isinstance(error.__cause__, ConnectionRefusedError)
        except TimeoutError:
            return False
        return True

    def _require_allowed(self, url: str) -> None:
        if reason := why_url_refused(url, allowed_ports=self.policy.allowed_ports):
            raise PermanentFetchError(Outcome.PRIVATE_ADDRESS, reason)

    def _receive(self, url: str, response: requests.Response) -> Answer:
        names = urllib3.HTTPHeaderDict(response.raw.headers)
        headers = clean_headers(names.itermerged())
        is_redirect = response.status_code in REDIRECTS and "location" in headers
        return Answer(
            url=url,
            status=response.status_code,
            headers=headers,
            body=b"" if is_redirect else self._read_body(response, headers),
            set_cookies=tuple(names.getlist("set-cookie")),
        )

    def _read_body(self, response: requests.Response, headers: Mapping[str, str]) -> bytes:
        limit = self.policy.max_bytes
        declared = headers.get("content-length", "")
        if (read_number(declared) or 0) > limit:
            raise PermanentFetchError(
                Outcome.TOO_LARGE,
                f"{declared} bytes announced, {limit} allowed",
                status=response.status_code,
            )
        received = bytearray()
        chunks = response.raw.stream(_CHUNK, decode_content=False)
        for part in decoded(chunks, headers.get("content-encoding", ""), limit):
            received += part
            if len(received) > limit:
                raise PermanentFetchError(
                    Outcome.TOO_LARGE,
                    f"more than {limit} bytes",
                    status=response.status_code,
                )
            self.allowance.seconds(self.policy.read_timeout)
        return bytes(received)

    def _dial(self, host: str, port: int) -> _MeteredSocket:
        """Resolve, check every address, connect to one of them. Raises FetchError."""
        addresses = self._addresses(host, port)
        for address in addresses:
            reason = why_address_refused(address, allowed_networks=self.policy.allowed_networks)
            if reason:
                raise PermanentFetchError(Outcome.PRIVATE_ADDRESS, f"{host}: {reason}")
        failure: OSError | None = None
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                return self._connect(address, port)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise TransientFetchError(
                Outcome.TIMEOUT, f"{host} did not accept a connection in time"
            ) from failure
        raise TransientFetchError(
            Outcome.CONNECTION, f"{host} port {port}: {_message_of(failure)}"
        ) from failure

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            seconds = self.allowance.seconds(self.policy.connect_timeout)
            addresses = _with_timeout(seconds, lambda: self._resolve(host, port))
        except TimeoutError as error:
            raise TransientFetchError(
                Outcome.TIMEOUT, f"looking up {host} took too long"
            ) from error
        except socket.gaierror as error:
            kind = TransientFetchError if error.errno == socket.EAI_AGAIN else PermanentFetchError
            raise kind(Outcome.DNS, f"{host}: {_message_of(error)}") from error
        except UnicodeError as error:  # a label that is empty or longer than DNS allows
            raise PermanentFetchError(Outcome.DNS, f"{host} is not a host name") from error
        if not addresses:
            raise PermanentFetchError(Outcome.DNS, f"{host} has no address")
        return addresses

    def _connect(self, address: str, port: int) -> _MeteredSocket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = _MeteredSocket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(self.allowance.seconds(self.policy.connect_timeout))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.connect((address, port))
            # The TLS handshake comes next; it may take only the time that is left.
            connection.settimeout(self.allowance.seconds(self.policy.connect_timeout))
        except BaseException:
            connection.close()
            raise
        connection.allowance = self.allowance
        connection.read_timeout = self.policy.read_timeout
        return connection


def clean_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers for storing: names in lower case, no control characters, none too long.

    Set-Cookie is left out, and so are all headers after the first hundred.
    """
    stored = ((name, value) for name, value in headers if name.lower() != "set-cookie")
    return {
        name.translate(_CONTROLS).lower()[:_HEADER_NAME]: value[:_HEADER_VALUE].translate(_CONTROLS)
        for name, value in islice(stored, _HEADERS)
    }


def _with_timeout(seconds: float, look_up: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what look_up returns. Raises TimeoutError, because getaddrinfo has no timeout."""
    results: queue.SimpleQueue[tuple[Sequence[str], Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((look_up(), None))
        except Exception as error:  # raised in the calling thread
            results.put(((), error))

    threading.Thread(target=run, daemon=True, name="name look-up").start()
    try:
        addresses, error = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return addresses


def _redirect_target(url: str, location: str) -> str:
    # Header bytes are read as latin-1, but sites that use other letters here write UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return requote_uri(urljoin(url, location.strip()))
    except ValueError as error:
        raise PermanentFetchError(
            Outcome.PRIVATE_ADDRESS, f"redirects to a URL that cannot be read ({error})"
        ) from error


def _fetch_error(error: Exception) -> FetchError:
    """Return a FetchError for an error of requests, urllib3 or the system."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, FetchError):
            return cause
    if any(isinstance(cause, TimeoutError | requests.Timeout) for cause in chain):
        return TransientFetchError(Outcome.TIMEOUT, "no complete answer in time")
    if any(isinstance(cause, requests.exceptions.SSLError) for cause in chain):
        return PermanentFetchError(Outcome.TLS, _message_of(chain[-1]))
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return PermanentFetchError(Outcome.PRIVATE_ADDRESS, f"the URL cannot be read ({error})")
    return TransientFetchError(Outcome.CONNECTION, _message_of(chain[-1]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = getattr(error, "reason", None) or (error.args[-1] if error.args else None)
        error = error.__cause__ or (
            inner if isinstance(inner, BaseException) else error.__context__
        )


def _message_of(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
