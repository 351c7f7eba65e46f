import datetime as dt

import pytest

from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_setting,
    make_source,
    make_state,
)

pytestmark = pytest.mark.django_db


def test_the_page_says_what_changed_for_whom_since_when_and_what_to_do(client):
    platform = make_platform("x", name="X")
    setting = make_setting(platform)
    make_guide(platform, setting, title="Turn off training on X")
    entry = make_entry(platform, title="X trains on posts", regions=["EU", "Switzerland"])
    entry.settings.add(setting)
    day = dt.date(2024, 7, 26)
    make_state(setting, "off-by-default", ends_on=day, closed_by=entry)
    make_state(setting, "on-by-default", starts_on=day, opened_by=entry)
    text = client.get(entry.get_absolute_url()).text
    assert "<h1>X trains on posts</h1>" in text
    assert '<time datetime="2024-07-26">26 July 2024</time>' in text
    assert "Switzerland" in text
    assert text.index("Off by default") < text.index("On by default")
    assert "Turn off training on X" in text


def test_a_wrong_slug_leads_to_the_right_one_for_good(client):
    entry = make_entry(make_platform())
    response = client.get(f"/changes/{entry.public_id}-old-title")
    assert (response.status_code, response["Location"]) == (301, entry.get_absolute_url())


def test_the_short_address_leads_to_the_page(client):
    entry = make_entry(make_platform())
    response = client.get(f"/changes/{entry.public_id}")
    assert response["Location"] == entry.get_absolute_url()


@pytest.mark.parametrize("path", ["{url}", "/changes/{id}", "/changes/{id}-wrong"])
def test_a_draft_is_not_there(client, path):
    entry = make_entry(make_platform(), status="draft", published_at=None)
    address = path.format(url=entry.get_absolute_url(), id=entry.public_id)
    assert client.get(address).status_code == 404


def test_a_draft_that_was_never_published_cannot_be_read_by_retracting_it(client):
    entry = make_entry(make_platform(), status="retracted", published_at=None)
    assert client.get(entry.get_absolute_url()).status_code == 404


def test_a_retracted_entry_says_why_and_that_it_is_gone(client):
    entry = make_entry(
        make_platform(), status="retracted", status_reason="Two products were mixed up."
    )
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 410
    assert "Two products were mixed up." in response.text


def test_a_title_without_latin_letters_still_has_a_working_address(client):
    entry = make_entry(make_platform(), title="標準でオン")
    assert client.get(entry.get_absolute_url()).status_code == 200


def test_evidence_names_publisher_date_copy_quote_and_what_was_not_read(client):
    entry = make_entry(make_platform())
    make_source(
        entry,
        publisher="Data Protection Commission",
        url="https://dpc.example/x",
        archived_url="https://archive.example/1",
        quote="We were surprised.",
        seen_via="a blog that cites it",
    )
    text = client.get(entry.get_absolute_url()).text
    for shown in (
        "Data Protection Commission",
        "We were surprised.",
        "Not read by us: known through a blog that cites it",
        'data-versionurl="https://archive.example/1"',
    ):
        assert shown in text


class TestTheDifference:
    @pytest.fixture
    def entry(self):
        platform = make_platform()
        entry = make_entry(platform)
        make_change(
            make_page(platform),
            "# Help\n\nWe ask before we train on posts.",
            "# Help\n\nWe train on posts <script>alert(1)</script>.",
            entry=entry,
        )
        return entry

    def test_shows_words_removed_and_added(self, client, entry):
        text = client.get(entry.get_absolute_url()).text
        assert "ask before we" in text[text.index("<del>") : text.index("</del>")]
        assert "<ins>" in text

    def test_never_lets_captured_markup_through(self, client, entry):
        for view in ("changes", "inline", "side", "before", "after"):
            assert "<script" not in client.get(f"{entry.get_absolute_url()}?view={view}").text

    def test_has_each_full_text_as_a_view(self, client, entry):
        before = client.get(f"{entry.get_absolute_url()}?view=before").text
        after = client.get(f"{entry.get_absolute_url()}?view=after").text
        assert "We ask before we train on posts." in before
        assert "alert(1)" not in before
        assert "alert(1)" in after

    def test_puts_both_sides_into_a_table(self, client, entry):
        assert "diff-sides" in client.get(f"{entry.get_absolute_url()}?view=side").text

    def test_names_both_snapshots_by_their_digest(self, client, entry):
        change = entry.changes.get()
        text = client.get(entry.get_absolute_url()).text
        assert change.before.sha256 in text
        assert change.after.sha256 in text

    def test_gives_anchors_of_several_pages_different_names(self, client, entry):
        make_change(make_page(entry.platforms.get()), "Old.", "New.", entry=entry)
        text = client.get(entry.get_absolute_url()).text
        ids = [part.split('"')[0] for part in text.split(' id="')[1:]]
        assert len(ids) == len(set(ids))


def test_neighbours_are_changes_of_the_same_platform(client):
    x = make_platform("x")
    older = make_entry(x, effective_on=dt.date(2024, 1, 1))
    entry = make_entry(x, effective_on=dt.date(2024, 2, 1))
    newer = make_entry(x, effective_on=dt.date(2024, 3, 1))
    make_entry(make_platform(), effective_on=dt.date(2024, 2, 2))
    context = client.get(entry.get_absolute_url()).context
    assert (context["older"], context["newer"]) == (older, newer)


@pytest.mark.parametrize(
    ("announced", "effective", "words"),
    [
        (dt.date(2024, 7, 1), dt.date(2024, 7, 31), "30 days"),
        (dt.date(2024, 7, 26), dt.date(2024, 7, 16), "People were told 10 days after it began."),
        (dt.date(2024, 7, 26), dt.date(2024, 7, 26), "People were told on the day it began."),
    ],
)
def test_notice_is_counted_in_days_and_may_be_negative(client, announced, effective, words):
    entry = make_entry(make_platform(), announced_on=announced, effective_on=effective)
    assert words in client.get(entry.get_absolute_url()).text


def test_no_notice_is_counted_between_dates_known_by_month_only(client):
    entry = make_entry(
        make_platform(),
        announced_on=dt.date(2024, 7, 1),
        announced_precision="month",
        effective_on=dt.date(2024, 8, 1),
    )
    assert "How much notice people had is not known" in client.get(entry.get_absolute_url()).text


def test_what_the_catalog_took_over_is_not_said_to_be_published_here(client):
    ours = make_entry(make_platform("x"))
    theirs = make_entry(make_platform("y"), origin="catalog")
    assert "Published here" in client.get(ours.get_absolute_url()).text
    page = client.get(theirs.get_absolute_url()).text
    assert "Documented by others" in page
    assert "Published here" not in page
