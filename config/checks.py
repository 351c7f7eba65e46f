"""System checks of what an operator has to set in production (where DATABASE_URL is set).

`manage.py check` lists them, and every command that needs the database refuses to run on an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_SHORTEST_KEY = 50  # characters; with `_FEWEST_KINDS` the measure of Django's security.W009
_FEWEST_KINDS = 5
_HINTS = {
    "CONTACT_EMAIL": "Sites that we visit, and readers, write to it. No page is visited before.",
    "TRUSTED_PROXIES": (
        "The number of proxies of yours before the site, 0 for none. Without it all readers and "
        "curators may seem to have one address, and one of them uses up the limits of all."
    ),
}


@register("security")
def check_production(**_: Any) -> list[CheckMessage]:
    """Refuse a production site that strangers could take over, or that nobody can write to."""
    if settings.EMBEDDED:
        return []
    errors: list[CheckMessage] = []
    key = settings.SECRET_KEY
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_KINDS:
        hint = (
            f"It signs sessions and links. Use at least {_SHORTEST_KEY} random characters: "
            "python -c 'import secrets; print(secrets.token_urlsafe(60))'"
        )
        errors.append(Error("SECRET_KEY is too easy to guess.", hint=hint, id="config.E001"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts of the site: with * anybody's name ends up in its links."
        errors.append(Error("ALLOWED_HOSTS allows every host.", hint=hint, id="config.E002"))
    for number, (name, hint) in enumerate(_HINTS.items(), start=3):
        if name in settings.UNDECIDED:
            errors.append(Error(f"{name} is not set.", hint=hint, id=f"config.E{number:03}"))
    return errors


@register()
def check_stamp_authority(**_: Any) -> list[CheckMessage]:
    """Refuse an authority whose stamps could not be checked."""
    if not settings.STAMP_AUTHORITY_URL:
        return []
    try:
        x509.load_pem_x509_certificates(Path(settings.STAMP_AUTHORITY_ROOTS or ".").read_bytes())
    except (OSError, ValueError) as error:
        hint = "A PEM file with the root certificates that the authority publishes."
        message = f"STAMP_AUTHORITY_ROOTS cannot be read: {error}"
        return [Error(message, hint=hint, id="config.E005")]
    return []
