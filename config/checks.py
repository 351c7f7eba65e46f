"""System checks of what an operator has to set in production (where DATABASE_URL is set).

`manage.py check` lists them. Every command that needs the database refuses to run on an error; so
do the web server, workers and beat (config.startup).
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import redis
from cryptography import x509
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.db import connection

from config.startup import OPERATION
from platforms.archive import open_archive

_PATIENCE = 5  # seconds for a server to answer
#: How alike two names are that may be one and a slip of the finger. Tried: one letter too many,
#: too few or swapped in our shortest names; no variable of a container or of systemd is alike.
_ALIKE = 0.88
_SHORTEST_KEY = 50  # characters; with `_FEWEST_KINDS` the measure of Django's security.W009
_FEWEST_KINDS = 5
_HINTS = {
    "CONTACT_EMAIL": "Sites that we visit, and readers, write to it. No page is visited before.",
    "TRUSTED_PROXIES": (
        "The number of proxies of yours before the site, 0 for none. Without it all readers and "
        "curators may seem to have one address, and one of them uses up the limits of all."
    ),
}


@register("security", OPERATION)
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


@register(OPERATION)
def check_archive(**_: Any) -> list[CheckMessage]:
    """Refuse an archive of no kind that we know."""
    try:
        open_archive()
    except ImproperlyConfigured as error:
        hint = "Write file:///folder, or s3://bucket/prefix with requirements-s3.txt installed."
        return [Error(str(error), hint=hint, id="config.E006")]
    return []


@register("security", deploy=True)
def check_logins(**_: Any) -> list[CheckMessage]:
    """Warn of a desk that a stolen password opens."""
    if settings.EMBEDDED or settings.DESK_REQUIRES_TWO_FACTORS:
        return []
    hint = "Remove DESK_REQUIRES_TWO_FACTORS=false: each curator is then led to set one up."
    return [Warning("The desk needs no second factor.", hint=hint, id="config.W001")]


@register("security", deploy=True)
def check_mail_password(**_: Any) -> list[CheckMessage]:
    """Warn of a password that others on the way to the mail server can read."""
    server = settings.EMAIL_HOST
    if (
        not settings.EMAIL_HOST_PASSWORD
        or settings.EMAIL_USE_TLS
        or settings.EMAIL_USE_SSL
        or server in {"localhost", "127.0.0.1", "::1"}
    ):
        return []
    hint = "Add ?tls=True (port 587) or ?ssl=True (port 465)."
    return [Warning("EMAIL_URL sends its password in clear.", hint=hint, id="config.W002")]


@register("security", deploy=True)
def check_owner(**_: Any) -> list[CheckMessage]:
    """Warn of a public site that does not say who stands behind it."""
    if settings.EMBEDDED or settings.SITE_OWNER:
        return []
    hint = "Readers see who runs the site on each page; now they see that nobody has given a name."
    return [Warning("SITE_OWNER is not set.", hint=hint, id="config.W004")]


@register(deploy=True)
def check_servers(**_: Any) -> list[CheckMessage]:
    """Try the database, Redis and the mail server once, as the site would use them."""
    found: list[CheckMessage] = []
    for name, number, attempt in (
        ("DATABASE_URL", "E007", connection.ensure_connection),
        ("REDIS_URL", "E008", _ask_redis),
        ("EMAIL_URL", "E009", _greet_mail_server),
    ):
        try:
            attempt()
        except Exception as error:  # each client has errors of its own
            reason = str(error).partition("\n")[0] or type(error).__name__
            message = f"{name}: the server does not answer as it should: {reason[:300]}"
            hint = "Is it running, and do name, port and password agree?"
            found.append(Error(message, hint=hint, id=f"config.{number}"))
    return found


def _ask_redis() -> None:
    for url in filter(None, {settings.REDIS_URL, settings.CACHE_URL}):
        with redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as one:
            one.ping()


def _greet_mail_server() -> None:
    mail = get_connection()
    if hasattr(mail, "timeout"):
        mail.timeout = _PATIENCE
    mail.open()
    mail.close()


@register("security", deploy=True)
def check_variables(**_: Any) -> list[CheckMessage]:
    """Name variables of the environment that are none of ours but look like one."""
    known = settings.KNOWN_VARIABLES | {f"{name}_FILE" for name in settings.KNOWN_VARIABLES}
    found: list[CheckMessage] = []
    for name in sorted(set(os.environ) - known):
        if meant := get_close_matches(name, known, n=1, cutoff=_ALIKE):
            hint = f"Did you mean {meant[0]}?"
            found.append(Warning(f"{name} is no setting of ours.", hint=hint, id="config.W003"))
    return found


@register(OPERATION)
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
