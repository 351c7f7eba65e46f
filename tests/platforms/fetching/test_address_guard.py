"""Addresses that no visit may reach, directly, by redirects or by name look-ups."""

import itertools
import socket
import threading
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.fetching.addresses import why_address_refused, why_url_refused
from platforms.fetching.cookies import LentCookie
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome
from tests.platforms.fetching.hostile_server import answering, redirecting
from tests.platforms.fetching.local import LOOPBACK, local_policy

PUBLIC = "93.184.216.34"
NAT64 = ip_network("64:ff9b::/96")

NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:10::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address):
    assert why_address_refused(address)


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        "1.1.1.1",
        "100.63.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
    ],
)
def test_a_public_address_is_not_refused(address):
    assert why_address_refused(address) == ""


@given(st.ip_addresses())
def test_addresses_that_are_not_refused_are_public_by_the_standard_library_too(address):
    carried = int(address) & 0xFFFF_FFFF if address in NAT64 else None
    judged = ip_address(carried) if carried is not None else address

    assert why_address_refused(str(address)) or judged.is_global


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_ipv6_is_public_only_if_it_is_public_itself(address):
    inside = f"64:ff9b::{address}"

    assert bool(why_address_refused(inside)) is bool(why_address_refused(str(address)))
    assert why_address_refused(f"::ffff:{address}")
    assert why_address_refused(f"::{address}")


@given(st.text(max_size=60) | st.from_regex(r"https?://[\w@:.\[\]%/\\-]{0,40}"))
def test_no_url_raises(url):
    assert isinstance(why_url_refused(url, allowed_ports={80, 443}), str)


def test_only_the_allowed_network_is_allowed():
    assert why_address_refused("127.0.0.1", allowed_networks=LOOPBACK) == ""
    assert why_address_refused("10.0.0.1", allowed_networks=LOOPBACK)
    assert why_address_refused("::1", allowed_networks=LOOPBACK)
    assert why_address_refused("::ffff:127.0.0.1", allowed_networks=LOOPBACK)


BAD_URLS = {
    "another scheme": "ftp://example.org/",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "inline data": "data:text/html,hello",
    "an old protocol": "gopher://example.org/",
    "no scheme": "//example.org/",
    "only a path": "/etc/passwd",
    "no host": "http:///path",
    "a user name": "https://user@example.org/",
    "a password": "https://user:secret@example.org/",
    "an empty user name": "https://@example.org/",
    "a host disguised as a user": "https://example.org@127.0.0.1/",
    "a backslash before the host": "https://example.org\\@127.0.0.1/",
    "a host written with escapes": "https://%31%32%37.0.0.1/",
    "a space": "https://example.org /",
    "a line break": "https://example.org/\r\nHost: localhost",
    "a NUL": "https://example.org/\x00",
    "an odd port": "https://example.org:8443/",
    "the port of another service": "http://example.org:6379/",
    "a port that is no port": "http://example.org:99999/",
    "a port that is no number": "http://example.org:http/",
    "half an IPv6 address": "http://[::1/",
    "nothing": "",
}


@pytest.mark.parametrize("url", BAD_URLS.values(), ids=BAD_URLS.keys())
def test_a_url_is_refused_for(url):
    with pytest.raises(PermanentFetchError) as raised:
        visit(url, policy=FetchPolicy())

    assert raised.value.outcome == Outcome.PRIVATE_ADDRESS
    assert "secret" not in raised.value.detail


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://example.org:443/a?b#c",
        "HTTPS://EXAMPLE.ORG/",
        "http://[2606::1]/",
    ],
)
def test_an_ordinary_url_is_not_refused(url):
    assert why_url_refused(url, allowed_ports={80, 443}) == ""


WAYS_IN = {
    "a private address": "http://10.0.0.1/",
    "the metadata service": "http://169.254.169.254/latest/meta-data/",
    "IPv6 loopback": "http://[::1]:{port}/",
    "loopback inside IPv6": "http://[::ffff:127.0.0.1]:{port}/",
    "loopback behind NAT64": "http://[64:ff9b::7f00:1]/",
    "loopback behind 6to4": "http://[2002:7f00:1::]/",
    "one number": "http://167772161/",
    "hexadecimal numbers": "http://0x0a.0.0.1/",
    "octal numbers": "http://012.0.0.1/",
    "two numbers": "http://10.1/",
    "all addresses": "http://0.0.0.0/",
    "broadcast": "http://255.255.255.255/",
    "a link-local zone": "http://[fe80::1%25lo]/",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "credentials": "http://a:b@127.0.0.1:{port}/",
    "an odd port": "http://127.0.0.1:22/",
    "a URL that cannot be read": "http://[oops/",
}


@pytest.mark.parametrize("target", WAYS_IN.values(), ids=WAYS_IN.keys())
def test_a_redirect_does_not_lead_to(target, serve):
    server = serve({"/here": answering(b"secret")})
    policy = local_policy(server, allowed_ports=frozenset({server.port, 80}))
    server.behaviours["/start"] = redirecting("/second")
    server.behaviours["/second"] = redirecting(target.format(port=server.port))

    with pytest.raises(FetchError) as raised:
        visit(server.url("/start"), policy=policy)

    assert raised.value.outcome == Outcome.PRIVATE_ADDRESS
    assert [request.path for request in server.requests] == ["/start", "/second"]


# --- Names ------------------------------------------------------------------------------------


def named(server, path="/", host="watched.example"):
    return server.url(path, host=host)


def test_a_connection_to_the_checked_address_still_uses_the_name(serve):
    server = serve({"/": answering(b"found")})

    page = visit(
        named(server), policy=local_policy(server), resolve=lambda host, port: ["127.0.0.1"]
    )

    assert page.body == b"found"
    assert server.requests[0].headers["host"] == f"watched.example:{server.port}"


def test_a_name_is_resolved_only_once(serve):
    server = serve({"/": answering(b"found")})
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["10.0.0.1"]))
    asked = []

    def resolve(host, port):
        asked.append(host)
        return next(answers)

    assert visit(named(server), policy=local_policy(server), resolve=resolve).body == b"found"
    assert asked == ["watched.example"]


def test_a_name_that_becomes_private_between_two_redirects_is_refused(serve):
    server = serve({"/": redirecting("/next"), "/next": answering(b"secret")})
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    with pytest.raises(FetchError) as raised:
        visit(named(server), policy=local_policy(server), resolve=lambda host, port: next(answers))

    assert raised.value.outcome == Outcome.PRIVATE_ADDRESS
    assert [request.path for request in server.requests] == ["/"]


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["127.0.0.1", "::1"], ["::ffff:127.0.0.1"], ["junk"]],
)
def test_one_bad_address_among_several_refuses_the_name(addresses, serve):
    server = serve({"/": answering(b"found")})

    with pytest.raises(FetchError) as raised:
        visit(named(server), policy=local_policy(server), resolve=lambda host, port: addresses)

    assert raised.value.outcome == Outcome.PRIVATE_ADDRESS
    assert server.requests == []


def test_the_next_address_is_tried_when_the_first_does_not_answer(serve):
    server = serve({"/": answering(b"found")})

    page = visit(
        named(server),
        policy=local_policy(server),
        resolve=lambda host, port: ["127.0.0.99", "127.0.0.1"],
    )

    assert page.body == b"found"


@pytest.mark.parametrize(
    ("code", "kind"),
    [(socket.EAI_NONAME, PermanentFetchError), (socket.EAI_AGAIN, TransientFetchError)],
)
def test_an_unknown_name_is_transient_only_if_the_resolver_says_so(code, kind):
    def resolve(host, port):
        raise socket.gaierror(code, "no")

    with pytest.raises(FetchError) as raised:
        visit("http://gone.example/", policy=FetchPolicy(), resolve=resolve)

    assert raised.value.outcome == Outcome.DNS
    assert type(raised.value) is kind


def test_a_name_without_addresses_is_not_found():
    with pytest.raises(FetchError) as raised:
        visit("http://bare.example/", policy=FetchPolicy(), resolve=lambda host, port: [])

    assert raised.value.outcome == Outcome.DNS


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example", ".example", "xn--.example"])
def test_a_name_that_cannot_exist_is_refused_before_or_by_the_resolver(host):
    with pytest.raises(FetchError) as raised:
        visit(f"http://{host}/", policy=FetchPolicy(total_timeout=2.0))

    assert raised.value.outcome in {Outcome.DNS, Outcome.PRIVATE_ADDRESS}


def test_a_slow_look_up_is_abandoned():
    answered = threading.Event()

    def resolve(host, port):
        answered.wait(5)
        return [PUBLIC]

    with pytest.raises(TransientFetchError) as raised:
        visit(
            "http://slow.example/",
            policy=local_policy(allowed_ports=frozenset({80})),
            resolve=resolve,
        )
    answered.set()

    assert raised.value.outcome == Outcome.TIMEOUT


def test_proxies_of_the_environment_are_not_used(serve, monkeypatch):
    server = serve({"/": answering(b"direct")})
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    assert visit(server.url(), policy=local_policy(server)).body == b"direct"


# --- Cookies ----------------------------------------------------------------------------------


def cookies_sent(server):
    return [request.headers.get("cookie", "") for request in server.requests]


def test_a_cookie_of_a_redirect_is_sent_and_not_part_of_the_page(serve):
    server = serve({"/": answering(b"in")})
    server.behaviours["/start"] = answering(
        status="302 Found", headers={"Location": "/", "Set-Cookie": "seen=1; Path=/"}
    )

    page = visit(server.url("/start"), policy=local_policy(server))

    assert cookies_sent(server) == ["", "seen=1"]
    assert "set-cookie" not in page.headers


def test_a_lent_session_is_sent_to_its_own_host_only(serve):
    server = serve({"/": redirecting("{other}"), "/other": answering(b"elsewhere")})
    server.behaviours["/"] = redirecting(server.url("/other", host="elsewhere.example"))
    lent = LentCookie("session", "s3cret", domain="watched.example", secure=False)

    visit(
        named(server),
        policy=local_policy(server),
        cookies=[lent],
        resolve=lambda host, port: ["127.0.0.1"],
    )

    assert cookies_sent(server) == ["session=s3cret", ""]
    assert "s3cret" not in repr(lent)


def test_a_secure_cookie_is_not_sent_unencrypted(serve):
    server = serve({"/": answering(b"page")})
    lent = LentCookie("session", "s3cret", domain="watched.example")

    visit(
        named(server),
        policy=local_policy(server),
        cookies=[lent],
        resolve=lambda host, port: ["127.0.0.1"],
    )

    assert cookies_sent(server) == [""]
