"""Walls answered with 200, editions that alternate, selectors that move: none is a change."""

import pytest

from consent.models import Change
from platforms.models import Gap
from platforms.outcomes import Outcome
from tests.practice.page_life import SITE, PageLife, policy, sentences
from tests.sweeps import some

pytestmark = pytest.mark.django_db

MENUS = "".join(f'<li><a href="/{number}">Product number {number}</a></li>' for number in range(60))
WALLS = {
    "a check for robots": "<title>Just a moment...</title><h1>Verify you are human</h1>",
    "a refusal": "<title>Access denied</title><h1>Access denied</h1><p>Reference #18.2f</p>",
    "a limit": "<h1>Too many requests</h1><p>Please try again later.</p>",
    "maintenance": "<h1>We will be back soon</h1><p>Birdsong is down for maintenance.</p>",
    "an age gate": "<h1>How old are you?</h1><form><input name=year><button>Go on</button></form>",
    "a login": "<title>Log in</title><form><input type=password></form><p>Log in to continue</p>",
    "a shell of scripts": "<title>Birdsong</title><div id=root></div><script src=/a.js></script>",
    "a fault of theirs": "<p>Application error: a client-side exception has occurred.</p>",
    "a fault between menus": f"<ul>{MENUS}</ul><h1>Something went wrong</h1><ul>{MENUS}</ul>",
    "no such page": f"<nav><ul>{MENUS}</ul></nav><main><h1>Page not found</h1></main>",
}
NEW = "<p>We use your messages to train our AI models.</p>"


@pytest.mark.parametrize("select", [(), ("#policy",)], ids=["whole", "by a selector"])
@pytest.mark.parametrize("wall", some(WALLS, 4))
def test_a_wall_with_status_200_is_a_gap_and_no_change(wall, select):
    life = PageLife(select=select)
    life.visit()
    for _ in range(3):
        assert not Outcome(life.visit(WALLS[wall]).outcome).looked
    assert Gap.objects.open().exists()
    assert life.visit(policy(also=NEW)).outcome == Outcome.READ
    assert not Gap.objects.open().exists()
    assert "train our AI models" in Change.objects.get().after_document.text


def test_a_selector_that_returns_around_another_part_is_not_used():
    life = PageLife(select=("#policy",))
    life.visit()
    gone = '<div class="x7">{}</div>'
    life.live(2, policy(inside=gone))
    teaser = f'<aside id="policy"><p>{sentences(1, start=800)[0]}</p></aside>'
    life.live(4, policy(inside=gone + teaser))
    assert life.page.read_whole_since is not None
    assert life.visit(policy(inside=gone + teaser, also=NEW)).outcome == Outcome.READ
    assert "train our AI models" in Change.objects.latest("pk").after_document.text


def test_a_selector_that_returns_around_the_same_text_elsewhere_is_used_again():
    life = PageLife(select=("#policy",))
    life.visit()
    life.live(2, policy(inside='<div class="x7">{}</div>'))
    life.live(4, policy(inside='<section><article id="policy">{}</article></section>'))
    assert life.page.read_whole_since is None
    assert not Change.objects.exists()


def test_a_selector_that_dies_in_a_bloated_reading_costs_nothing():
    life = PageLife(select=("#policy",))
    life.visit()
    life.visit(policy(400, inside='<div class="x7">{}</div>'))
    assert set(life.live(2, policy())) == {Outcome.READ}
    assert life.page.health == "ok"


@pytest.mark.parametrize("other", ["/en-gb/privacy", "/privacy?hl=de"], ids=["region", "language"])
def test_an_edition_that_comes_and_goes_is_never_a_change(other):
    life = PageLife()
    life.visit()
    for _ in range(4):
        life.reached = SITE + other
        assert life.visit(policy(60, also=NEW)).outcome == Outcome.WRONG_LANGUAGE
        life.reached = SITE + "/privacy"
        assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()
    assert not life.page.flapping_since


def test_two_editions_that_alternate_at_one_address_are_one_change():
    life = PageLife()
    life.visit()
    for _ in range(4):
        life.visit(policy(also=NEW))
        life.visit(policy())
    assert Change.objects.count() == 1
    assert life.page.flapping_since


def test_a_text_in_another_language_at_the_same_address_comes_back_without_a_change():
    life = PageLife()
    life.visit()
    german = "Wir verwenden die Daten, die Sie mit uns teilen, und das ist nicht neu. "
    for _ in range(3):
        foreign = f"<title>Datenschutz</title><main><p>{german * 60}</p></main>"
        assert life.visit(foreign).outcome == Outcome.WRONG_LANGUAGE
        assert life.visit(policy()).outcome == Outcome.READ
    assert not Change.objects.exists()


def test_the_slow_death_of_a_page_ends_in_a_gap():
    life = PageLife()
    life.visit()
    for left in (48, 38, 30, 24):
        life.clock.forward(days=20)
        assert life.visit(policy(left)).outcome == Outcome.READ
    life.visit("<title>Privacy</title><main><p>This page has moved to our app.</p></main>")
    life.clock.forward(days=30)
    for _ in range(3):
        assert not Outcome(life.visit().outcome).looked
    assert Gap.objects.open().exists()
    assert Change.objects.count() == 4
