"""The edition of the public ledger: a name that changes with every commit that readers can see.

It is in the cache that all processes share, so reading it costs no query. Code that writes need
not know about it: every SQL statement is inspected, and after one that writes to a table shown to
readers, the commit begins a new edition.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

KEY = "edition"
#: Seconds until per_edition makes its data again. Maximum age of data whose writes start no new
#: edition.
LASTING = 60

#: Models that visits write all day; they begin no edition. Pages show these data up to
#: page_cache.FRESH plus LASTING seconds late.
_VISIT_MODELS = frozenset(
    {
        *("page", "host", "fetch", "visitday", "snapshot", "document", "lentsession"),
        *("outage", "heartbeat", "scheduledtask"),
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

_Data = TypeVar("_Data")
#: The edition of the page that is being drawn; "" if nothing may be kept.
_read: ContextVar[str] = ContextVar("edition read", default="")
#: By name: the edition of the data, when they were read, and the data.
_kept: dict[str, tuple[str, float, Any]] = {}


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
    return _begins_at_commit(connection)


def _begins_at_commit(connection: Any) -> bool:
    waiting: list[tuple[Any, ...]] = connection.run_on_commit  # savepoints, function, robust
    return any(function is begin for _savepoints, function, _robust in waiting)


@contextmanager
def reading(edition: str) -> Iterator[None]:
    """Let per_edition keep data for this edition. Read its name before the first query."""
    before = _read.set(edition)
    try:
        yield
    finally:
        _read.reset(before)


@contextmanager
def as_one_page() -> Iterator[None]:
    """Let per_edition keep data as for a page, for a task that reads what pages read.

    It must change none of that. Also a decorator.
    """
    with reading(uuid.uuid4().hex):
        yield


def per_edition(name: str, make: Callable[[], _Data]) -> _Data:
    """Return data that many pages need, made once in this process for an edition.

    They must not depend on the day or the language, and must not be modified. Outside of public
    pages, and in transactions that have written, they are made each time.
    """
    edition, now = _read.get(), time.time()
    if not edition:
        return make()
    data: _Data | None = already_kept(name)
    if data is None:
        data = make()
        _kept[name] = edition, now, data
    return data


def already_kept(name: str) -> Any:
    """Return data that per_edition keeps for this page already; None if they are to be made."""
    edition, read_at, data = _kept.get(name) or ("", 0.0, None)
    is_current = edition == _read.get() and time.time() - read_at < LASTING
    return data if is_current else None


def forget_kept() -> None:
    """Forget the data of per_edition. For tests, which share a process."""
    _kept.clear()


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
    if match and match["table"] in _seen_tables() and not _wrote_nothing(match, context):
        connection = context["connection"]
        if not _begins_at_commit(connection):
            connection.on_commit(begin)
    return result


def _wrote_nothing(match: re.Match[str], context: dict[str, Any]) -> bool:
    """Return whether a statement surely changed no row, such as an update of what is so already."""
    # With RETURNING, SQLite counts rows only once they are fetched.
    is_counted = match["verb"].upper() in ("UPDATE", "DELETE FROM")
    is_counted = is_counted and " RETURNING " not in match.string.upper()
    return is_counted and context["cursor"].rowcount == 0


@lru_cache(maxsize=1)
def _seen_tables() -> frozenset[str]:
    """Return the tables that pages show: all of ours but those excluded above."""
    return frozenset(
        model._meta.db_table
        for app in ("platforms", "consent")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__module__ not in _UNSEEN_MODULES
        and not (app == "platforms" and model._meta.model_name in _VISIT_MODELS)
    )
