"""The logs of decisions, revisions and verifications are append-only, even past the models."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError
from django.db.models.signals import post_migrate

from consent.curation.undo import undo
from consent.models import Decision, Entry
from platforms.append_only import AppendOnly, protect_logs, unprotect_logs
from tests.consent.desk.filling import fill
from tests.factories import make_entry, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.database(every_case=True)]


#: Every log there is, whichever room it belongs to.
LOGS = AppendOnly.__subclasses__()


@pytest.fixture
def editor():
    return User.objects.create_user("ada")


@pytest.fixture
def logged(editor):
    """A row in every log."""
    fill(editor)
    return LOGS


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def ways_to_ruin(model):
    return {
        "update": lambda: model.objects.update(id=F("id")),
        "delete": lambda: model.objects.all().delete(),
        "UPDATE": lambda: execute(f"UPDATE {model._meta.db_table} SET id = id"),
        "DELETE": lambda: execute(f"DELETE FROM {model._meta.db_table}"),
    }


def test_the_database_refuses_to_change_or_remove_a_row(logged):
    allowed = []
    for model in LOGS:
        before = list(model.objects.values())
        assert before, model
        for name, ruin in ways_to_ruin(model).items():
            try:
                with transaction.atomic():
                    ruin()
            except (IntegrityError, ProtectedError):
                continue
            allowed.append((model, name))
        assert list(model.objects.values()) == before, model
    assert allowed == []


def test_postgresql_refuses_to_empty_a_log_at_one_stroke(logged):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="is a log"), transaction.atomic():
        execute("TRUNCATE consent_decision CASCADE")
    assert Decision.objects.exists()


def test_undoing_adds_a_row_and_changes_none(logged, editor):
    ruled = Decision.objects.get(ruling="dismiss")
    before = Decision.objects.filter(pk=ruled.pk).values().get()
    undo(ruled, curator=editor)
    assert ruled.undone_by.curator == editor
    assert Decision.objects.filter(pk=ruled.pk).values().get() == before


def test_a_draft_that_nobody_ruled_on_and_its_sources_can_still_be_thrown_away(logged):
    draft = make_entry(status="draft", published_at=None)
    make_source(draft)
    draft.delete()
    assert not Entry.objects.filter(pk=draft.pk).exists()


def test_people_who_ruled_are_kept_but_lose_their_personal_data_on_request(logged, editor):
    with pytest.raises(ProtectedError):
        editor.delete()
    User.objects.filter(pk=editor.pk).update(
        username="former-1", first_name="", last_name="", email="", is_active=False
    )
    assert str(Decision.objects.first().curator) == "former-1"


def test_the_guard_is_put_up_again_by_every_migrate_and_can_be_repeated(logged):
    assert protect_logs in {receiver() for _, receiver, *_ in post_migrate.receivers}
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")
    unprotect_logs(connection)
    for _ in range(2):
        protect_logs(using="default")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(note="rewritten")
