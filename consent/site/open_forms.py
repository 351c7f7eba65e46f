"""Forms that anybody may send: what programs get wrong, and how much one network may send.

No address of a visitor is stored. A network is known by a digest, in the cache, for as long as it
is counted.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

MINIMUM_SECONDS = 2
MAXIMUM_SECONDS = 24 * 3600
#: Forms sent from one network (a household, an office, a carrier's gateway) in an hour.
PER_NETWORK = 60
_HOUR = 3600
_SIGNER = signing.TimestampSigner(salt="default-on.open-form")


class OpenForm(forms.Form):
    """A form with a field that nobody sees."""

    website = forms.CharField(required=False, label=_("Leave this empty"))

    def looks_automatic(self) -> bool:
        """Call on a valid form. Whoever it was is answered as if all went well."""
        return bool(self.cleaned_data.get("website"))


class UnhurriedForm(OpenForm):
    """One that takes people at least two seconds to fill in."""

    started = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        started = cleaned.get("started", "")
        try:
            _SIGNER.unsign(started, max_age=MAXIMUM_SECONDS)
        except signing.BadSignature:
            raise forms.ValidationError(
                _("This form was open for too long. Please send it once more.")
            ) from None
        try:
            _SIGNER.unsign(started, max_age=MINIMUM_SECONDS)
        except signing.SignatureExpired:
            return cleaned
        raise forms.ValidationError(
            _("That was faster than people type. Please send the form once more.")
        )


def started_now() -> str:
    """What an unhurried form carries to know how long it was open."""
    return _SIGNER.sign("form")


def is_flood(
    request: HttpRequest, room: str = "forms", *, most: int | None = None, seconds: int = _HOUR
) -> bool:
    """Count a form that was sent, and tell whether its network sends too many.

    room: what is counted together. most: so many are let through, PER_NETWORK if not given, in
    the seconds after the first.
    """
    key = f"{room}:{network_of(request)}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > (PER_NETWORK if most is None else most)
    except ValueError:  # it expired between the two calls
        return False
    except Exception as error:
        # A cache that is away must not silence people; what the database counts still holds.
        log.warning("Forms cannot be counted: %r", error)
        return False


def network_of(request: HttpRequest) -> str:
    """Return the network a request comes from, digested: a /24, or a /64 of IPv6."""
    address = address_of(request)
    if address is None:
        return "unknown"
    width = 64 if ":" in address else 24
    network = ipaddress.ip_network(f"{address}/{width}", strict=False)
    return hashlib.sha256(str(network).encode()).hexdigest()[:32]


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request comes from, None where there is none.

    Behind TRUSTED_PROXIES proxies it is the one that the outermost of them saw.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
