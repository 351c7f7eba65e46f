"""TLS is always verified: against the name, in time, up to a trusted authority."""

import datetime as dt

import pytest

from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError
from platforms.outcomes import Outcome
from tests.platforms.fetching.certificates import DAY, Authority
from tests.platforms.fetching.hostile_server import HostileServer, answering, redirecting
from tests.platforms.fetching.local import local_policy

HOST = "watched.example"


def visit_by_name(server, authority, **overrides):
    return visit(
        server.url(host=HOST),
        policy=local_policy(server, ca_file=str(authority.ca_file), **overrides),
        resolve=lambda host, port: ["127.0.0.1"],
    )


def test_a_good_certificate_is_checked_for_the_name_not_the_address(authority, serve):
    server = serve({"/": answering(b"safe")}, context=authority.server(HOST))

    assert visit_by_name(server, authority).body == b"safe"


CERTIFICATES = {
    "signed by itself": {"self_signed": True},
    "run out": {"valid_from": -2 * DAY, "valid_until": -dt.timedelta(hours=1)},
    "not valid yet": {"valid_from": dt.timedelta(hours=1)},
}


@pytest.mark.parametrize("flaw", CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_a_certificate_is_not_trusted_when(flaw, authority, serve):
    server = serve({"/": answering(b"unsafe")}, context=authority.server(HOST, **flaw))

    with pytest.raises(FetchError) as raised:
        visit_by_name(server, authority)

    assert raised.value.outcome == Outcome.TLS
    assert "certificate" in raised.value.detail
    assert server.requests == []


@pytest.mark.parametrize("name", ["other.example", "*.watched.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_not_trusted(name, authority, serve):
    server = serve({"/": answering(b"unsafe")}, context=authority.server(name))

    with pytest.raises(FetchError) as raised:
        visit_by_name(server, authority)

    assert raised.value.outcome == Outcome.TLS


def test_an_unknown_authority_is_not_trusted(authority, serve, tmp_path):
    stranger = Authority(tmp_path, "Stranger")
    server = serve({"/": answering(b"unsafe")}, context=stranger.server(HOST))

    with pytest.raises(FetchError) as raised:
        visit_by_name(server, authority)

    assert raised.value.outcome == Outcome.TLS


def test_plain_http_on_an_encrypted_port_is_refused(authority, serve):
    server = serve({"/": answering(b"plain")})

    with pytest.raises(FetchError) as raised:
        visit(
            server.url(host=HOST).replace("http:", "https:"),
            policy=local_policy(server, ca_file=str(authority.ca_file)),
            resolve=lambda host, port: ["127.0.0.1"],
        )

    assert raised.value.outcome in {Outcome.TLS, Outcome.TIMEOUT}


def test_a_missing_handshake_is_abandoned(authority):
    class Silent(HostileServer):
        def _serve(self, connection):
            self._gone.wait(5)

    with Silent({}) as server, pytest.raises(FetchError) as raised:
        visit(
            server.url(host=HOST).replace("http:", "https:"),
            policy=local_policy(server, ca_file=str(authority.ca_file)),
            resolve=lambda host, port: ["127.0.0.1"],
        )

    assert raised.value.outcome == Outcome.TIMEOUT


def test_a_slow_encrypted_body_is_abandoned(authority, serve):
    def trickle(line, request):
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        line.trickle(b"z" * 500)

    server = serve({"/": trickle}, context=authority.server(HOST))

    with pytest.raises(FetchError) as raised:
        visit_by_name(server, authority)

    assert raised.value.outcome == Outcome.TIMEOUT


def test_an_encrypted_body_without_end_is_too_large(authority, serve):
    def endless(line, request):
        line.send(b"HTTP/1.1 200 OK\r\n\r\n")
        line.repeat(b"z" * 9000)

    server = serve({"/": endless}, context=authority.server(HOST))

    with pytest.raises(FetchError) as raised:
        visit_by_name(server, authority, total_timeout=3.0)

    assert raised.value.outcome == Outcome.TOO_LARGE


def test_an_encrypted_page_is_not_followed_to_an_untrusted_one(authority, serve):
    bad = serve({"/": answering(b"unsafe")}, context=authority.server(HOST, self_signed=True))
    good = serve({"/": redirecting(bad.url(host=HOST))}, context=authority.server(HOST))

    with pytest.raises(FetchError) as raised:
        visit(
            good.url(host=HOST),
            policy=local_policy(good, bad, ca_file=str(authority.ca_file)),
            resolve=lambda host, port: ["127.0.0.1"],
        )

    assert raised.value.outcome == Outcome.TLS
