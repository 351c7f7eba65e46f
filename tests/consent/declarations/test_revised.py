"""Corrections that catalog files state become public revisions, once, and mails where owed."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from consent.curation import revisions
from consent.declarations import export_catalog, load_catalog, read_catalog
from consent.models import Alert, Entry, Letter, Revision
from consent.vocabulary import AlertKind, LetterKind
from platforms.declarations import CatalogError
from tests.consent.alerts.readers import make_reader

pytestmark = pytest.mark.django_db

KEY = "chirp-2025-03-01-default-off"
REVISED = """\
  effective: '2025-03-01'
  revised:
  - on: '2025-05-06'
    reason: The day of the blog post had been taken for it.
    changed:
    - {field: effective, before: '2025-02-10', after: '2025-03-01'}
    - {field: deadline, before: '', after: '2025-04'}
"""


@pytest.fixture
def revised(folder):
    folder.replace("chirp", "  effective: '2025-03-01'\n", REVISED)
    return folder


def test_a_fresh_database_lists_them_on_both_pages_and_mails_nobody(revised, client):
    report = load_catalog(revised.path)

    assert report.created["revision"] == 1
    revision = Revision.objects.get()
    assert (revision.kind, revision.editor) == ("correction", None)
    assert revision.revised_at == dt.datetime(2025, 5, 6, tzinfo=dt.UTC)
    address = Entry.objects.get(key=KEY).get_absolute_url()
    of_entry, of_all = (client.get(each).content.decode() for each in (address, "/corrections"))
    for page in (of_entry, of_all):
        assert "The day of the blog post had been taken for it." in page
        assert "6 May 2025</time>" in page
        assert "by None" not in page
    assert "6 May 2025</time>: " in of_entry  # the day, not a made-up time of day
    assert all(each in of_entry for each in ("10 February 2025", "April 2025", "not stated"))
    assert f'href="{address}#revisions-before"' in of_all
    assert Letter.objects.count() == 0


def test_loading_them_again_makes_no_second_row(revised):
    load_catalog(revised.path)

    report = load_catalog(revised.path)

    assert (report.touched, Revision.objects.count()) == (0, 1)


def test_those_who_were_told_of_the_entry_get_a_letter_about_a_new_one(folder):
    load_catalog(folder.path)
    told = make_reader("told@mail.example")
    make_reader("other@mail.example")
    Alert.objects.create(
        entry=Entry.objects.get(key=KEY),
        subscriber=told,
        subscription=told.subscriptions.get(),
        kind=AlertKind.CHANGE,
        frequency="as-it-happens",
        due_at=dt.datetime(2025, 3, 2, tzinfo=dt.UTC),
        sent_at=dt.datetime(2025, 3, 2, tzinfo=dt.UTC),
    )
    folder.replace("chirp", "  effective: '2025-03-01'\n", REVISED)

    load_catalog(folder.path)
    load_catalog(folder.path)

    letter = Letter.objects.get()
    assert (letter.kind, letter.subscriber) == (LetterKind.REVISED, told)


def test_what_the_desk_revised_returns_through_the_files_as_the_same_row(folder, tmp_path):
    load_catalog(folder.path)
    editor = User.objects.create_user("ada")
    entry = Entry.objects.get(key=KEY)
    revisions.correct(entry, reason="A slip.", editor=editor, title="Chirp turns it off")
    export_catalog(tmp_path / "out")

    report = load_catalog(tmp_path / "out")

    assert Revision.objects.count() == 1
    assert report.conflicts == []
    (written,) = read_catalog(tmp_path / "out").entries[KEY].revised
    assert (written.reason, written.changed[0].field) == ("A slip.", "title")
    assert written.changed[0].after == "Chirp turns it off"


def test_what_was_taken_back_stays_so_through_the_files(folder, tmp_path):
    load_catalog(folder.path)
    editor = User.objects.create_user("ada")
    entry = Entry.objects.get(key=KEY)
    mended = revisions.correct(entry, reason="A slip.", editor=editor, title="Chirp turns it off")
    revisions.take_back_revision(mended, reason="It was none.", editor=editor)
    export_catalog(tmp_path / "out")
    first, second = read_catalog(tmp_path / "out").entries[KEY].revised
    assert (first.undoes, second.undoes) == (None, first.on)

    for file in (tmp_path / "out").glob("*.yaml"):  # as an entry that is not there yet
        file.write_text(file.read_text().replace(KEY, f"{KEY}-elsewhere"))
    load_catalog(tmp_path / "out")

    taken_back, again = Revision.objects.filter(entry__key__endswith="-elsewhere").order_by("pk")
    assert again.undoes == taken_back
    assert not Entry.objects.corrected().exists()


def test_a_revision_of_an_entry_that_was_edited_here_waits_for_the_edit(folder):
    load_catalog(folder.path)
    editor = User.objects.create_user("ada")
    entry = Entry.objects.get(key=KEY)
    revisions.correct(entry, reason="A slip.", editor=editor, title="Chirp turns it off")
    folder.replace("chirp", "  effective: '2025-03-01'\n", REVISED)

    load_catalog(folder.path)
    assert Revision.objects.count() == 1

    load_catalog(folder.path, take="file")
    assert Revision.objects.count() == 2


def test_an_entry_counts_as_updated_on_the_day_of_its_last_revision(revised, tmp_path):
    load_catalog(revised.path)

    assert Entry.objects.get(key=KEY).updated_at.date() == dt.date(2025, 5, 6)
    export_catalog(tmp_path / "out")
    exported = read_catalog(tmp_path / "out").entries[KEY]
    assert exported == read_catalog(revised.path).entries[KEY]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("field: effective", "field: effektive", "'effektive' is no key of an entry"),
        (
            "  revised:",
            "  status: draft\n  reason: Not sure.\n  revised:",
            "only what was published",
        ),
        (
            "  - on: '2025-05-06'\n",
            "  - {on: '2025-06-01', reason: Later.}\n  - on: '2025-05-06'\n",
            "oldest first",
        ),
        (
            "  revised:\n",
            "  revised:\n  - {on: '2025-05-06', "
            "reason: The day of the blog post had been taken for it.}\n",
            "the same reason twice",
        ),
        (
            "  - on: '2025-05-06'\n",
            "  - on: '2025-05-06'\n    undoes: '2025-05-01'\n",
            "undoes: no earlier revision of this entry is of 2025-05-01",
        ),
    ],
)
def test_what_cannot_be_a_revision_is_refused(revised, old, new, problem):
    revised.replace("chirp", old, new)

    with pytest.raises(CatalogError, match=problem):
        read_catalog(revised.path)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[in-product, blog]", "[mail, not-at-all]", "told not-at-all stands alone"),
        ("[hidden, resets]", "[form-only]", "form-only follows from the controls"),
    ],
)
def test_how_people_were_told_and_frictions_have_rules(folder, old, new, problem):
    folder.replace("chirp", old, new)

    with pytest.raises(CatalogError, match=problem):
        read_catalog(folder.path)


def test_those_of_a_day_keep_the_order_of_the_files(folder):
    revised = "  revised: [{on: '2025-05-06', reason: A slip.}]\n"
    for name in ("chirp", "duck"):
        path = folder.path / f"{name}.yaml"
        text = path.read_text()
        path.write_text(text.replace("  direction:", f"{revised}  direction:"))
    folder.replace("duck", "  status: draft\n  reason: One report only.\n", "")
    keys = list(read_catalog(folder.path).entries)
    assert len(keys) == 4

    load_catalog(folder.path)

    assert list(Revision.objects.order_by("pk").values_list("entry__key", flat=True)) == keys
