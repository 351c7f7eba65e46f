"""Selectors that miss: the whole page is read, compared with itself, and watched further."""

import pytest

from consent.models import Change
from platforms.models import Gap, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Health
from tests.practice.page_life import PageLife, policy, sentences

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

RENAMED = '<div class="css-1x2y">{}</div>'
SHELL = '<div id="policy"></div><div class="css-1x2y">{}</div>'
SLIVER = '<div class="css-1x2y sliver">{}</div>'
DEATHS = pytest.mark.parametrize(
    "inside", [RENAMED, SHELL, SLIVER], ids=["renamed", "grown empty", "left with a tenth"]
)


def dead(inside, **more):
    """The page after its selector died."""
    body = policy(inside=inside, **more)
    return body.replace("<h1>", '<h1 id="policy">') if inside is SLIVER else body


NEW = "<p>We use your messages to train our AI models, unless you object in your settings.</p>"


@DEATHS
def test_a_page_is_read_on_when_its_selector_dies(inside):
    life = PageLife(select=("#policy",))
    life.visit()
    assert set(life.live(2, dead(inside))) == {Outcome.READ}
    assert life.page.read_whole_since is not None
    assert life.page.health == Health.OK
    assert not Change.objects.exists()
    assert not Gap.objects.exists()


@DEATHS
def test_a_change_after_the_death_of_a_selector_is_seen(inside):
    life = PageLife(select=("#policy",))
    life.visit()
    life.live(2, dead(inside))
    life.live(2, dead(inside, also=NEW))
    change = Change.objects.get()
    assert "train our AI models" in change.after_document.text
    assert "train our AI models" not in change.before_document.text
    assert change.before_document.text.count("Clause") >= 60
    assert change.suggestion.relevant


@DEATHS
def test_a_change_on_the_day_that_the_selector_dies_is_seen(inside):
    life = PageLife(select=("#policy",))
    life.visit()
    life.visit(dead(inside, also=NEW))
    change = Change.objects.get()
    assert "train our AI models" in change.after_document.text
    assert change.suggestion.relevant


@DEATHS
def test_a_selector_that_returns_is_used_again_without_a_change(inside):
    life = PageLife(select=("#policy",))
    life.visit()
    life.live(2, dead(inside))
    life.live(4, policy())
    assert life.page.read_whole_since is None
    assert not Change.objects.exists()


@DEATHS
def test_a_selector_that_returns_after_a_change_is_used_again_without_a_second_one(inside):
    life = PageLife(select=("#policy",))
    life.visit()
    life.live(2, dead(inside))
    life.live(2, dead(inside, also=NEW))
    life.live(4, policy(also=NEW))
    assert life.page.read_whole_since is None
    assert Change.objects.count() == 1
    life.live(4, policy())
    assert Change.objects.count() == 2 or life.page.reappearances


def split(count, also=""):
    """The page with so many sentences where its selector finds them, and the rest beside them."""
    rest = "".join(f"<p>{sentence}</p>" for sentence in sentences(60 - count, start=count))
    return policy(count).replace("</main>", f"<div>{rest}{also}</div></main>")


@pytest.mark.parametrize("left", [18, 25, 40])
def test_a_page_is_read_on_when_its_selector_finds_only_a_part_of_the_text(left):
    life = PageLife(select=("#policy",))
    life.visit()
    assert set(life.live(9, split(left))) == {Outcome.READ}
    assert life.page.read_whole_since is not None
    assert not Change.objects.exists()
    life.live(2, split(left, also=NEW))
    assert "train our AI models" in Change.objects.get().after_document.text
    life.live(4, policy(also=NEW))
    assert life.page.read_whole_since is None
    assert Change.objects.count() == 1


def test_a_change_on_the_day_that_the_selector_loses_a_part_is_seen():
    life = PageLife(select=("#policy",))
    life.visit()
    life.visit(split(25, also=NEW))
    change = Change.objects.get()
    assert "train our AI models" in change.after_document.text
    assert not change.size_words
    assert change.suggestion.relevant


def test_a_text_that_was_shortened_is_a_change_and_no_fault_of_the_selector():
    around = "<aside><p>Related: " + " ".join(sentences(40, start=500)) + "</p></aside>"
    life = PageLife(select=("#policy",), body=policy(around=around))
    life.visit()
    life.live(2, policy(40, around=around))
    assert life.page.read_whole_since is None
    assert Change.objects.count() == 1


def test_a_selector_that_returns_together_with_a_change_shows_only_that_change():
    life = PageLife(select=("#policy",))
    life.visit()
    life.live(2, policy(inside=RENAMED))
    life.live(4, policy(also=NEW))
    change = Change.objects.get()
    assert life.page.read_whole_since is None
    added = set(change.after_document.text.splitlines()) - set(
        change.before_document.text.splitlines()
    )
    assert [line for line in added if line.strip()] == [NEW[3:-4]]


def test_markup_that_comes_and_goes_raises_nothing_and_stores_little():
    life = PageLife(select=("#policy",))
    for _ in range(5):
        life.visit(policy())
        life.visit(policy(inside=RENAMED))
    assert not Change.objects.exists()
    assert not life.page.flapping_since
    assert Snapshot.objects.count() <= 2


def test_one_of_two_selectors_that_dies_loses_no_part_of_the_page():
    two = '<div id="policy">{}</div><div id="annex"><p>' + sentences(1, start=700)[0] + "</p></div>"
    life = PageLife(select=("#policy", "#annex"), body=policy(inside=two))
    life.visit()
    outcomes = life.live(2, policy(inside=two.replace('id="annex"', 'id="a7"')))
    assert set(outcomes) == {Outcome.READ}
    assert not Change.objects.exists()


def test_a_page_of_several_addresses_is_read_on_when_its_selector_dies():
    life = PageLife(select=("#policy", "main"), further_urls=["https://birdsong.example/more"])
    life.visit()
    assert set(life.live(2, policy(inside=RENAMED))) == {Outcome.READ}
    assert not Change.objects.exists()


def test_a_wall_behind_a_dead_selector_is_still_a_wall():
    life = PageLife(select=("#policy",))
    life.visit()
    wall = "<title>Just a moment...</title><main><h1>Verify you are human</h1></main>"
    assert life.visit(wall).outcome == Outcome.BOT_WALL
    assert life.page.read_whole_since is None


def test_a_page_whose_whole_text_is_gone_is_no_selector_fault():
    life = PageLife(select=("#policy",))
    life.visit()
    fetch = life.visit("<title>Privacy</title><main><p>Read it in our app.</p></main>")
    assert fetch.outcome in (Outcome.SELECTOR_MISS, Outcome.COLLAPSED)
    assert life.page.read_whole_since is None


def test_a_selector_that_never_matched_still_lets_a_page_be_read():
    life = PageLife(select=("#no-such-part",))
    assert life.visit().outcome == Outcome.READ
    assert life.page.read_whole_since == life.clock.now


def test_a_selector_that_never_matched_does_not_make_a_short_page_a_first_state():
    life = PageLife(select=("#no-such-part",), body=policy(2))
    assert life.visit().outcome == Outcome.SELECTOR_MISS
    assert life.page.baseline is None


def test_what_selectors_left_out_of_the_page_is_no_change_when_they_die():
    around = "<aside><p>Related: " + sentences(1, start=500)[0] + "</p></aside>"
    life = PageLife(select=("#policy",), body=policy(around=around))
    life.visit()
    life.live(2, policy(around=around, inside=RENAMED))
    assert not Change.objects.exists()
