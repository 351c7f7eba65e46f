"""Public forms: detect those that programs send, and limit how many one network may send.

No address of a visitor is stored, only a keyed digest of the network while it is counted. Counts
are in the database: a cache may drop a count, or lose one of two at the same time.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
from functools import lru_cache
from typing import Any

from django import forms
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from consent.models import FormCount
from consent.web.client_address import address_of

log = logging.getLogger(__name__)

#: Chosen: people need longer to fill in any of our forms; many programs do not.
MINIMUM_SECONDS = 2
#: Chosen: a page may stay open for a day before its form is sent.
MAXIMUM_SECONDS = 24 * 3600
#: Forms from one network in an hour. Chosen: an office or a carrier's gateway has many people.
PER_NETWORK = 60
_HOUR = 3600
_COUNTED = "default-on.forms-of-a-network"
_SIGNER = signing.TimestampSigner(salt="default-on.open-form")


class OpenForm(forms.Form):
    """A form with a hidden field that only programs fill in."""

    website = forms.CharField(required=False, label=_("Leave this empty"))

    def looks_automatic(self) -> bool:
        """True if a program filled in this valid form: do nothing, but answer as usual."""
        return bool(self.cleaned_data.get("website"))


class UnhurriedForm(OpenForm):
    """A form that must be open for MINIMUM_SECONDS to MAXIMUM_SECONDS before it is sent."""

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
    """Return the signed time for the field `started` of an UnhurriedForm."""
    return _SIGNER.sign("form")


def is_flood(
    request: HttpRequest, room: str = "forms", *, most: int | None = None, seconds: int = _HOUR
) -> bool:
    """Count a form that was sent; return whether its network has sent too many.

    room: name of a group of forms that are counted together. most: how many are allowed
    (PER_NETWORK by default) in the given seconds, which begin with the first form.
    """
    key = salted_hmac(_COUNTED, f"{room}:{network_of(request)}", algorithm="sha256").hexdigest()
    lasts = dt.timedelta(seconds=seconds)
    try:
        forms = FormCount.objects.add_one(key, now=timezone.now(), lasts=lasts)
    except DatabaseError as error:  # busy or read-only: people must still be able to send forms
        log.warning("Forms cannot be counted: %r", error)
        return False
    return forms > (PER_NETWORK if most is None else most)


def network_of(request: HttpRequest) -> str:
    """Return the network a request comes from: a /24, or a /64 of IPv6."""
    address = address_of(request)
    if address is None:
        return "unknown"
    return _network_around(address)


@lru_cache(maxsize=1024)
def _network_around(address: str) -> str:
    width = 64 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))
