"""Whether an error of the database means that it is away, or that a query is wrong."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError

#: SQLSTATE (PostgreSQL, appendix A): no connection, out of resources, shutting down, read-only.
_AWAY_STATES = ("08", "53", "57P", "25006")
_AWAY_ON_SQLITE = (
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN"),
    *("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_READONLY"),
)


def is_database_away(error: BaseException | None) -> bool:
    """True if the same query may work later: the database is away, overloaded or read-only."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    cause = error.__cause__
    if name := getattr(cause, "sqlite_errorname", None):
        return str(name).startswith(_AWAY_ON_SQLITE)
    if type(cause).__module__.partition(".")[0] != "psycopg":
        return False
    state: str | None = getattr(cause, "sqlstate", None)
    if state is None:  # it never reached the server, or the connection broke
        return type(cause).__name__ in ("OperationalError", "InterfaceError")
    return state.startswith(_AWAY_STATES)


def in_one_line(error: BaseException) -> str:
    """Return an error's first 200 characters without line breaks."""
    return " ".join(str(error).split())[:200]
