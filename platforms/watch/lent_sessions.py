"""A curator's login, lent for the pages of one platform: read once, encrypted, sent nowhere else.

Reasons: docs/decisions/0007-lent-sessions.md.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from platforms.fetching.cookies import LentCookie
from platforms.models import LentSession, Page, Platform
from platforms.vocabulary import Access

#: Chosen: a browser with thousands of cookies exports less than this.
MAX_JAR_BYTES = 2_000_000


class LendingError(Exception):
    """Why a session cannot be lent or used. The message contains nothing of the session."""


@dataclass(frozen=True, slots=True)
class JarCookie:
    """A cookie of a jar (an exported file of cookies). expires_at: None for a session cookie."""

    cookie: LentCookie
    expires_at: dt.datetime | None = None


# --- Lend, use, withdraw -----------------------------------------------------------------------


def encrypt_cookies(jar: str, *, hosts: Sequence[str], now: dt.datetime) -> bytes:
    """Return the encrypted cookies of a jar that these hosts may receive.

    Raises LendingError if the text is not a jar, has no cookie for these hosts, or no key is set.
    """
    cookies = limit_to_hosts(
        (
            entry.cookie
            for entry in read_jar(jar)
            if entry.expires_at is None or entry.expires_at > now
        ),
        hosts,
    )
    if not cookies:
        raise LendingError(f"The jar has no cookie in force for {', '.join(hosts)}.")
    return _fernet().encrypt(json.dumps([asdict(cookie) for cookie in cookies]).encode())


@transaction.atomic
def lend(
    platform: Platform,
    cookies: bytes,
    *,
    hosts: Sequence[str],
    lent_by: User,
    expires_at: dt.datetime | None,
    now: dt.datetime,
) -> LentSession:
    """Let workers use a session from now on. Withdraws the session lent before.

    cookies: what encrypt_cookies() returned.
    """
    for previous in platform.lent_sessions.standing():
        withdraw(previous, now=now)
    platform.pages.filter(access=Access.ACCOUNT).update(next_visit_at=now)
    return LentSession.objects.create(
        platform=platform,
        cookies=cookies,
        hosts=list(hosts),
        lent_by=lent_by,
        lent_at=now,
        expires_at=expires_at,
    )


def withdraw(session: LentSession, *, now: dt.datetime) -> None:
    """Stop using a session and wipe its cookies. The row stays as a record."""
    session.cookies = b""
    session.withdrawn_at = session.withdrawn_at or now
    session.save(update_fields=["cookies", "withdrawn_at"])


def cookies_of(session: LentSession, *, now: dt.datetime) -> tuple[LentCookie, ...]:
    """Return the cookies to send. Raises LendingError if the session has ended or is unreadable."""
    if session.expires_at is not None and session.expires_at <= now:
        raise LendingError(f"the lent session ended on {session.expires_at:%Y-%m-%d}")
    try:
        plain = _fernet().decrypt(bytes(session.cookies))
    except InvalidToken:
        raise LendingError("the lent session is encrypted with a key that is not set") from None
    return tuple(LentCookie(**values) for values in json.loads(plain))


def cookies_for(page: Page, *, now: dt.datetime) -> tuple[LentCookie, ...]:
    """Return the cookies to send on a visit that begins now; none if the page needs no account.

    Raises LendingError as cookies_of() does, and if the page was moved to a host that the lender
    did not name. The curator must then check the address and lend the session again.
    """
    if page.access != Access.ACCOUNT:
        return ()
    session = LentSession.objects.standing().filter(platform=page.platform_id).first()
    if session is None:
        return ()
    page_hosts = {urlsplit(address).hostname or "" for address in page.addresses}
    if unknown := sorted(page_hosts.difference(session.hosts)):
        raise LendingError(
            f"the session was not lent for {', '.join(unknown)}; "
            "look at the address of this page and lend the session again"
        )
    cookies = cookies_of(session, now=now)
    LentSession.objects.filter(pk=session.pk).update(last_used_at=now)
    return cookies


def hosts_of(platform: Platform) -> list[str]:
    """Return the hosts of a platform: of its homepage and of its pages that need an account."""
    account_urls = platform.pages.filter(access=Access.ACCOUNT).values_list("url", flat=True)
    names = (urlsplit(url).hostname for url in (platform.homepage, *account_urls))
    return sorted({name for name in names if name})


def limit_to_hosts(cookies: Iterable[LentCookie], hosts: Sequence[str]) -> tuple[LentCookie, ...]:
    """Return the cookies that a browser would send to one of these hosts, each for that host only.

    A jar contains the cookies of many sites, and a domain cookie is sent to every subdomain.
    """
    return tuple(
        dict.fromkeys(
            replace(cookie, domain=host)
            for cookie in cookies
            for host in hosts
            if _reaches(cookie.domain, host)
        )
    )


def _reaches(domain: str, host: str) -> bool:
    bare = domain.removeprefix(".")
    # A cookie for ".com" would be sent to every .com host. Browsers refuse it, and so do we.
    return host == bare or (domain.startswith(".") and "." in bare and host.endswith(f".{bare}"))


def _fernet() -> MultiFernet:
    if not settings.SESSION_KEYS:
        raise LendingError("SESSION_KEYS is not set, so no session can be kept (.env.example).")
    return MultiFernet([Fernet(key) for key in settings.SESSION_KEYS])


# --- Jars --------------------------------------------------------------------------------------


def read_jar(text: str) -> tuple[JarCookie, ...]:
    """Read a Netscape cookies.txt or the JSON of Playwright's storage_state.

    Raises LendingError, whose message contains nothing of the jar.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("{"):
        return tuple(_from_storage_state(text))
    return tuple(_from_cookies_txt(text))


def _from_cookies_txt(text: str) -> Iterator[JarCookie]:
    """domain, include subdomains, path, secure, expiry (Unix time, 0 for none), name, value."""
    for number, line in enumerate(text.splitlines(), start=1):
        # This prefix marks HttpOnly cookies, usually the login. Any other "#" begins a comment.
        line = line.removeprefix("#HttpOnly_")
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 7:
            raise LendingError(
                f"Line {number} is not of a cookies.txt: it has {len(fields)} fields instead of 7."
            )
        domain, include_subdomains, path, secure, expires, name, value = fields
        domain = domain.lower().removeprefix(".")
        yield _jar_cookie(
            name,
            value,
            domain=f".{domain}" if include_subdomains.upper() == "TRUE" else domain,
            path=path,
            secure=secure.upper() == "TRUE",
            expires=expires,
            place=f"line {number}",
        )


def _from_storage_state(text: str) -> Iterator[JarCookie]:
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise LendingError("The jar begins like JSON but is none.") from None
    cookies = state.get("cookies")
    if not isinstance(cookies, list):
        raise LendingError("The JSON is no storage state: it has no list of cookies.")
    for number, entry in enumerate(cookies, start=1):
        place = f"cookie {number}"
        if not isinstance(entry, Mapping):
            raise LendingError(f"In {place} the jar is no storage state.")
        yield _jar_cookie(
            entry.get("name"),
            entry.get("value"),
            domain=str(entry.get("domain", "")).lower(),
            path=entry.get("path", "/"),
            secure=bool(entry.get("secure")),
            expires=entry.get("expires", -1),
            place=place,
        )


def _jar_cookie(
    name: Any, value: Any, *, domain: str, path: Any, secure: bool, expires: Any, place: str
) -> JarCookie:
    if not (isinstance(name, str) and isinstance(value, str) and isinstance(path, str)):
        raise LendingError(f"In {place} a name, value or path is missing.")
    if any(ord(character) < 32 for character in name + value + path):
        raise LendingError(f"In {place} there is a character that no cookie can have.")
    try:
        seconds = float(expires)
        until = dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        raise LendingError(f"In {place} the expiry is no time.") from None
    return JarCookie(LentCookie(name, value, domain, path or "/", secure), until)
