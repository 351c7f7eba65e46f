"""The edition of the public ledger: a name that changes with every commit that readers can see.

It is in the cache that all processes share, so reading it costs no query. Code that writes need
not know about it: every SQL statement is inspected, and after one that writes to a table shown to
readers, the commit begins a new edition.
"""

import logging
import re
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

KEY = "edition"

#: Models that visits write all day; they begin no edition. Pages show these data up to
#: page_cache.FRESH plus parts.LASTING seconds late.
_VISIT_MODELS = frozenset(
    {
        *("page", "host", "fetch", "visitday", "snapshot", "document", "lentsession"),
        *("outage", "heartbeat"),
    }
)
#: Modules of models that no page shows. Of readers' feedback, pages show only counts, which may be
#: as late as above; and as anybody can send feedback, it must not be able to empty the cache.
_UNSEEN_MODULES = frozenset(
    {"consent.models.alerts", "consent.models.readers", "consent.models.form_counts"}
)

_WRITES = re.compile(
    r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(\w+)", re.IGNORECASE
)


def begin(**_: Any) -> str:
    """Begin a new edition and return its name."""
    name = uuid.uuid4().hex
    try:
        caches["pages"].set(KEY, name, timeout=None)
    except Exception as error:  # any cache backend, any error: the commit itself succeeded
        log.warning("Pages may be minutes old: the cache takes no new edition: %r", error)
    return name


def has_uncommitted_writes() -> bool:
    """True if this transaction has changed public data that is not committed yet."""
    waiting: list[tuple[Any, ...]] = connection.run_on_commit  # savepoints, function, robust
    return any(hook is begin for _savepoints, hook, _robust in waiting)


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
    if match and match[1] in _seen_tables() and not has_uncommitted_writes():
        context["connection"].on_commit(begin)
    return result


@lru_cache(maxsize=1)
def _seen_tables() -> frozenset[str]:
    """Return all our tables but those excluded above; a new table is included by default."""
    return frozenset(
        model._meta.db_table
        for app in ("platforms", "consent")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__module__ not in _UNSEEN_MODULES
        and not (app == "platforms" and model._meta.model_name in _VISIT_MODELS)
    )
