"""Reports errors to Sentry, or to a server that speaks its protocol, without anything of readers.

What is sent is a list of what may be sent, not of what may not: type, message and stack of the
error, the name of the view or task, versions. No request, cookie, form, log line before it or value
of a variable; mail addresses, network addresses and keys of links are taken out of all texts.
"""

from __future__ import annotations

import re
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured

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
_SECRET = re.compile(
    r"[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]+"  # mail addresses
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}"  # IPv4, IPv6
    r"|(?<=/confirm/)[^\s?#]+|(?<=/address/)[^\s?#]+|(?<=/alerts/)[^\s?#]+|(?<=/u/)[^\s?#]+"
    r"|(?=[-_a-z]*\d)[-_a-z0-9]{24,}",  # keys of links, sessions, tokens
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


def without_people(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return what of an event may be sent."""
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
