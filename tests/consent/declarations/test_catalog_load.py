"""Files → database: once, again, after edits, and after files have changed."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.declarations import export_catalog, load_catalog
from consent.models import (
    Branch,
    Control,
    Entry,
    Guide,
    Offer,
    Passage,
    Revision,
    Source,
    State,
    Use,
)
from platforms.declarations import CatalogError
from platforms.desk.page_actions import move
from platforms.models import Page, Platform, Snapshot
from tests.arranging import arranged
from tests.consent.declarations.conftest import FIRST_SOURCE
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


def states_of(slug):
    return [
        (state.value, state.starts_on, state.starts_precision)
        for state in State.objects.filter(branch__use__slug=slug)
    ]


def capture(digest, day):
    seen = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return Snapshot.objects.create(
        page=Page.objects.get(),
        sha256=digest,
        size=1,
        final_url="https://chirp.example/help",
        first_seen_at=seen,
        last_seen_at=seen,
    )


def test_an_empty_database_gets_everything(folder):
    report = load_catalog(folder.path)

    assert report.created == {
        "reference": 2,
        "platform": 3,
        "page": 1,
        "use": 3,
        "control": 1,
        "entry": 4,
        "guide": 1,
    }
    assert report.conflicts == report.missing == []


def test_a_second_run_leaves_everything_alone(folder):
    load_catalog(folder.path)

    report = load_catalog(folder.path)

    assert (report.touched, report.left_alone.total()) == (0, 15)


def test_states_are_kept_with_their_days_and_the_entries_that_opened_them(folder):
    load_catalog(folder.path)

    assert states_of("training") == [
        ("not-used", None, "day"),
        ("unless-refused", dt.date(2024, 7, 1), "month"),
        ("only-if-agreed", dt.date(2025, 3, 1), "day"),
    ]
    state = State.objects.get(value="unless-refused")
    assert state.opened_by.key == "chirp-2024-07-default-on"


def test_branches_are_kept_in_their_order_with_places_people_and_sources(folder):
    load_catalog(folder.path)

    branches = Branch.objects.filter(use__slug="chats", use__platform__slug="duck")

    assert [(b.except_places, b.places, b.people) for b in branches] == [
        (["EEA"], [], ["personal"]),
        ([], ["EEA"], ["personal", "organisation"]),
    ]
    [source] = branches[1].states.get().sources.all()
    assert (source.url, source.entry, source.guide) == ("https://news.example/eea", None, None)


def test_uses_and_controls_are_in_the_order_of_the_file(folder):
    second = """\
- slug: a-second
  title: Your chats train Chirp's model
  purpose: training
  covers: Chats
  data_kinds: [chats]
  states: [{value: unclear}]
controls:
"""
    folder.replace("chirp", "controls:\n", second)
    load_catalog(folder.path)
    assert [use.slug for use in Use.objects.filter(platform__slug="chirp")] == [
        "training",
        "a-second",
    ]
    text = (folder.path / "chirp.yaml").read_text()
    first, rest = text.split("- slug: training\n")[1].split("- slug: a-second\n")
    last, controls = rest.split("controls:\n", 1)
    swapped = text.split("- slug: training\n")[0]
    swapped += f"- slug: a-second\n{last}- slug: training\n{first}controls:\n{controls}"
    folder.write("chirp", swapped)

    report = load_catalog(folder.path)

    assert [use.slug for use in Use.objects.filter(platform__slug="chirp")] == [
        "a-second",
        "training",
    ]
    assert report.conflicts == []


def test_a_control_is_kept_with_its_uses_surfaces_and_offers(folder):
    offers = (
        "  offered:\n"
        "  - {since: '2024-07', opened_by: chirp-2024-07-default-on, places: [EU]}\n"
        "  - {some_of: [world], plans: [Pro], until: '2025'}\n"
    )
    folder.replace("chirp", "  reach: future-only\n", f"  reach: future-only\n{offers}")
    folder.replace("chirp", "pages:\n", "plans: {list: [{name: Pro}]}\npages:\n")

    load_catalog(folder.path)

    control = Control.objects.get()
    assert [str(use) for use in control.uses.all()] == [
        "Chirp: Your public posts train Chirp's model"
    ]
    assert [(s.surface, s.path) for s in control.surfaces.all()] == [("web", "Settings › Privacy")]
    assert [
        (o.places, o.some_of, o.plans, o.starts_on, o.ends_on, o.opened_by and o.opened_by.key)
        for o in control.offers.all()
    ] == [
        (["EU"], [], [], dt.date(2024, 7, 1), None, "chirp-2024-07-default-on"),
        ([], ["world"], ["Pro"], None, dt.date(2025, 1, 1), None),
    ]
    assert Offer.objects.count() == 2


PASSAGE = f"    passages: [{{side: after, span: 3-7, sha256: {'ab' * 32}}}]\n"
OTA = "commit: 0123456789abcdef0123456789abcdef01234567\n"


def test_words_from_the_archive_and_from_a_curator_stay_when_the_file_changes_its_entry(folder):
    folder.replace("chirp", OTA, OTA + PASSAGE)
    load_catalog(folder.path)
    source = Source.objects.get(entry__key="chirp-2025-03-01-default-off")
    with arranged():
        Passage.objects.create(
            source=source, position=1, side="after", sha256="cd" * 32, words="Typed words"
        )
        Passage.objects.filter(position=0).update(words="From the archive")
    assert load_catalog(folder.path).conflicts == []
    folder.replace("chirp", "The switch is now off.", "The switch starts off.")

    assert load_catalog(folder.path).changed == {"entry": 1}

    passages = Passage.objects.order_by("position")
    assert [(p.position, p.starts_at, p.ends_at, p.words) for p in passages] == [
        (0, 3, 7, "From the archive"),
        (1, None, None, "Typed words"),
    ]


def test_a_shared_event_is_one_entry_on_every_platform(folder):
    load_catalog(folder.path)

    entry = Entry.objects.get(key="duck-2024-use")

    assert [platform.slug for platform in entry.platforms.all()] == ["duck", "goose"]
    assert entry.uses.count() == 2


def test_a_catalog_entry_is_published_on_the_day_of_its_newest_source(folder):
    load_catalog(folder.path)

    entry = Entry.objects.get(key="chirp-2024-07-default-on")

    assert entry.status == "published"
    assert entry.published_at == entry.updated_at == dt.datetime(2024, 7, 26, tzinfo=dt.UTC)


def test_an_entry_says_which_one_it_follows_until_its_file_takes_that_out(folder, client):
    follows = "  follows: duck-2024-use\n"
    folder.replace("chirp", "  announced:", f"{follows}  announced:")
    load_catalog(folder.path)
    entry = Entry.objects.get(key="chirp-2025-03-01-default-off")
    earlier = Entry.objects.get(key="duck-2024-use")
    assert earlier.get_absolute_url() in client.get(entry.get_absolute_url()).content.decode()

    folder.replace("chirp", follows, "")
    load_catalog(folder.path)

    entry.refresh_from_db()
    assert entry.follows is None


def test_a_day_of_publication_may_be_stated(folder):
    folder.replace("chirp", "  confidence: high\n", "  confidence: high\n  published: 2024-08-01\n")

    load_catalog(folder.path)

    entry = Entry.objects.get(key="chirp-2024-07-default-on")
    assert entry.published_at == dt.datetime(2024, 8, 1, tzinfo=dt.UTC)


def test_a_draft_stays_a_draft(folder):
    load_catalog(folder.path)

    entry = Entry.objects.get(key="duck-2024-rumour")

    assert (entry.status, entry.published_at) == ("draft", None)


def test_a_record_of_open_terms_archive_becomes_archived_evidence(folder):
    load_catalog(folder.path)

    source = Source.objects.get(entry__key="chirp-2025-03-01-default-off")

    assert source.publisher == "Open Terms Archive"
    assert source.url.endswith("/commit/0123456789abcdef0123456789abcdef01234567")
    assert source.archived_url == (
        "https://github.com/OpenTermsArchive/demo-versions/blob/"
        "0123456789abcdef0123456789abcdef01234567/Chirp/Privacy%20Policy.md"
    )


def test_a_file_changes_what_nobody_edited(folder):
    load_catalog(folder.path)
    folder.replace("chirp", "since: '2024-07'", "since: '2024-07-15'")
    folder.replace("chirp", "effective: '2024-07'", "effective: '2024-07-15'")

    report = load_catalog(folder.path)

    assert report.changed == {"use": 1, "entry": 1}
    assert states_of("training")[1][1] == dt.date(2024, 7, 15)


def test_a_changed_entry_counts_as_updated_now(folder):
    load_catalog(folder.path)
    folder.replace("chirp", "A switch appears", "A new switch appears")

    load_catalog(folder.path)

    entry = Entry.objects.get(key="chirp-2024-07-default-on")
    assert entry.updated_at > entry.published_at


def test_an_edited_entry_is_kept_and_both_values_are_told(folder):
    load_catalog(folder.path)
    with arranged():
        Entry.objects.filter(key="chirp-2024-07-default-on").update(summary="Edited.")
    folder.replace("chirp", "A switch appears, and it is on.", "Changed.")

    report = load_catalog(folder.path)

    [conflict] = report.conflicts
    assert conflict.differences == (("summary", "Edited.", "Changed."),)
    assert Entry.objects.get(key="chirp-2024-07-default-on").summary == "Edited."


def test_an_edited_state_counts_as_an_edit_of_its_use(folder):
    load_catalog(folder.path)
    with arranged():
        State.objects.filter(value="only-if-agreed").update(value="not-used")
    folder.replace("chirp", "covers: Public posts", "covers: Posts")

    report = load_catalog(folder.path)

    assert [conflict.name for conflict in report.conflicts] == ["chirp/training"]
    assert Use.objects.get(slug="training").covers == "Public posts"


def test_an_edited_surface_counts_as_an_edit_of_its_control(folder):
    load_catalog(folder.path)
    with arranged():
        Control.objects.get().surfaces.update(path="Menu › Privacy")
    folder.replace("chirp", "label: Allow training", "label: Allow AI training")

    report = load_catalog(folder.path)

    assert [conflict.name for conflict in report.conflicts] == ["chirp/switch"]
    assert Control.objects.get().label == "Allow training"


def test_a_guide_written_anew_stays_reported_broken(folder):
    load_catalog(folder.path)
    surface = Guide.objects.get().surfaces.get()
    surface.reported_broken_at = timezone.now()
    surface.save()
    folder.replace("chirp", "minutes: 2", "minutes: 3")
    assert load_catalog(folder.path).changed["guide"] == 1
    assert [one.surface for one in Guide.objects.get().broken_surfaces()] == [surface.surface]


def test_an_edited_step_counts_as_an_edit_of_its_guide(folder):
    load_catalog(folder.path)
    guide = Guide.objects.get()
    with arranged():
        guide.surfaces.get().steps.filter(position=1).update(act="Open the menu.")
    folder.replace("chirp", "minutes: 2", "minutes: 3")

    report = load_catalog(folder.path, take="file")

    assert report.changed["guide"] == 1
    assert guide.surfaces.get().steps.first().act == "Open Settings, then Privacy."


def test_taking_the_database_settles_a_conflict_for_good(folder):
    load_catalog(folder.path)
    with arranged():
        Guide.objects.update(minutes=9)
    folder.replace("chirp", "minutes: 2", "minutes: 3")
    load_catalog(folder.path, take="database")

    report = load_catalog(folder.path)

    assert Guide.objects.get().minutes == 9
    assert not report.conflicts[0].file_changed


def test_a_dry_run_tells_and_changes_nothing(folder):
    report = load_catalog(folder.path, dry_run=True)

    assert report.created["entry"] == 4
    assert not Platform.objects.exists()


def test_one_bad_file_keeps_all_files_out(folder):
    folder.replace("goose", "category: assistant", "category: bird")

    with pytest.raises(CatalogError):
        load_catalog(folder.path)

    assert not Platform.objects.exists()


def test_what_disappears_is_reported_and_kept(folder):
    load_catalog(folder.path)
    (folder.path / "goose.yaml").unlink()
    folder.replace(
        "duck", "platforms: [duck, goose]\n  uses: [chats, goose/chats]", "uses: [chats]"
    )

    report = load_catalog(folder.path)

    assert report.missing == ["platform goose", "use goose/chats"]
    assert Platform.objects.filter(slug="goose").exists()


def test_a_source_joins_our_own_capture_once_the_archive_has_it(folder):
    digest = "ab" * 32
    folder.replace(
        "chirp", "    publisher: Chirp\n", f"    publisher: Chirp\n    snapshot: {digest}\n"
    )
    load_catalog(folder.path)
    capture(digest, dt.date(2025, 4, 1))

    report = load_catalog(folder.path)

    assert report.changed == {"guide": 1}
    assert Source.objects.get(guide__slug="chirp-training").snapshot.sha256 == digest
    assert load_catalog(folder.path).touched == 0


def test_a_source_of_a_state_joins_our_own_capture_too(folder):
    digest = "ab" * 32
    source = (
        f"    sources: [{{url: 'https://chirp.example/help', publisher: C, snapshot: {digest}}}]"
    )
    folder.replace("chirp", FIRST_SOURCE, f"    basis: stated\n{source}\n")
    load_catalog(folder.path)
    assert load_catalog(folder.path).touched == 0
    capture(digest, dt.date(2025, 4, 1))

    report = load_catalog(folder.path)

    assert report.changed == {"use": 1}
    assert Source.objects.exclude(state=None).get(snapshot__sha256=digest)
    assert load_catalog(folder.path).touched == 0


def test_a_state_that_begins_on_the_same_day_stays_the_same_row(folder):
    load_catalog(folder.path)
    numbers = list(State.objects.filter(branch__use__slug="training").values_list("pk", flat=True))
    folder.replace("chirp", "value: only-if-agreed", "value: not-used")

    load_catalog(folder.path)

    states = State.objects.filter(branch__use__slug="training")
    assert list(states.values_list("pk", flat=True)) == numbers
    assert states.get(starts_on="2025-03-01").value == "not-used"


def test_a_branch_taken_out_of_a_file_goes_with_its_states(folder):
    load_catalog(folder.path)
    text = (folder.path / "duck.yaml").read_text()
    start, end = text.index("  - places: [EEA]\n"), text.index("entries:\n")
    folder.write("duck", text[:start] + text[end:])

    load_catalog(folder.path)

    assert Branch.objects.filter(use__platform__slug="duck").count() == 1
    assert State.objects.filter(branch__use__platform__slug="duck").count() == 1


def test_of_captures_with_the_same_bytes_the_last_by_the_date_of_the_source_is_meant(folder):
    digest = "ab" * 32
    dated = f"    snapshot: {digest}\n    date: 2025-04-01\n    publisher: C\n"
    folder.replace("chirp", "    publisher: Chirp\n", dated)
    load_catalog(folder.path)
    for month, day in ((3, 1), (3, 20), (5, 1)):
        capture(digest, dt.date(2025, month, day))

    load_catalog(folder.path)

    assert Source.objects.get(guide__slug="chirp-training").snapshot.first_seen_at.day == 20


def test_a_page_that_a_curator_moved_is_still_the_one_that_the_file_names(folder):
    load_catalog(folder.path)
    page = Page.objects.get()
    curator = User.objects.create_user("ada")
    url = "https://chirp.example/new-home"
    move(page, url, seen=page.url, curator=curator, now=timezone.now())

    report = load_catalog(folder.path)

    assert Page.objects.get().url == "https://chirp.example/new-home"
    assert (report.created.total(), report.missing) == (0, [])
    # What the file says of it otherwise is listed, and stays as the curator made it.
    assert {conflict.kind for conflict in report.conflicts} == {"page", "use", "control", "guide"}


def test_a_file_describes_a_platform_that_was_known_by_an_import_alone(folder, client):
    known = make_platform("duck", name="duck", operator="not known", listed=False)
    assert client.get("/platforms/duck").status_code == 404

    report = load_catalog(folder.path)

    known.refresh_from_db()
    assert (known.name, known.operator, known.listed) == ("Duck", "Duck Ltd.", True)
    assert (report.changed["platform"], report.conflicts) == (1, [])
    assert client.get("/platforms/duck").status_code == 200


def test_a_platform_that_a_curator_hid_stays_hidden_also_on_its_way_through_the_files(
    folder, tmp_path
):
    load_catalog(folder.path)
    with arranged():
        Platform.objects.filter(slug="goose").update(listed=False)

    [conflict] = load_catalog(folder.path).conflicts
    assert conflict.differences == (("listed", False, None),)
    export_catalog(tmp_path / "out")
    report = load_catalog(tmp_path / "out")

    assert (report.touched, report.conflicts) == (0, [])
    assert not Platform.objects.get(slug="goose").listed
    with arranged():
        Platform.objects.get(slug="goose").delete()
    load_catalog(tmp_path / "out")
    assert not Platform.objects.get(slug="goose").listed


def test_a_new_record_is_not_asked_what_it_has(folder):
    with CaptureQueriesContext(connection) as taken:
        load_catalog(folder.path)

    parts = ("consent_source", "consent_guidesurface", "consent_controlsurface", "consent_offer")
    asked = [
        query["sql"]
        for query in taken.captured_queries
        if query["sql"].startswith("SELECT")
        and any(f'FROM "{part}"' in query["sql"] for part in parts)
        # Numbering the entries at the end reads the sources of all of them at once.
        and " IN (" not in query["sql"]
    ]
    assert asked == []


SECOND_USE = """\
- slug: voice
  title: Your voice trains Chirp's model
  purpose: training
  covers: Calls
  data_kinds: [voice]
  states:
  - value: unclear
"""


def test_a_new_order_of_uses_is_in_the_changelog_and_revises_no_entry(folder, client):
    folder.replace("chirp", "controls:\n", SECOND_USE + "controls:\n")
    load_catalog(folder.path)
    last = client.get("/api/v1/changelog?limit=500").json()["items"][-1]["id"]
    folder.replace("chirp", SECOND_USE, "")
    folder.replace("chirp", "uses:\n- slug: training", f"uses:\n{SECOND_USE}- slug: training")
    load_catalog(folder.path)

    listed = client.get(f"/api/v1/changelog?after={last}").json()["items"]
    assert [(each["record"], each["fields"]) for each in listed] == [
        ("chirp/voice", ["order"]),
        ("chirp/training", ["order"]),
    ]
    assert not Revision.objects.exists()


def test_the_new_rows_of_a_table_are_written_together(folder):
    with CaptureQueriesContext(connection) as taken:
        load_catalog(folder.path)

    for model in (Platform, Branch, State, Entry):
        words = f'INSERT INTO "{model._meta.db_table}"'
        assert model.objects.count() > 1
        assert sum(words in query["sql"] for query in taken.captured_queries) == 1, words
