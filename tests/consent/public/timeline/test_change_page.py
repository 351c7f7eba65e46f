import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.utils import timezone

from consent.curation.revisions import REVISABLE, correct, retract
from consent.ledger import revisions
from consent.models import Entry, PublicName, Revision, Suggestion
from consent.public.timeline.citation import citation_of
from consent.web.date_words import format_date
from tests.arranging import version_everything
from tests.factories import (
    make_branch,
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


def test_the_page_says_what_changed_for_whom_since_when_and_what_to_do(client):
    platform = make_platform("x", name="X")
    use = make_use(platform, title="Your posts train X's models", plans=["Free"], places=["EU"])
    make_guide(platform, make_control(use), title="Turn off training on X")
    entry = make_entry(platform, title="X trains on posts", places=["EU", "CH"])
    entry.uses.add(use)
    day = dt.date(2024, 7, 26)
    make_state(use, "only-if-agreed")
    make_state(use, "unless-refused", starts_on=day, opened_by=entry)
    text = client.get(entry.get_absolute_url()).text
    assert "<h1>X trains on posts</h1>" in text
    assert '<time datetime="2024-07-26">26 July 2024</time>' in text
    assert "EU and Switzerland" in text
    assert "Your posts train X&#x27;s models" in text
    assert "personal accounts on Free, EU" in text
    assert text.index("Off unless you agree") < text.index("On unless you refuse")
    assert "Turn off training on X" in text


def test_the_states_of_a_change_have_the_words_of_the_cards(client):
    platform = make_platform("x", name="X", operator="X Corp.")
    use = make_use(platform)
    make_control(use, binding=False)
    entry = make_entry(platform)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 1, 1))
    make_state(use, "no-way-out", starts_on=dt.date(2025, 1, 1), opened_by=entry)
    led = make_branch(make_use(platform), people=["organisation"])
    make_control(led.use, by="admin")
    make_state(led, "only-if-agreed", starts_on=dt.date(2025, 1, 1), opened_by=entry)
    text = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml").main.text
    assert "On unless X accepts your objection" in text
    assert "Off unless your organisation agrees" in text
    assert "On unless you refuse" not in text
    assert "Off unless you agree" not in text


class TestTheBeginning:
    """For somebody who comes from a news link: the state, what to do, and where they are."""

    def test_says_the_state_and_what_to_do_before_the_story(self, client):
        platform = make_platform("x", name="X")
        use = make_use(platform)
        guide = make_guide(platform, make_control(use), minutes=2)
        entry = make_entry(platform, summary="It all began with a checkbox.")
        entry.uses.add(use)
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26), opened_by=entry)
        page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
        head = page.select_one(".change-head")
        assert head.select_one(".change-states .chip").get_text() == "On unless you refuse"
        button = head.select_one(".change-way .button")
        assert button["href"] == guide.get_absolute_url()
        assert "2 minutes" in button.get_text()
        assert head.select_one('.change-way a[href="/platforms/x"]')
        assert head.select_one('a[href="/about"]')

    def test_says_what_holds_today_if_it_is_something_else(self, client):
        use = make_use(make_platform())
        first, later = make_entry(use.platform), make_entry(use.platform)
        make_state(use, "no-way-out", starts_on=dt.date(2024, 1, 1), opened_by=first)
        make_state(use, "unless-refused", starts_on=dt.date(2025, 1, 1), opened_by=later)

        def states(entry):
            page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
            return [chip.get_text() for chip in page.select(".change-states .chip")]

        assert states(first) == ["On, no way out", "On unless you refuse"]
        assert states(later) == ["On unless you refuse"]

    def test_calls_nothing_todays_state_that_is_only_due(self, client):
        use = make_use(make_platform())
        entry = make_entry(use.platform)
        make_state(use, "no-way-out", starts_on=dt.date(2024, 1, 1), opened_by=entry)
        coming = timezone.localdate() + dt.timedelta(days=9)
        make_state(use, "not-used", starts_on=coming)
        assert "Today:" not in client.get(entry.get_absolute_url()).text


def test_a_wrong_slug_leads_to_the_right_one_for_good(client):
    entry = make_entry(make_platform())
    response = client.get(f"/changes/{entry.public_id}-old-title")
    assert (response.status_code, response["Location"]) == (301, entry.get_absolute_url())


@pytest.mark.parametrize("slug", ["", "-old-title"])
def test_the_view_asked_for_is_kept_on_the_way(client, slug):
    entry = make_entry(make_platform())
    response = client.get(f"/changes/{entry.public_id}{slug}?view=side")
    assert response["Location"] == f"{entry.get_absolute_url()}?view=side"


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


def test_evidence_names_publisher_date_copy_and_what_was_not_read(client):
    entry = make_entry(make_platform())
    make_source(
        entry,
        publisher="Data Protection Commission",
        url="https://dpc.example/x",
        archived_url="https://archive.example/1",
        seen_via="a blog that cites it",
    )
    text = client.get(entry.get_absolute_url()).text
    for shown in (
        "Data Protection Commission",
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
            assert "<script>" not in client.get(f"{entry.get_absolute_url()}?view={view}").text

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
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    assert "otice" not in page.select_one(".ribbon").get_text()


def test_an_announcement_known_only_by_a_record_is_dated_at_the_latest(client):
    entry = make_entry(
        make_platform(),
        announced_on=dt.date(2025, 9, 6),
        announced_precision="by-day",
        effective_on=dt.date(2025, 10, 7),
    )
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    assert "6 September 2025 at the latest" in page.get_text()
    assert "otice" not in page.select_one(".ribbon").get_text()


def test_the_effect_takes_its_notice_from_the_entry_that_announced_it(client):
    effect = make_entry(make_platform(), title="It begins", effective_on=dt.date(2024, 7, 31))
    first = make_entry(
        make_platform(),
        title="They announce it",
        effective_on=None,
        announced_on=dt.date(2024, 7, 1),
        due_on=dt.date(2024, 7, 30),
        outcome=effect,
    )
    page = client.get(effect.get_absolute_url()).text
    assert "People had 30 days’ notice." in page
    assert f'Announced before: <a href="{first.get_absolute_url()}">They announce it</a>' in page
    assert '<time datetime="2024-07-01">1 July 2024</time>' in page
    page = client.get(first.get_absolute_url()).text
    assert f'What became of it: <a href="{effect.get_absolute_url()}">It begins</a>' in page
    assert "Announced for" in page
    assert "not confirmed" not in page
    assert [entry.told_on for entry in Entry.objects.with_notice()] == [dt.date(2024, 7, 1)]
    assert Entry.objects.published().spread_of_notice() == {30: 1}


@pytest.mark.parametrize(
    ("days", "words", "label"),
    [(200, "Not in effect yet:", "Due"), (-9, "Due, not confirmed:", "Due, not confirmed")],
)
def test_an_announcement_claims_no_effect(client, days, words, label):
    use = make_use(make_platform())
    due = timezone.localdate() + dt.timedelta(days=days)
    entry = make_entry(
        use.platform,
        effective_on=None,
        announced_on=timezone.localdate() - dt.timedelta(days=30),
        due_on=due,
    )
    make_state(use, "not-used")
    make_state(use, starts_on=due, opened_by=entry)
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    text = " ".join(page.get_text(" ").split())
    assert words in text
    assert "Announced" in page.select_one(".kicker").get_text()
    labels = [term.get_text() for term in page.select(".ribbon-dates dt")]
    assert labels[:2] == ["Announced", label]
    assert "In effect" not in text
    assert "How much notice" not in text
    pair = " ".join(page.select_one(".pair").get_text(" ").split())
    assert "changed to" not in pair


@pytest.mark.parametrize(
    ("effect", "result", "label"),
    [
        ("court-ruling", "", "Decided"),
        ("regulator-action", "A fine.", "Decided"),
        ("regulator-action", "", "An authority acted"),
        ("lawsuit", "", "Filed"),
        ("complaint", "", "Filed"),
        ("lawsuit", "Dropped after nine days.", "Filed"),
    ],
)
def test_acts_of_courts_and_complainants_are_decided_or_filed(client, effect, result, label):
    entry = make_entry(
        make_platform(),
        effects=[effect],
        result=result,
        topic="enforcement",
        effective_on=None,
        decided_on=dt.date(2024, 7, 26),
    )
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    assert f"{label} 26 July 2024" in " ".join(page.select_one(".kicker").get_text(" ").split())
    assert "enforcement" in [item.get_text() for item in page.select(".tags li")]


@pytest.mark.parametrize(
    ("language", "label"), [("", "Settlement"), ("/de", "Vergleich"), ("/fr", "Accord amiable")]
)
def test_the_day_of_a_settlement_is_not_that_of_filing_the_suit(client, language, label):
    entry = make_entry(
        make_platform(),
        title="Chirp offers its users money to settle",
        effects=["lawsuit"],
        result="A settlement was proposed.",
        topic="enforcement",
        effective_on=None,
        decided_on=dt.date(2024, 6, 12),
    )
    page = BeautifulSoup(client.get(f"{language}{entry.get_absolute_url()}").text, "lxml")
    assert f" · {label} " in page.select_one(".kicker").get_text()


def test_what_the_catalog_took_over_is_not_said_to_be_published_here(client):
    ours = make_entry(make_platform("x"))
    theirs = make_entry(make_platform("y"), origin="catalog")
    assert "Published here" in client.get(ours.get_absolute_url()).text
    page = client.get(theirs.get_absolute_url()).text
    assert "Documented by others" in page
    assert "Published here" not in page


class TestTheRecord:
    """Who stands for it, what was done to it since, and how to name it."""

    @pytest.fixture
    def people(self):
        found = [User.objects.create_user(name) for name in ("login-1", "login-2")]
        for user, name in zip(found, ("ada", "bo"), strict=True):
            PublicName.objects.create(curator=user, name=name)
        return found

    def record(self, client, entry):
        page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
        return " ".join(page.select_one(".record").get_text(" ").split())

    def test_names_both_reviewers_and_when_each_looked(self, client, people):
        day = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
        entry = make_entry(
            make_platform(),
            reviewer=people[0],
            reviewed_at=day,
            second_reviewer=people[1],
            second_reviewed_at=day + dt.timedelta(days=1),
        )
        record = self.record(client, entry)
        assert "Reviewed by ada, 1 March 2026, 09:00 UTC" in record
        assert "Reviewed a second time by bo, 2 March 2026, 09:00 UTC" in record
        assert "Suggested by a machine no" in record
        assert "Confidence high, reported by others" in record

    def test_says_that_nobody_looked_a_second_time(self, client):
        assert "Reviewed a second time not yet" in self.record(client, make_entry(make_platform()))

    @pytest.mark.parametrize(
        ("relevant", "words"),
        [
            (True, "yes, as a change that matters, 87 % sure; a person decided"),
            (False, "no: the machine took it for one that does not matter, 87 % sure"),
        ],
    )
    def test_says_what_a_machine_thought_of_it(self, client, relevant, words):
        entry = make_entry(make_platform())
        change = make_change(make_page(entry.platforms.get()), "We ask.", "We take.", entry=entry)
        Suggestion.objects.create(
            change=change,
            classifier_version=1,
            relevant=relevant,
            direction="less-control",
            confidence=0.87,
        )
        assert words in self.record(client, entry)

    def test_tells_each_correction_with_its_reason_and_what_was_said_before(self, client, people):
        entry = make_entry(make_platform(), effective_on=dt.date(2026, 3, 1), direction="mixed")
        correct(
            entry,
            reason="The page named a later day.",
            editor=people[0],
            effective_on=dt.date(2026, 4, 1),
            direction="less-control",
        )
        record = self.record(client, entry)
        assert "by ada: The page named a later day." in record
        assert "In effect We said: 1 March 2026 We say: 1 April 2026" in record
        assert "Direction We said: mixed We say: less control" in record

    @pytest.mark.parametrize(
        ("prefix", "said"),
        [
            ("", "16 July 2024 at the latest"),
            ("/de", "spätestens 16. Juli 2024"),
            ("/fr", "le 16 juillet 2024 au plus tard"),
        ],
    )
    def test_a_day_at_the_latest_is_written_as_a_day_in_corrections(self, client, prefix, said):
        entry = make_entry(make_platform())
        days = {"field": "In effect", "before": "2024-07", "after": "by 2024-07-16"}
        Revision.objects.create(entry=entry, kind="correction", reason="New.", changed=[days])
        page = BeautifulSoup(client.get(f"{prefix}{entry.get_absolute_url()}").text, "lxml")
        assert said in " ".join(page.get_text(" ", strip=True).split())

    @pytest.mark.parametrize(
        ("prefix", "said"),
        [
            ("", "EEA, UK, Switzerland"),
            ("/de", "EWR, Vereinigtes Königreich, Schweiz"),
            ("/fr", "EEE, Royaume-Uni, Suisse"),
        ],
    )
    def test_places_are_named_in_corrections(self, client, prefix, said):
        entry = make_entry(make_platform())
        places = {"field": "Places", "before": "EEA, GB", "after": "EEA, GB, CH"}
        Revision.objects.create(entry=entry, kind="correction", reason="New.", changed=[places])
        page = BeautifulSoup(client.get(f"{prefix}{entry.get_absolute_url()}").text, "lxml")
        assert page.select_one(".reworded ins").text == said
        assert page.select(".reworded [lang=en]") == []

    def test_every_field_that_a_revision_may_change_is_called_something(self):
        assert set(REVISABLE.values()) <= set(revisions._FIELDS)

    def test_is_cited_by_the_address_that_lasts_in_every_language(self, client, settings):
        entry = make_entry(make_platform(), title="X trains on 50 % of {posts} & more_of_them")
        address = f"{settings.SITE_URL}/changes/{entry.public_id}"
        page = client.get(f"/de{entry.get_absolute_url()}").text
        assert f'<a href="{address}">{address}</a>' in page
        bibtex = BeautifulSoup(page, "lxml").select_one(".bibtex").get_text()
        assert f"url = {{{address}}}" in bibtex
        assert r"title = {{X trains on 50 \% of \{posts\} \& more\_of\_them}}" in bibtex
        unescaped = re.sub(r"\\[{}]", "", bibtex)
        assert unescaped.count("{") == unescaped.count("}")

    def test_of_ours_is_cited_with_the_day_it_was_published_and_last_edited(self):
        entry = make_entry(
            make_platform(), origin="desk", published_at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
        )
        entry.updated_at = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
        citation = citation_of(entry)
        day = format_date(timezone.localdate())
        assert citation.text == f"Default On, 1 March 2026, edited 4 March 2026, accessed {day}."
        assert "  year = {2026},\n  month = mar,\n  day = {1}," in citation.bibtex
        assert "note = {Edited 2026-03-04}" in citation.bibtex

    def test_taken_over_from_others_claims_no_day_of_ours(self, client):
        day = dt.datetime(2025, 3, 20, tzinfo=dt.UTC)
        entry = make_entry(make_platform(), origin="catalog", published_at=day)
        entry.updated_at = day
        citation = citation_of(entry)
        accessed = format_date(timezone.localdate())
        assert citation.text == (
            f"Default On, newest source of 20 March 2025, accessed {accessed}."
        )
        assert "year" not in citation.bibtex
        assert "note = {From sources up to 2025-03-20}" in citation.bibtex
        record = self.record(client, entry)
        assert "Documented by others 20 March 2025" in record
        assert "20 March 2025, 00:00" not in record

    def test_is_not_cited_as_edited_before_it_was_first_shown(self):
        day = dt.datetime(2025, 3, 20, tzinfo=dt.UTC)
        entry = make_entry(make_platform(), origin="catalog", published_at=day)
        version_everything()
        entry.updated_at = timezone.now() - dt.timedelta(days=1)
        assert citation_of(entry).first_shown_on == timezone.now().date()
        assert citation_of(entry).edited_on is None

    def test_is_cited_in_a_file_for_reference_managers(self, client, settings):
        entry = make_entry(
            make_platform(),
            title="X trains on posts",
            origin="desk",
            published_at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC),
        )
        page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
        (link,) = page.select('.record a[href$=".ris"]')
        answer = client.get(link["href"])
        assert answer["Content-Type"].startswith("application/x-research-info-systems")
        lines = answer.text.split("\r\n")
        assert lines[:3] == ["TY  - ELEC", "AU  - Default On", "TI  - X trains on posts"]
        assert "DA  - 2026/03/01" in lines
        assert f"UR  - {settings.SITE_URL}/changes/{entry.public_id}" in lines
        assert lines[-2] == "ER  - "

    def test_has_no_citation_file_before_it_is_published(self, client):
        entry = make_entry(make_platform(), status="draft", published_at=None)
        assert client.get(f"/changes/{entry.public_id}.ris").status_code == 404

    def test_can_be_reported_as_wrong(self, client):
        entry = make_entry(make_platform())
        address = entry.get_absolute_url()
        page = BeautifulSoup(client.get(address).text, "lxml")
        link = page.select_one('.record a[href^="/report"]')
        assert parse_qs(urlsplit(link["href"]).query) == {"about": [address]}


def test_what_an_entry_follows_and_what_followed_it_are_named(client):
    x = make_platform("x")
    first = make_entry(x, title="X announces training")
    second = make_entry(x, title="X puts it off", follows=first)
    make_entry(x, title="Not public", follows=first, status="draft")
    text = client.get(first.get_absolute_url()).text
    assert f'Since then: <a href="{second.get_absolute_url()}">X puts it off</a>' in text
    assert "Not public" not in text
    assert "Follows:" in client.get(second.get_absolute_url()).text


def test_a_retracted_entry_is_led_to_by_its_short_address_and_tells_its_history(client):
    entry = make_entry(make_platform())
    editor = User.objects.create_user("login")
    PublicName.objects.create(curator=editor, name="ada")
    retract(entry, reason="Two products were mixed up.", editor=editor)
    response = client.get(f"/changes/{entry.public_id}", follow=True)
    assert response.status_code == 410
    assert "by ada: Two products were mixed up." in " ".join(response.text.split())


def test_a_copy_is_linked_in_the_way_that_programs_mend_dead_links_by(client):
    entry = make_entry(make_platform())
    copy = "https://web.archive.org/web/20240726101500/https://x.example/help"
    make_source(entry, url="https://x.example/help", archived_url=copy)
    page = BeautifulSoup(client.get(entry.get_absolute_url()).text, "lxml")
    live = page.select_one('.source a[href="https://x.example/help"]')
    assert (live["data-versionurl"], live["data-versiondate"]) == (copy, "2024-07-26")
    archived = page.select_one(f'.source a[href="{copy}"]')
    assert archived["data-originalurl"] == "https://x.example/help"
    assert archived["data-versiondate"] == "2024-07-26"


def test_a_source_that_is_our_snapshot_leads_to_its_text(client):
    entry = make_entry(make_platform())
    change = make_change(make_page(entry.platforms.get()), "We ask.", "We take.", entry=entry)
    make_source(entry, snapshot=change.after)
    address = f"?view=after#compared-{change.pk}"
    assert f'href="{address}"' in client.get(entry.get_absolute_url()).text


@pytest.mark.parametrize("view", ["changes", "inline", "side"])
def test_each_passage_leads_to_itself_and_to_its_neighbours(client, view):
    entry = make_entry(make_platform())
    before = "One is so.\n\nTwo stays.\n\nThree is so.\n\nFour stays.\n\nFive is so."
    change = make_change(
        make_page(entry.platforms.get()), before, before.replace("so", "not"), entry=entry
    )
    page = BeautifulSoup(client.get(f"{entry.get_absolute_url()}?view={view}").text, "lxml")
    ways = [
        [(a.get_text(), a["href"]) for a in way.select("a")] for way in page.select(".passage-way")
    ]
    first, second, third = (f"#change-{change.pk}-passage-{number}" for number in (1, 2, 3))
    assert ways == [
        [("Passage 1 of 3", first), ("next", second)],
        [("Passage 2 of 3", second), ("previous", first), ("next", third)],
        [("Passage 3 of 3", third), ("previous", second)],
    ]
    assert all(page.select_one(anchor) for anchor in (first, second, third))


def test_the_page_asks_no_more_of_the_database_for_many_records_than_for_few(
    client, django_assert_max_num_queries
):
    platform = make_platform("x")
    entry = make_entry(platform)
    editor = User.objects.create_user("login")
    PublicName.objects.create(curator=editor, name="ada")
    for number in range(5):
        use = make_use(platform)
        entry.uses.add(use)
        make_guide(platform, make_control(use))
        make_state(use, opened_by=entry)
        make_source(entry)
        make_change(make_page(platform), "We ask.", f"We take {number}.", entry=entry)
        make_entry(platform, follows=entry)
        correct(entry, reason="Again.", editor=editor, note=f"{number}")
    with django_assert_max_num_queries(19):
        client.get(entry.get_absolute_url())
