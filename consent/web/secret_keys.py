"""Keyed digests that survive a new SECRET_KEY: what a former key made is still recognised.

django.core.signing, sessions and password resets do this themselves.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac


def secret_keys() -> list[str]:
    """Return SECRET_KEY, then the former keys (SECRET_KEY_FALLBACKS)."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def hex_digests(salt: str, value: str) -> list[str]:
    """Return the digest of a value under each key. Write the first; recognise all."""
    return [salted_hmac(salt, value, secret=key).hexdigest() for key in secret_keys()]
