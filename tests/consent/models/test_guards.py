"""The database itself changes nothing that readers see outside of an act."""

import uuid
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from consent.models import (
    Control,
    Entry,
    Guide,
    GuideSurface,
    Passage,
    ProviderStatement,
    Source,
    State,
    Use,
)
from platforms import guards
from platforms.guards import guarded, public_act
from platforms.models import OpenAct, Page, Platform, RecordVersion
from platforms.vocabulary import PublicChangeKind
from tests.arranging import arranged
from tests.consent.desk.filling import fill
from tests.consent.public_rows import differing, public_rows
from tests.factories import (
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database(every_case=True)]

_number = count(1)
#: Bookkeeping: what anybody's visit, report or file load may write.
FREE = [
    ("consent_entry", "updated_at"),
    ("consent_guide", "source_changed_at"),
    ("consent_guidesurface", "reported_broken_at"),
    ("consent_use", "source_changed_at"),
    ("consent_control", "source_changed_at"),
    ("consent_passage", "words"),
    ("platforms_platform", "declared_digest"),
]


@pytest.fixture
def filled():
    """At least one public row in every guarded table."""
    fill(User.objects.create_user("ada"))
    with arranged():
        entry, guide = Entry.objects.published().first(), Guide.objects.first()
        use, control = Use.objects.first(), Control.objects.first()
        entry.uses.add(use)
        entry.controls.add(control)
        entry.references.create(slug="law", name="Law", kind="law", place="EU")
        use.pages.add(Page.objects.first())
        control.pages.add(Page.objects.first())
        control.offers.create()
        source = entry.sources.first() or make_source(entry)
        Passage.objects.create(source=source, words="We train on posts.", sha256="0" * 64)
        guide.pages.add(Page.objects.first())
        entry.changes.add(Page.objects.first().changes.first())
        statement = ProviderStatement.objects.create(key="one", law="eu-ai-act-53-1-d")
        statement.platforms.add(Platform.objects.first())
    return {table for table, _ in public_rows()}


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement, *values):
    with pytest.raises(IntegrityError, match="only within an act"), transaction.atomic():
        execute(statement, *values)


def another(guard, column):
    """SQL for another value of a column, that differs in every row."""
    field = next(it for it in guard.model._meta.concrete_fields if it.column == column)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return f'NOT "{column}"'
    if kind in ("DateField", "DateTimeField"):
        return "'2001-01-01'"
    if kind == "JSONField":
        return f"""'["{next(_number)}"]'"""
    if kind in ("CharField", "TextField", "SlugField", "URLField"):
        return f"'other {next(_number)}'"
    return f'COALESCE("{column}", 0) + 1'


def test_every_guarded_table_is_filled(filled):
    assert filled == {guard.table for guard in guarded()}


def test_every_guarded_column_of_what_is_public_is_refused(filled):
    before = public_rows()
    for guard in guarded():
        [number, *_] = sorted(number for table, number in before if table == guard.table)
        for column in guard.columns:
            value = another(guard, column)
            refused(f'UPDATE {guard.table} SET "{column}" = {value} WHERE id = %s', number)
    assert public_rows() == before


def test_adding_and_removing_is_refused(filled):
    before = public_rows()
    for guard in guarded():
        if guard.only:
            continue
        [number, *_] = sorted(number for table, number in before if table == guard.table)
        refused(f"DELETE FROM {guard.table} WHERE id = %s", number)
        columns = [field.column for field in guard.model._meta.concrete_fields][1:]
        names = ", ".join(f'"{column}"' for column in columns)
        copied = f"SELECT {names} FROM {guard.table} WHERE id = %s"
        refused(f"INSERT INTO {guard.table} ({names}) {copied}", number)
    assert public_rows() == before


def test_postgresql_refuses_to_empty_a_table_at_one_stroke(filled):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused("TRUNCATE consent_guidestep")


def test_bookkeeping_stays_free(filled):
    before = public_rows()
    for table, column in FREE:
        value = "'x'" if column.endswith("digest") else "'2001-01-01'"
        execute(f"UPDATE {table} SET {column} = {value}")
    assert public_rows() == before


def test_a_draft_is_written_freely_until_it_is_public():
    entry = make_entry(make_platform(), status="draft", published_at=None)
    source = make_source(entry)
    entry.title = "Other words"
    entry.save()
    source.delete()
    entry.platforms.clear()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(status="published", published_at="2024-01-01")
    entry.delete()


def test_a_guide_is_not_made_public_on_the_side():
    guide = make_guide(make_platform(), status="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.filter(pk=guide.pk).update(status="published")
    public = make_guide(guide.platform)
    # Nor does a surface that nobody walked get to a public guide, or away from it.
    for surface, other in ((guide.surfaces.get(), public), (public.surfaces.get(), guide)):
        with pytest.raises(IntegrityError), transaction.atomic():
            GuideSurface.objects.filter(pk=surface.pk).update(guide=other, surface="ios")


def test_a_use_and_a_page_do_not_change_their_platform():
    platform, touchy = make_platform(), make_platform(second_review=True)
    use, page = make_use(touchy), make_page(touchy)
    for record in (use, page):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(platform=platform)


def test_an_act_opens_what_it_names_and_nothing_else():
    mine, other = make_entry(make_platform()), make_entry(make_platform())
    with public_act(PublicChangeKind.REVISION, by=None, on=[mine]):
        Entry.objects.filter(pk=mine.pk).update(title="Mine")
        Source.objects.create(entry=mine, url="https://x.example", publisher="X")
        for refusable in (
            lambda: Entry.objects.filter(pk=other.pk).update(title="Other"),
            lambda: Source.objects.create(entry=other, url="https://x.example", publisher="X"),
            lambda: Platform.objects.update(name="Other"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                refusable()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=mine.pk).update(title="Once more")
    version = RecordVersion.objects.get(act_kind="revision")
    assert (version.record_id, version.version, version.origin) == (mine.pk, 2, "desk")


def test_states_belong_to_the_entry_that_turns_them():
    platform = make_platform()
    use, entry = make_use(platform), make_entry(platform)
    state, branch = make_state(use), use.branches.get()
    with public_act(PublicChangeKind.DECISION, by=None, on=[entry]):
        State.objects.create(
            branch=branch, value="unclear", starts_on="2024-01-01", opened_by=entry
        )
        for refusable in (
            lambda: State.objects.create(branch=branch, value="unclear", starts_on="2024-02-01"),
            lambda: State.objects.filter(pk=state.pk).update(value="not-used"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                refusable()


def test_what_fails_inside_leaves_nothing_open():
    entry = make_entry(make_platform())
    change = public_act(PublicChangeKind.REVISION, by=None, on=[entry])
    with pytest.raises(ZeroDivisionError), change:
        raise ZeroDivisionError
    assert not OpenAct.objects.exists()
    assert not RecordVersion.objects.filter(act_kind="revision").exists()
    refused("UPDATE consent_entry SET title = 'x'")


@transaction.atomic
def leave_open(entry):
    OpenAct.objects.create(act=uuid.uuid4(), closed_before_id=-1)
    Entry.objects.update(title="Left open")


@pytest.mark.django_db(transaction=True)
def test_a_change_left_open_is_not_committed():
    entry = make_entry(make_platform())
    with pytest.raises(IntegrityError):
        leave_open(entry)
    assert Entry.objects.get().title == entry.title


@pytest.mark.django_db(transaction=True)
def test_a_migrate_sets_the_guards_up_again():
    make_entry(make_platform())
    guards.release()
    execute("UPDATE consent_entry SET title = 'Unguarded'")
    call_command("migrate", verbosity=0)
    refused("UPDATE consent_entry SET title = 'x'")


def test_rows_that_differ_are_named():
    entry = make_entry(make_platform())
    before = public_rows()
    with arranged():
        Entry.objects.update(title="Other words")
    assert differing(before, public_rows()) == {("consent_entry", entry.pk)}
