"""The page of corrections: by day and platform, edits of files apart."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.models import Reference, Revision
from tests.arranging import version_everything
from tests.factories import make_entry, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


def revise(entry, on, editor=None):
    at = dt.datetime.combine(on, dt.time(12), dt.UTC)
    changed = [{"field": "Sentence", "before": "Old words", "after": "New words"}]
    Revision.objects.create(
        entry=entry,
        kind="correction",
        reason="A slip.",
        changed=changed,
        editor=editor,
        revised_at=at,
    )


def days(client, section):
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    found = page.select(f"section[aria-labelledby={section}] .revised-day")
    return [" ".join(day.summary.get_text(" ", strip=True).split()) for day in found]


def test_revisions_are_grouped_by_day_and_platform_and_those_of_files_are_apart(client, ada):
    entry = make_entry(make_platform("x", name="X"), title="X trains")
    other = make_entry(make_platform("poe", name="Poe"), title="Poe trains")
    revise(entry, dt.date(2026, 1, 5), ada)
    revise(other, dt.date(2026, 1, 5), ada)
    revise(entry, dt.date(2026, 1, 3), ada)
    revise(entry, dt.date(2025, 12, 1))
    assert days(client, "corrected") == [
        "5 January 2026 · 2 edits: Poe, X",
        "3 January 2026 · 1 edit: X",
    ]
    assert days(client, "in-files") == ["1 December 2025 · 1 edit: X"]


def test_a_day_is_folded_by_platform(client, ada):
    for slug in ("poe", "x"):
        revise(make_entry(make_platform(slug, name=slug)), dt.date(2026, 1, 5), ada)
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    folds = page.select(".revised-day details:not([open])")
    assert [fold.summary.get_text() for fold in folds] == ["poe · 1 edit", "x · 1 edit"]
    assert all("Old words" in fold.get_text() for fold in folds)


def test_of_edits_in_files_the_page_of_the_change_has_the_words(client):
    entry = make_entry(make_platform(), title="X trains")
    revise(entry, dt.date(2025, 12, 1))
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    link = page.select_one("[aria-labelledby=in-files] .revised-day a")
    assert link.parent.get_text() == "X trains: A slip."
    assert "Old words" not in page.get_text()
    changed = BeautifulSoup(client.get(link["href"]).text, "lxml").select_one("#revisions-before")
    assert "Old words" in changed.parent.get_text()


def test_records_are_named_where_a_file_writes_their_keys(client):
    x, poe = make_platform("x", name="X"), make_platform("poe", name="Poe")
    make_state(make_use(x, slug="posts", title="Your posts train Grok"), "unless-refused")
    make_state(make_use(poe, slug="chats", title="Your chats train models"), "unless-refused")
    Reference.objects.create(
        slug="gdpr", name="GDPR", kind="law", place="EU", url="https://x.test/"
    )
    entry = make_entry(x, title="X trains")
    changed = [
        {"field": "Uses", "before": "posts", "after": "posts, poe/chats, gone"},
        {"field": "Laws and authorities", "before": "not stated", "after": "gdpr"},
    ]
    Revision.objects.create(entry=entry, kind="correction", reason="A slip.", changed=changed)
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    fields = page.select(".reworded")
    assert [field.ins.text for field in fields] == [
        "X · Your posts train Grok; Poe · Your chats train models; gone",
        "GDPR",
    ]
    assert [field.find("del").text for field in fields] == [
        "X · Your posts train Grok",
        "not stated",
    ]


@pytest.mark.parametrize(
    ("prefix", "none", "edited"),
    [
        ("", "Nothing that was shown here has been corrected so far.", "before it was first shown"),
        ("/de", "Bisher wurde nichts berichtigt, was hier zu lesen war.", "bevor es hier erstmals"),
        ("/fr", "Rien de ce qui a été publié ici n’a été corrigé", "avant la première publication"),
    ],
)
def test_an_edit_of_a_file_before_it_was_shown_is_no_correction_of_what_was_shown(
    client, settings, tmp_path, prefix, none, edited
):
    settings.CATALOG_DIR = tmp_path  # without claims
    entry = make_entry(make_platform(), title="X trains", origin="catalog")
    version_everything()
    revise(entry, timezone.localdate() - dt.timedelta(days=1))
    page = BeautifulSoup(client.get(f"{prefix}/corrections").text, "lxml")
    assert none in page.text
    record = BeautifulSoup(client.get(f"{prefix}{entry.get_absolute_url()}").text, "lxml")
    assert [head.text for head in record.select("[id^=revisions]") if edited in head.text]
    assert "Corrected" not in record.select_one(".revisions").text


def test_an_edit_of_a_file_after_it_was_shown_is_a_correction(client):
    entry = make_entry(make_platform("x", name="X"), title="X trains", origin="catalog")
    version_everything()
    revise(entry, timezone.localdate() + dt.timedelta(days=1))
    assert not days(client, "in-files")
    assert len(days(client, "corrected")) == 1
    record = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    assert record.select_one("#revisions").text == "What we changed since it was published"


def test_a_corrected_day_is_called_as_beside_the_change(client):
    entry = make_entry(
        make_platform(), announced_on="2025-04-11", effective_on=None, basis="reported"
    )
    changed = [{"field": "Announced", "before": "2025-04-10", "after": "2025-04-11"}]
    Revision.objects.create(entry=entry, kind="correction", reason="A slip.", changed=changed)
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    assert page.select_one(".kicker").text.split("·")[1].split()[0] == "Reported"
    assert page.select_one(".reworded dt").text == "Reported"


@pytest.mark.parametrize(
    ("prefix", "none", "number", "what"),
    [
        ("", "Nothing that was shown here", "versions", "Not borne out, no longer partly"),
        ("/de", "Bisher wurde nichts berichtigt", "Fassungen", "Nicht belegt statt teilweise"),
        ("/fr", "n’a été corrigé", "versions", "Non établi et non plus en partie"),
    ],
)
def test_a_version_of_a_claim_that_changed_what_was_said_is_a_correction(
    client, prefix, none, number, what
):
    page = BeautifulSoup(client.get(f"{prefix}/corrections").text, "lxml")
    section = page.select_one("section[aria-labelledby=corrected]")
    assert none not in section.text
    listed = section.select("h3 + ul > li")
    assert section.h3.text.endswith(f" {len(listed)} {number}")
    zoom = [each for each in listed if each.a["href"].endswith("zoom-trains-on-calls#versions")]
    (said,) = zoom  # what was added to it later corrects nothing
    assert what in said.text
    assert said.time["datetime"] == "2026-11-30"
    assert said.a["href"].partition("#")[0] == f"{prefix}/claims/zoom-trains-on-calls"
    days = [each.time["datetime"] for each in listed]
    assert days == sorted(days, reverse=True)
    versions = BeautifulSoup(client.get(said.a["href"]).text, "lxml").select_one("#versions")
    assert what in versions.parent.text


def test_corrected_versions_of_claims_are_in_the_feeds_of_corrections_alone(client):
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    on_page = [
        each.a["href"] for each in page.select("section[aria-labelledby=corrected] h3 + ul > li")
    ]
    feed = client.get("/feeds/timeline.json?kind=correction").json()["items"]
    assert [each["url"].partition("/claims/")[2] for each in feed] == [
        each.partition("/claims/")[2] for each in on_page
    ]
    assert len({each["id"] for each in feed}) == len(feed)
    atom = BeautifulSoup(client.get("/feeds/timeline.atom?kind=correction&lang=de").text, "xml")
    assert [each.id.text for each in atom.select("entry")] == [each["id"] for each in feed]
    assert any("Nicht belegt statt teilweise" in each.summary.text for each in atom.select("entry"))
    assert client.get("/feeds/timeline.json").json()["items"] == []
