"""Which address a request counts for, behind proxies and without."""

import pytest
from django.test import RequestFactory

from consent.web.client_address import address_of, login_address_of
from consent.web.open_forms import network_of


def request_from(address, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("203.0.113.9, 192.0.2.1:80", "192.0.2.1"),
        ("unknown", None),
        ("192.0.2.1:", None),
        ("[]:80", None),
        ("", "10.0.0.1"),
    ],
)
def test_what_a_proxy_writes_is_read(settings, forwarded, address):
    settings.TRUSTED_PROXIES = 1
    assert address_of(request_from("10.0.0.1", forwarded)) == address


def test_without_proxies_of_ours_nobody_is_believed():
    assert address_of(request_from("::ffff:192.0.2.1", "203.0.113.9")) == "192.0.2.1"


def test_one_line_of_ipv6_counts_as_one_address_and_ipv4_as_itself():
    assert login_address_of(request_from("2001:db8:1:2:aaaa::1")) == "2001:db8:1:2::"
    assert login_address_of(request_from("2001:db8:1:2:bbbb::2")) == "2001:db8:1:2::"
    assert login_address_of(request_from("192.0.2.1")) == "192.0.2.1"
    assert network_of(request_from("::ffff:192.0.2.1")) == network_of(request_from("192.0.2.9"))
