"""Forms that anybody may send: what programs get wrong, and how much one network may send.

No address of a visitor is stored. A network is known by a keyed digest, in the database, for as
long as it is counted: a cache may drop a count, or lose one of two that come at the same moment.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
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

MINIMUM_SECONDS = 2
MAXIMUM_SECONDS = 24 * 3600
#: Forms sent from one network (a household, an office, a carrier's gateway) in an hour.
PER_NETWORK = 60
_HOUR = 3600
_COUNTED = "default-on.forms-of-a-network"
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
    key = salted_hmac(_COUNTED, f"{room}:{network_of(request)}", algorithm="sha256").hexdigest()
    lasts = dt.timedelta(seconds=seconds)
    try:
        forms = FormCount.objects.add_one(key, now=timezone.now(), lasts=lasts)
    except DatabaseError as error:  # busy, or read-only: that must not silence people
        log.warning("Forms cannot be counted: %r", error)
        return False
    return forms > (PER_NETWORK if most is None else most)


def network_of(request: HttpRequest) -> str:
    """Return the network a request comes from: a /24, or a /64 of IPv6."""
    address = address_of(request)
    if address is None:
        return "unknown"
    width = 64 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))
