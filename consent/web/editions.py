"""The edition of the public ledger: a name that is another one after every commit readers can see.

It stands in the cache that all processes share, so that asking for it costs no query. Whoever
writes does not have to think of it: every statement is looked at, and one that writes to a table
readers see begins a new edition once it is committed.
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

#: What visits write all day. Pages tell it as old as they are themselves (caching.FRESH) and the
#: parts they were drawn from (parts.LASTING).
_FLOWING = frozenset({"page", "host", "fetch", "snapshot", "document", "lentsession"})
#: Whole modules of models that no reader sees. What readers tell us is seen as counts alone, which
#: flow; and anybody can send it, who must not be able to empty the cache by it.
_UNSEEN = frozenset(
    {"consent.models.alerts", "consent.models.readers", "consent.models.form_counts"}
)

_WRITES = re.compile(
    r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(\w+)", re.IGNORECASE
)


def begin(**_: Any) -> str:
    """Begin a new edition, and return its name."""
    name = uuid.uuid4().hex
    try:
        caches["pages"].set(KEY, name, timeout=None)
    except Exception as error:  # whatever the cache is: what was committed stands
        log.warning("Pages may be minutes behind, their cache could not be told: %r", error)
    return name


def has_uncommitted_writes() -> bool:
    """True while this transaction has written what others do not see yet, and may never see."""
    waiting: list[tuple[Any, ...]] = connection.run_on_commit  # savepoints, function, robust
    return any(hook is begin for _savepoints, hook, _robust in waiting)


def watch_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of connection_created: look at every statement of a connection."""
    if _notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(_notice)


def _notice(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    result = execute(sql, params, many, context)
    # What writes is text; psycopg's composed statements only set up connections.
    written = _WRITES.match(sql) if isinstance(sql, str) else None
    if written and written[1] in _seen_tables() and not has_uncommitted_writes():
        context["connection"].on_commit(begin)
    return result


@lru_cache(maxsize=1)
def _seen_tables() -> frozenset[str]:
    """All tables of ours but those named above: a new table counts until it is named there."""
    return frozenset(
        model._meta.db_table
        for app in ("platforms", "consent")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__module__ not in _UNSEEN
        and not (app == "platforms" and model._meta.model_name in _FLOWING)
    )
