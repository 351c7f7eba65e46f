"""How tests write what readers see: past the door, but with versions before the next act."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from platforms.models import OpenAct, RecordVersion
from platforms.record_versions import Act, check_versions, write_versions
from platforms.vocabulary import PublicChangeKind

_OPENING = f'INSERT INTO "{OpenAct._meta.db_table}"'


class Arrangements:
    """What tests wrote past the door since the last act, and acts since they last wrote."""

    def __init__(self) -> None:
        self.depth = 0
        self.opens = False
        self.is_always_open = False
        self.unversioned = False
        self.versions: uuid.UUID | None = None  # the act that versioned what was arranged
        self.acted = False

    def before_an_act(self) -> None:
        """Give what was arranged its versions, as if acts had written it."""
        if self.opens:
            return
        if self.lacks_versions():
            version_everything()
        self.acted = True

    def lacks_versions(self) -> bool:
        """Whether something arranged may have no version, also since an act was rolled back."""
        if self.unversioned or self.depth or self.is_always_open:
            return True
        if self.versions is None:
            return False
        return not RecordVersion.objects.filter(act=self.versions).exists()

    def check(self) -> None:
        """Compare all records with their versions, if an act wrote some since the last time."""
        if self.acted and not self.lacks_versions():
            faults = check_versions()
            assert faults == [], faults
        self.acted = False


arrangements = Arrangements()


@contextmanager
def arranged() -> Iterator[None]:
    """Let a test put records as it needs them; also a decorator.

    Only around what a test arranges, never around what it tests: there the code has to open an act.
    """
    if arrangements.depth:
        yield
        return
    arrangements.check()
    act = uuid.uuid4()
    arrangements.depth += 1
    try:
        with transaction.atomic():
            arrangements.opens = True
            OpenAct.objects.create(act=act, closed_before_id=-1)
            arrangements.opens, arrangements.unversioned = False, True
            yield
            arrangements.unversioned = True  # an act in between may have versioned a part
            OpenAct.objects.filter(act=act).delete()
    finally:
        arrangements.depth -= 1


def version_everything() -> int:
    """Write a version of each record that differs from its newest one; return how many."""
    act = Act(PublicChangeKind.CATALOG, named=None)
    with transaction.atomic():
        write_versions(act)
    arrangements.unversioned = False
    arrangements.versions = act.id if act.changes else None
    return len(act.changes)


@contextmanager
def acts_watched(*, always_open: bool) -> Iterator[None]:
    """Give arranged records their versions before each act, and check those that acts wrote.

    always_open: the test may write public rows at any time.
    """
    arrangements.__init__()  # type: ignore[misc]
    arrangements.is_always_open = always_open
    with connection.execute_wrapper(_before_acts):
        yield
        arrangements.check()


def _before_acts(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if isinstance(sql, str) and sql.startswith(_OPENING):
        arrangements.before_an_act()
    return execute(sql, params, many, context)
