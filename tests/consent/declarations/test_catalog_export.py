"""Database → files → the same database; same content, same bytes."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.core.management import call_command

from consent.declarations import export_catalog, load_catalog, read_catalog
from consent.models import (
    Control,
    Entry,
    Guide,
    GuideStep,
    Offer,
    Passage,
    Reference,
    Source,
    State,
    Use,
)
from platforms.declarations import CatalogError
from platforms.models import Page, Platform
from tests.arranging import arranged
from tests.factories import make_branch, make_platform, make_use

pytestmark = pytest.mark.django_db


def rows():
    """Return what every row says, whatever its number and whenever it was written."""
    return {
        "platforms": list(Platform.objects.order_by("slug").values_list("slug", *PLATFORM)),
        "references": list(Reference.objects.order_by("slug").values_list("slug", "name", "url")),
        "pages": list(Page.objects.order_by("url").values_list("url", *PAGE)),
        "uses": list(Use.objects.order_by("platform__slug", "slug").values_list("slug", *USE)),
        "controls": list(
            Control.objects.order_by("platform__slug", "slug").values_list("slug", *CONTROL)
        ),
        "offers": list(Offer.objects.order_by("control__slug", "position").values_list(*OFFER)),
        "states": list(
            State.objects.order_by(
                "branch__use__platform__slug",
                "branch__use__slug",
                "branch__position",
                "starts_on",
                "sources__position",
            ).values_list("branch__use__slug", *STATE)
        ),
        "passages": list(
            Passage.objects.order_by("source__url", "position").values_list("source__url", *PASSAGE)
        ),
        "entries": [
            (
                row,
                sorted(Entry.objects.filter(key=row[0]).values_list("platforms__slug")),
                sorted(
                    Entry.objects.filter(key=row[0]).values_list("uses__slug", "controls__slug")
                ),
                sorted(Entry.objects.filter(key=row[0]).values_list("references__slug")),
                list(Source.objects.filter(entry__key=row[0]).values_list(*SOURCE)),
            )
            for row in Entry.objects.order_by("key").values_list("key", *ENTRY)
        ],
        "guides": [
            (
                row,
                list(GuideStep.objects.filter(surface__guide__slug=row[0]).values_list(*STEP)),
                list(Source.objects.filter(guide__slug=row[0]).values_list(*SOURCE)),
            )
            for row in Guide.objects.order_by("slug").values_list("slug", *GUIDE)
        ],
    }


PLATFORM = ("name", "operator", "category", "homepage", "aliases", "summary", "note", "origin")
PAGE = ("kind", "title", "select", "remove", "fetch_mode", "access", "paused_at", "paused_reason")
WHERE_AND_WHO = ("places", "except_places", "some_of", "people", "plans", "who")
USE = ("title", "title_if_not", "purpose", "part", "covers", "data_kinds", "position", "pages__url")
CONTROL = (
    "label",
    "name",
    "labels",
    "former_labels",
    "refuse",
    "by",
    "binding",
    "act_covers",
    "reach",
    "to",
    "position",
    "uses__slug",
    "pages__url",
    "surfaces__surface",
    "surfaces__path",
    "surfaces__deep_link",
)
OFFER = (
    "control__slug",
    "starts_on",
    "ends_on",
    "opened_by__key",
    "closed_by__key",
    "note",
    *WHERE_AND_WHO,
)
STATE = (
    "branch__position",
    *(f"branch__{name}" for name in WHERE_AND_WHO),
    "value",
    "starts_on",
    "starts_precision",
    "since_is",
    "disputed",
    "note",
    "basis",
    "opened_by__key",
    "sources__url",
)
PASSAGE = ("side", "starts_at", "ends_at", "sha256")
ENTRY = (
    "public_id",
    "title",
    "summary",
    "effects",
    "direction",
    "data_kinds",
    "told",
    "topic",
    *WHERE_AND_WHO,
    "decided_on",
    "due_on",
    "follows__key",
    "outcome__key",
    "confidence",
    "basis",
    "note",
    "announced_on",
    "effective_on",
    "effective_precision",
    "observed_from",
    "observed_to",
    "timeline_on",
    "status",
    "status_reason",
    "published_at",
    "updated_at",
)
SOURCE = ("url", "publisher", "title", "published_on", "published_precision", "archived_url")
GUIDE = (
    *("title", "minutes", "before_you_start", "caveats", "frictions", "how_to_check", "status"),
    "pages__url",
)
STEP = ("surface__surface", "surface__verified_on", "position", "act", "expect")


@arranged()
def wipe():
    for model in (State, Source, Guide, Entry, Control, Use, Page, Platform, Reference):
        model.objects.all().delete()


def test_an_export_loads_to_the_same_rows(folder, tmp_path):
    load_catalog(folder.path)
    before = rows()

    export_catalog(tmp_path / "out")
    wipe()
    load_catalog(tmp_path / "out")

    assert rows() == before


def test_curated_work_survives_the_round_trip(folder, tmp_path):
    load_catalog(folder.path)
    now = dt.datetime(2025, 6, 1, 12, 30, 15, 250000, tzinfo=dt.UTC)
    use = Use.objects.get(slug="training")
    with arranged():
        entry = Entry.objects.create(
            key="chirp-2025-05-30-resumed",
            title="Chirp resumes training",
            summary='Seen on its help page.\n\nWith a second paragraph: "quoted", and # more.',
            effects=["resumed"],
            direction="less-control",
            some_of=["world"],
            people=["personal"],
            confidence="medium",
            basis="seen",
            observed_from=now - dt.timedelta(days=2),
            observed_to=now - dt.timedelta(days=1),
            status="published",
            published_at=now,
        )
        entry.platforms.add(use.platform)
        entry.uses.add(use)
        State.objects.create(
            branch=use.branches.get(),
            value="unclear",
            starts_on=dt.date(2025, 5, 30),
            opened_by=entry,
        )
    Page.objects.update(paused_at=now, paused_reason="The page is gone.")
    before = rows()

    export_catalog(tmp_path / "out")
    wipe()
    load_catalog(tmp_path / "out")

    assert rows() == before


def test_edits_that_return_through_the_files_are_no_conflict(folder, tmp_path):
    load_catalog(folder.path)
    with arranged():
        Guide.objects.update(minutes=9)
    export_catalog(folder.path)

    report = load_catalog(folder.path)

    assert (report.touched, report.conflicts) == (0, [])


def test_exporting_twice_gives_the_same_bytes(folder, tmp_path):
    load_catalog(folder.path)
    first = {path.name: path.read_bytes() for path in export_catalog(tmp_path / "out")}
    wipe()
    load_catalog(tmp_path / "out")

    second = {path.name: path.read_bytes() for path in export_catalog(tmp_path / "again")}

    assert first == second


def test_an_undated_draft_does_not_say_when_it_was_loaded(folder, tmp_path):
    folder.replace("duck", "  effective: '2024'\n", "")
    load_catalog(folder.path)

    [exported] = [path for path in export_catalog(tmp_path / "out") if path.name == "duck.yaml"]

    assert "updated" not in exported.read_text()


def test_passages_and_places_come_back_as_they_were(folder, tmp_path):
    ota = "commit: 0123456789abcdef0123456789abcdef01234567\n"
    passage = {"side": "before", "span": "3-7", "sha256": "ab" * 32}
    folder.replace("chirp", ota, f"{ota}    passages: [{json.dumps(passage)}]\n")
    folder.replace("chirp", "  kind: help\n", "  kind: help\n  except: [EEA]\n")
    load_catalog(folder.path)

    export_catalog(tmp_path / "out")

    assert read_catalog(tmp_path / "out") == read_catalog(folder.path)


def test_what_an_entry_follows_comes_back_as_it_was(folder, tmp_path):
    load_catalog(folder.path)
    earlier = Entry.objects.get(key="duck-2024-use")
    with arranged():
        Entry.objects.filter(key="chirp-2025-03-01-default-off").update(follows=earlier)
    before = rows()
    first = {path.name: path.read_bytes() for path in export_catalog(tmp_path / "out")}
    assert b"  follows: duck-2024-use\n" in first["chirp.yaml"]

    wipe()
    load_catalog(tmp_path / "out")

    assert rows() == before
    assert {path.name: path.read_bytes() for path in export_catalog(tmp_path / "again")} == first


def test_files_are_written_with_the_key_of_each_record_first(folder, tmp_path):
    load_catalog(folder.path)
    export_catalog(tmp_path / "out")

    text = (tmp_path / "out" / "duck.yaml").read_text()

    assert text.startswith("format: 2\nname: Duck\n")
    assert "\n- key: duck-2024-use\n" in text
    assert "\n  data_kinds: [chats]\n  branches:\n  - except: [EEA]\n    states:\n" in text
    assert "\n  direction: less-control\n  except: [EEA]\n  people: [personal]\n" in text


def test_an_edit_makes_a_difference_of_one_line(folder, tmp_path):
    load_catalog(folder.path)
    [before] = [p for p in export_catalog(tmp_path / "a") if p.name == "chirp.yaml"]
    with arranged():
        Guide.objects.update(minutes=9)

    [after] = [p for p in export_catalog(tmp_path / "b") if p.name == "chirp.yaml"]

    changed = set(after.read_text().splitlines()) - set(before.read_text().splitlines())
    assert changed == {"  minutes: 9"}


def test_a_record_that_could_not_be_loaded_back_is_named(folder, tmp_path):
    load_catalog(folder.path)
    with arranged():
        Entry.objects.filter(key="duck-2024-rumour").update(status_reason="")

    with pytest.raises(CatalogError, match="is draft without a reason"):
        export_catalog(tmp_path / "out")


# The moment of the load is on the page, and a second may pass between the two.
@time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False)
def test_public_pages_are_the_same_after_export_wipe_and_load(folder, tmp_path, client):
    load_catalog(folder.path)
    addresses = [
        "/timeline",
        "/platforms/chirp",
        "/guides/chirp-training",
        Entry.objects.get(key="duck-2024-use").get_absolute_url(),
    ]

    def read():
        # A database goes on counting rows after a wipe; a new one begins at 1 again.
        return [re.sub(rb"source-\d+", b"source", client.get(url).content) for url in addresses]

    before = read()

    call_command("export_catalog", tmp_path / "out", verbosity=0)
    wipe()
    call_command("load_catalog", tmp_path / "out", verbosity=0)

    assert [client.get(address).status_code for address in addresses] == [200] * 4
    assert read() == before


def test_a_use_whose_state_nobody_recorded_is_named_instead_of_exported(tmp_path):
    with arranged():
        make_branch(make_use(make_platform("x")))
    with pytest.raises(CatalogError, match=r"states: is empty; add an item|has no states"):
        export_catalog(tmp_path)
