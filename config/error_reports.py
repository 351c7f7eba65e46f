"""Reports errors to Sentry, or to a server that speaks its protocol, without anything of readers.

What is sent is a list of what may be sent, not of what may not: type, message and stack of the
error, the name of the view or task, versions. No request, cookie, form, log line before it or value
of a variable; mail addresses, network addresses and keys of links are taken out of all texts.
"""

from __future__ import annotations

import re
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured

from config.logs import is_refusal

_KEPT = frozenset(
    {
        *("event_id", "timestamp", "level", "platform", "logger", "environment", "release", "sdk"),
        *("exception", "logentry", "message", "transaction", "fingerprint", "modules"),
    }
)
_KEPT_OF_FRAMES = frozenset(
    {
        *("filename", "abs_path", "function", "module", "lineno", "in_app"),
        *("pre_context", "context_line", "post_context"),
    }
)
_AT = r"(?:@|%(?:25)*40|&(?:commat|#0*64|#x0*40);|\\u0040|\\x40)"
_SECRET = re.compile(
    rf"[^\s<>()\[\]\"',;:=/?&]+{_AT}[^\s<>()\[\]\"',;:=/?&]+"  # mail addresses, also encoded
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}"  # IPv4, IPv6
    r"|(?<=/confirm/)[^\s?#]+|(?<=/address/)[^\s?#]+|(?<=/alerts/)[^\s?#]+|(?<=/u/)[^\s?#]+"
    r"|(?<=/desk-mail/)[^\s?#]+|(?<=/join/)[^\s?#]+"
    r"|(?<=://)[^\s/@\"']*:[^\s/\"']*(?=@)"  # user and password of a server
    r"|(?<=[?&])[^\s\"'<>#]+"  # a query: whatever its parameters are named
    r"|(?:authorization|cookie|password|secret|token|api[-_]?key|session\w*|csrf\w*)"
    r"[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer)\s+)?[^\s\"',;]+"
    r"|\b(?:basic|bearer)\s+[-._~+/=a-z0-9]{8,}"
    r"|(?=[-_.%a-z]*\d)[-_.%a-z0-9]{24,}",  # keys of links, sessions, tokens
    re.IGNORECASE,
)


def start(dsn: str, *, environment: str) -> None:
    """Begin to report errors of this process. dsn: where to, with its key."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.celery import CeleryIntegration
        from sentry_sdk.integrations.django import DjangoIntegration
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN needs a package: pip install --requirement requirements-sentry.txt"
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        integrations=[DjangoIntegration(transaction_style="function_name"), CeleryIntegration()],
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        send_client_reports=False,
        send_default_pii=False,
        before_send=cast(Any, without_people),
    )


def without_people(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Return what of an event may be sent; None for a request that was refused, as any may be."""
    if (record := hint.get("log_record")) is not None and is_refusal(record):
        return None
    kept = {name: value for name, value in event.items() if name in _KEPT}
    if str(kept.get("transaction", "")).startswith("/"):
        del kept["transaction"]  # an address, where Django found no view
    for error in (kept.get("exception") or {}).get("values", []):
        stack = error.get("stacktrace") or {}
        stack["frames"] = [
            {name: value for name, value in frame.items() if name in _KEPT_OF_FRAMES}
            for frame in stack.get("frames", [])
        ]
        error.pop("mechanism", None)
    identity = {name: kept.pop(name, None) for name in ("event_id", "timestamp", "modules")}
    cleaned: dict[str, Any] = _cleaned(kept)
    return cleaned | {name: value for name, value in identity.items() if value is not None}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRET.sub("…", value)
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value
