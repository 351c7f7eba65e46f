"""Recognises answers instead of the page: logins and checks against automated readers. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from platforms.fetching import phrases
from platforms.fetching.page import FetchedPage
from platforms.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence for an outcome. reason: what was recognised, in words."""

    outcome: Outcome
    reason: str


# Header → what its value must contain. These are sent only with a challenge.
_CHALLENGE_HEADERS = {
    "cf-mitigated": ("challenge", "block"),
    "x-amzn-waf-action": ("challenge", "captcha"),
    "x-vercel-mitigated": ("challenge", "deny"),
    "x-sucuri-block": ("",),
}
# Present on all answers of a protected site, so they count only on a refusal.
_GUARD_HEADERS = ("x-datadome", "x-kpsdk-ct", "x-px-block", "x-iinfo", "x-distil-cs")

# Markup of challenge pages. Some services also add their scripts to good pages, so these count
# only on refusals and on pages with almost no text.
_CHALLENGE_MARKUP = (
    (b"_cf_chl_opt", "Cloudflare challenge script"),
    (b"cf-browser-verification", "Cloudflare browser check"),
    (b"cf-error-details", "Cloudflare block page"),
    (b"/cdn-cgi/challenge-platform/h/", "Cloudflare challenge script"),
    (b"awswafintegration", "AWS WAF challenge script"),
    (b"gokuprops", "AWS WAF challenge script"),
    (b"captcha-delivery.com", "DataDome challenge"),
    (b"px-captcha", "PerimeterX challenge"),
    (b"_pxappid", "PerimeterX script"),
    (b"_incapsula_resource", "Imperva challenge"),
    (b"errors.edgesuite.net", "Akamai block page"),
    (b"sec-if-cpt-container", "Akamai challenge"),
    (b"ak-challenge", "Akamai challenge"),
    (b"kpsdk", "Kasada challenge"),
    (b"ddos-guard", "DDoS-Guard challenge"),
    (b"/sorry/index", "Google traffic check"),
    (b"sucuri website firewall", "Sucuri block page"),
    (b"g-recaptcha", "reCAPTCHA"),
    (b"h-captcha", "hCaptcha"),
    (b"cf-turnstile", "Cloudflare Turnstile"),
    (b"arkoselabs", "Arkose challenge"),
)
_MARKUP_READ = 200_000  # bytes; challenge pages are small

_PASSWORD_FIELD = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)
_NO_WORDS = re.compile(r"<(script|style)\b.*?(?:</\1|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_WORDS_READ = 20_000  # bytes
_SENTENCES_READ = 10
_REFUSALS = (
    (Outcome.BOT_WALL, phrases.BOT_WALL),
    (Outcome.LOGIN_WALL, phrases.LOGIN),
)

_LOGIN_PATH = re.compile(
    r"(?:^|/)(?:log-?_?in|sign-?_?in|log-?_?on|sign-?_?on|users?/sign_in|accounts?/login|servicelogin|"
    r"authwall|authenticate|auth|sso|session/new|sessions/new|checkpoint|oauth2?|openid|saml2?|"
    r"anmelden|connexion|einloggen|iniciar-sesion|accedi)(?:$|[/.?;])",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(r"^(?:log-?in|sign-?in|auth|sso|idp|passport|accounts?)\.", re.IGNORECASE)


def find_wall(page: FetchedPage) -> Finding | None:
    """Return the wall shown by headers, redirects or, on a refusal, markup; None without one."""
    return (
        challenge_in_headers(page)
        or login_redirect(page)
        or (refusal_by_guard(page) if page.status >= 400 else None)
    )


def challenge_in_headers(page: FetchedPage) -> Finding | None:
    for name, marks in _CHALLENGE_HEADERS.items():
        value = page.headers.get(name)
        if value is not None and any(mark in value.lower() for mark in marks):
            return Finding(Outcome.BOT_WALL, f"header {name}: {value[:80]}")
    return None


def login_redirect(page: FetchedPage) -> Finding | None:
    """Return a finding if the page redirected us to a login."""
    return login_target(page.url, page.final_url)


def login_target(asked: str, reached: str) -> Finding | None:
    """Return a finding if a redirect leads to a login, unless the page itself is a login."""
    if asked == reached or not reached or _looks_like_login(asked):
        return None
    # With the same last path segment, the page only moved to a host for accounts.
    moved = _last_step(asked) == _last_step(reached) and not _LOGIN_PATH.search(_path(reached))
    if _looks_like_login(reached) and not moved:
        shown = reached.split("?", 1)[0]
        return Finding(Outcome.LOGIN_WALL, f"sent on to {shown[:200]}")
    return None


def _path(url: str) -> str:
    return urlsplit(url).path


def _last_step(url: str) -> str:
    return _path(url).rstrip("/").rpartition("/")[2]


def _looks_like_login(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOGIN_PATH.search(parts.path) or _LOGIN_HOST.match(parts.hostname or ""))


def refusal_by_guard(page: FetchedPage) -> Finding | None:
    """Return the wall behind an answer of status 400 or above, if it can be recognised."""
    if page.status == 999:
        return Finding(Outcome.BOT_WALL, "status 999, which refuses automated readers")
    if page.status == 401 and "www-authenticate" in page.headers:
        return Finding(Outcome.LOGIN_WALL, "status 401 asks for credentials")
    if page.status not in (401, 403, 405, 406, 429, 503):
        return None
    for name in _GUARD_HEADERS:
        if name in page.headers:
            return Finding(Outcome.BOT_WALL, f"status {page.status} with header {name}")
    return challenge_in_markup(page.body) or _refusal_in_words(page)


def _refusal_in_words(page: FetchedPage) -> Finding | None:
    """Return the wall that the text of a refusal names. Not for busy servers (429, 503)."""
    if page.status in (429, 503):
        return None
    if _PASSWORD_FIELD.search(page.body[:_MARKUP_READ]):
        return Finding(Outcome.LOGIN_WALL, f"status {page.status} with a password field")
    text = page.body[:_WORDS_READ].decode("utf-8", errors="replace")
    words = html.unescape(_TAG.sub("\n", _NO_WORDS.sub("", text)))
    for sentence in phrases.sentences(words)[:_SENTENCES_READ]:
        for outcome, wording in _REFUSALS:
            if phrases.opens_with(wording, sentence):
                return Finding(outcome, f"status {page.status}, says “{sentence[:120]}”")
    return None


def challenge_in_markup(body: bytes) -> Finding | None:
    start = body[:_MARKUP_READ].lower()
    for trace, name in _CHALLENGE_MARKUP:
        if trace in start:
            return Finding(Outcome.BOT_WALL, name)
    return None
