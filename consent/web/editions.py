"""The edition of the public ledger: a name that changes with every commit that readers can see.

It is in the cache that all processes share, so reading it costs no query. Code that writes need
not know about it: every SQL statement is inspected, and after one that writes to a table shown to
readers, the commit begins a new edition.

Most decisions write only entries, states and their sources. What pages show of everything else,
such as platforms, controls and guides, has an edition of its own, which those leave as it is.
"""

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

KEY = "edition"
#: Where the edition of all but _NEWS_MODELS is.
STEADY_KEY = "edition-of-the-rest"

#: Models that visits write all day; they begin no edition. Pages show these data up to
#: page_cache.FRESH plus parts.LASTING seconds late.
_VISIT_MODELS = frozenset(
    {
        *("page", "host", "fetch", "visitday", "snapshot", "document", "lentsession"),
        *("outage", "heartbeat", "scheduledtask"),
    }
)
#: Models that a published, corrected or retracted entry writes to. Parts of the steady edition do
#: not read them (parts.steady_parts). All other models belong to it, also new ones.
_NEWS_MODELS = frozenset(
    {
        *("entry", "entry_platforms", "entry_uses", "entry_controls", "entry_references", "state"),
        *("source", "passage", "change", "suggestion", "decision", "revision", "sample"),
        *("recordversion", "versioncounter", "openact"),
        *("stampedday", "stampedrecord", "timestamp"),
    }
)
#: Modules of models that no page shows. Of readers' feedback, pages show only counts, which may be
#: as late as above; and as anybody can send feedback, it must not be able to empty the cache.
_UNSEEN_MODULES = frozenset(
    {"consent.models.alerts", "consent.models.feedback", "consent.models.form_counts"}
)

_WRITES = re.compile(
    r"\s*(?P<verb>INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(?P<table>\w+)",
    re.IGNORECASE,
)


def begin(**_: Any) -> str:
    """Begin a new edition of everything and return its name."""
    begin_steady()  # first: who reads the new name below reads the new one here as well
    return begin_news()


def begin_news() -> str:
    """Begin a new edition after a write to _NEWS_MODELS alone, and return its name."""
    return _begin(KEY)


def begin_steady() -> str:
    return _begin(STEADY_KEY)


def _begin(key: str) -> str:
    name = uuid.uuid4().hex
    try:
        caches["pages"].set(key, name, timeout=None)
    except Exception as error:  # any cache backend, any error: the commit itself succeeded
        log.warning("Pages may be minutes old: the cache takes no new edition: %r", error)
    return name


def has_uncommitted_writes() -> bool:
    """True if this transaction has changed public data that is not committed yet."""
    return _waits(connection, begin) or _waits(connection, begin_news)


def _waits(connection: Any, function: Callable[[], str]) -> bool:
    """Return whether the commit of this transaction will call a function."""
    waiting: list[tuple[Any, ...]] = connection.run_on_commit  # savepoints, function, robust
    return any(hook is function for _savepoints, hook, _robust in waiting)


def watch_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of connection_created: inspect every statement of a connection."""
    if _inspect not in connection.execute_wrappers:
        connection.execute_wrappers.append(_inspect)


def _inspect(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    result = execute(sql, params, many, context)
    # Statements that write are text; psycopg's composed ones only set up connections.
    match = _WRITES.match(sql) if isinstance(sql, str) else None
    if (
        match
        and (begins := _functions().get(match["table"]))
        and not _wrote_nothing(match, context)
    ):
        if match["verb"].upper() == "TRUNCATE":
            begins = begin  # it may name more tables
        connection = context["connection"]
        if not (_waits(connection, begin) or _waits(connection, begins)):
            connection.on_commit(begins)
    return result


def _wrote_nothing(match: re.Match[str], context: dict[str, Any]) -> bool:
    """Return whether a statement surely changed no row, such as an update of what is so already."""
    # With RETURNING, SQLite counts rows only once they are fetched.
    is_counted = match["verb"].upper() in ("UPDATE", "DELETE FROM")
    is_counted = is_counted and " RETURNING " not in match.string.upper()
    return is_counted and context["cursor"].rowcount == 0


@lru_cache(maxsize=1)
def _functions() -> Mapping[str, Callable[[], str]]:
    """Return what a write to each of our tables calls; those excluded above are left out."""
    return {
        model._meta.db_table: begin_news if model._meta.model_name in _NEWS_MODELS else begin
        for app in ("platforms", "consent")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__module__ not in _UNSEEN_MODULES
        and not (app == "platforms" and model._meta.model_name in _VISIT_MODELS)
    }
