"""Texts that shrink, swell or change edition: what is a change, what comes back by itself."""

import datetime as dt

import pytest
from django.db import transaction

from consent.models import Change
from platforms.archive import open_archive
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.snapshot_record import release
from tests.arranging import arranged
from tests.practice.page_life import SITE, PageLife, policy

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

HALF = policy(25)
STUMP = policy(6)
OTHER = "<p>{}</p>".format(" ".join(f"Word{number} stands here alone." for number in range(40)))


@pytest.mark.parametrize("size", [150, 240, 450, 900])
def test_a_page_comes_back_from_one_bloated_reading(size):
    life = PageLife()
    life.visit()
    life.visit(policy(size))
    assert set(life.live(2, policy())) == {Outcome.READ}
    assert life.page.health == "ok"


def test_a_page_comes_back_from_a_bloat_that_lasted_for_months():
    life = PageLife()
    life.visit()
    life.visit(policy(450))
    life.clock.forward(days=100)
    assert life.visit(policy()).outcome == Outcome.READ
    assert life.visit(policy(also="<p>We train our models on your messages.</p>")).outcome == "read"


def test_a_state_of_more_than_a_year_ago_does_not_excuse_a_collapse():
    life = PageLife()
    life.visit()
    life.visit(policy(450))
    life.clock.forward(days=400)
    life.visit()
    assert life.visit(policy()).outcome == Outcome.COLLAPSED


@pytest.mark.parametrize("left", [STUMP, HALF], ids=["a stump", "a half"])
def test_a_page_that_lost_its_text_comes_back_without_a_change(left):
    life = PageLife()
    life.visit()
    assert life.visit(left).outcome == Outcome.COLLAPSED
    assert life.visit(left).outcome == Outcome.COLLAPSED
    assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()
    assert not life.page.flapping_since


@pytest.mark.parametrize("left", [STUMP, HALF], ids=["a stump", "a half"])
def test_a_shorter_text_that_stays_for_a_week_is_a_change_named_so(left):
    life = PageLife()
    life.visit()
    outcomes = life.live(6.5, left)
    assert set(outcomes) == {Outcome.COLLAPSED}
    assert Outcome.READ in life.live(4)
    assert life.visit().outcome == Outcome.READ
    change = Change.objects.get()
    assert change.size_words.startswith("Much shorter (")
    assert life.page.health == "ok"


def test_a_shorter_text_that_says_something_else_each_day_stays_refused():
    life = PageLife()
    life.visit()
    for number in range(12):
        life.clock.forward(days=1)
        fetch = life.visit(policy(6, start=100 * number))
        assert fetch.outcome == Outcome.COLLAPSED


MENUS = "".join(
    f'<p><a href="/{number}">Products and pricing {number}</a></p>' for number in range(40)
)


@pytest.mark.parametrize(
    "stub",
    [
        "<p>Redirecting to legal.birdsong.example</p>",
        "<h1>Privacy</h1><p>We have moved our privacy policy. Please read it in our app.</p>",
        MENUS,
        MENUS + "<p>Redirecting to legal.birdsong.example</p>",
    ],
    ids=["a redirect by script", "a notice", "menus", "menus around a redirect"],
)
@pytest.mark.parametrize("select", [(), ("#policy",)], ids=["read whole", "by a selector"])
def test_a_stub_never_becomes_the_page_however_long_it_stays(stub, select):
    life = PageLife(select=select)
    life.visit()
    life.visit(f"<title>Birdsong</title><main>{stub}</main>")
    life.clock.forward(days=20)
    assert not Outcome(life.visit().outcome).looked
    assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()


def test_a_week_begins_anew_when_the_whole_page_was_read_meanwhile():
    life = PageLife()
    life.visit()
    for _ in range(4):
        assert Outcome.READ not in life.live(4, STUMP)
        life.visit(policy())
    assert not Change.objects.exists()


def test_a_much_longer_text_is_a_change_named_so():
    life = PageLife()
    life.visit()
    life.visit(policy(240))
    assert Change.objects.get().size_words == "Much longer (4 times)"


def test_half_a_page_with_new_sentences_is_a_change_at_once():
    life = PageLife()
    life.visit()
    assert life.visit(policy(25, also=OTHER)).outcome == Outcome.READ
    assert Change.objects.exists()


def test_a_few_sentences_that_were_taken_out_are_a_change_at_once():
    life = PageLife()
    life.visit()
    assert life.visit(policy(50)).outcome == Outcome.READ
    assert not Change.objects.get().size_words


@pytest.mark.parametrize(
    "message",
    [
        "<h2>This page isn't available</h2><p>An unexpected error has occurred.</p>",
        "<p>Something went wrong</p>",
        "<h2>Page not found</h2>",
        "<p>This content isn’t available right now</p>",
    ],
)
def test_an_error_inside_a_page_is_no_change(message):
    life = PageLife()
    life.visit()
    rest = policy(30, also=message + OTHER)
    assert life.visit(rest).outcome == Outcome.SOFT_404
    assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()


def test_a_policy_that_has_always_named_an_error_is_read():
    note = "<p>Page not found</p>"
    life = PageLife(body=policy(also=note))
    life.visit()
    assert life.visit(policy(40, also=note + OTHER)).outcome == Outcome.READ


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("/en-us/privacy", "/en-gb/privacy"),
        ("/privacy?hl=en&gl=US", "/privacy?hl=en&gl=DE"),
        ("/us/privacy", "/eu/privacy"),
        ("/intl/en_us/privacy", "/intl/en_uk/privacy"),
        ("/privacy", "/en-gb/privacy"),
    ],
)
def test_the_edition_of_another_region_is_no_change_until_it_stays(usual, other):
    life = PageLife()
    life.reached = SITE + usual
    life.visit()
    life.reached = SITE + other
    edition = policy(60, also=OTHER)
    assert life.visit(edition).outcome == Outcome.WRONG_LANGUAGE
    life.reached = SITE + usual
    assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()
    life.reached = SITE + other
    life.live(9, edition)
    assert life.visit().outcome == Outcome.READ
    assert Change.objects.count() == 1


def test_a_page_that_moved_within_its_region_is_read():
    life = PageLife()
    life.reached = SITE + "/en-us/privacy"
    life.visit()
    life.reached = SITE + "/en-us/legal/privacy-policy"
    assert life.visit().outcome == Outcome.READ


def test_a_page_that_a_curator_moved_to_another_edition_is_read():
    life = PageLife()
    life.reached = SITE + "/en-us/privacy"
    life.visit()
    with arranged():
        Page.objects.update(url=SITE + "/en-gb/privacy")
    life.reached = SITE + "/en-gb/privacy"
    assert life.visit(policy(also=OTHER)).outcome == Outcome.READ


GERMAN = "".join(
    f"<p>Nummer {number}: Wir verwenden die Daten, die Sie uns geben, und das ist nicht neu.</p>"
    for number in range(60)
)
FOREIGN = f"<title>Datenschutz</title><main>{GERMAN}</main>"


def test_an_edition_in_another_language_stays_refused_however_long():
    life = PageLife()
    life.visit()
    assert set(life.live(9, FOREIGN)) == {Outcome.WRONG_LANGUAGE}


def test_a_released_edition_in_another_language_is_read_on_when_it_changes():
    life = PageLife()
    life.visit()
    life.visit(FOREIGN)
    life.clock.forward(hours=1)
    with transaction.atomic():
        refused = Snapshot.objects.exclude(quarantined_as="").get()
        release(life.page, refused, archive=open_archive(), now=life.clock.now)
    new = "<p>Neu ist: Wir trainieren unsere KI-Modelle mit Ihren Nachrichten.</p>"
    assert life.visit(FOREIGN.replace(GERMAN, GERMAN + new)).outcome == Outcome.READ
    assert "KI-Modelle" in Change.objects.latest("pk").after_document.text
    other = "<p>La politique est une autre, et nous ne disons pas pourquoi elle est là.</p>" * 60
    assert life.visit(FOREIGN.replace(GERMAN, other)).outcome == Outcome.WRONG_LANGUAGE


def test_the_slow_death_of_a_page_is_seen_as_changes():
    life = PageLife()
    life.visit()
    for left in (52, 44, 36, 30, 24):
        life.clock.forward(days=9)
        assert life.visit(policy(left)).outcome == Outcome.READ
    assert Change.objects.count() == 5


def test_refused_texts_are_stored_at_most_once_a_day():
    life = PageLife()
    life.visit()
    for number in range(8):
        life.clock.forward(hours=2)
        life.visit(policy(6, start=100 * number))
    refused = Snapshot.objects.exclude(quarantined_as="")
    days = (life.clock.now - refused.earliest("first_seen_at").first_seen_at).days + 1
    assert refused.count() <= days


def test_one_refused_text_with_a_number_of_its_own_each_time_is_stored_once():
    life = PageLife()
    life.visit()
    for number in range(8):
        life.clock.forward(days=1)
        life.visit(policy(6, also=f"<p>Incident {number}{number}: please come back later.</p>"))
    (refused,) = Snapshot.objects.exclude(quarantined_as="")
    assert refused.last_seen_at - refused.first_seen_at >= dt.timedelta(days=6)
