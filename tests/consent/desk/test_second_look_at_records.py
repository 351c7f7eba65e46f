"""What one editor changed in a public use, control or guide is checked by another editor."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from consent.desk.roles import CURATOR, EDITOR
from consent.models import Decision, Source
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import make_control, make_guide, make_platform, make_state, make_use
from tests.pages import press
from tests.sweeps import some

# On PostgreSQL: what is marked. The rest is about pages and rights.
pytestmark = pytest.mark.django_db

QUEUE = "/admin/consent/entry/reviews/"


def place(record, name="change"):
    return reverse(f"admin:consent_{record._meta.model_name}_{name}", args=[record.pk])


@pytest.fixture
def records():
    """A public use, control and guide of a platform that asks for a second reviewer."""
    platform = make_platform("chirp", second_review=True)
    use = make_use(platform, data_kinds=["public-posts"], note="Old words.")
    make_state(use, "unless-refused")
    control = make_control(use, note="Old words.")
    guide = make_guide(platform, control, note="Old words.")
    with arranged():
        Source.objects.create(guide=guide, url="https://chirp.example/help", publisher="Chirp")
    return {"use": use, "control": control, "guide": guide}


@pytest.fixture
def bob(person):
    return as_person(person(EDITOR, name="bob"))


def as_person(user):
    client = Client()
    client.force_login(user)
    return client


def change(client, record, note):
    """Change the note on the record's page, as an editor does."""
    saved = press(client, client.get(place(record)), "_save", note=note)
    record.refresh_from_db()
    errors = BeautifulSoup(saved.text, "lxml").select(".errornote, .errorlist")
    assert record.note == note, [each.get_text(" ", strip=True) for each in errors]


def listed(client):
    """Return the links of the queue to records, with the words of their items."""
    page = BeautifulSoup(client.get(QUEUE).text, "lxml")
    items = page.select("ul.desk-rows > li")
    return {item.a["href"]: item.get_text(" ", strip=True) for item in items}


def test_steps_that_one_person_wrote_while_walking_a_guide_are_listed_as_well(
    client, person, bob, records
):
    walker = as_person(person(CURATOR, name="eve"))
    guide = records["guide"]
    page = walker.get(place(guide, "check"))
    press(
        walker, page, "outcome", "steps-changed", act=["Send us money."], expect=[""], order=["1"]
    )
    assert guide.surfaces.get().steps.get().act == "Send us money."  # public at once
    [(address, words)] = listed(bob).items()
    assert "Send us money." in words
    assert "Reviewed: " in press(bob, bob.get(address), "checked").text
    assert listed(bob) == {}


def test_a_guide_found_right_waits_for_nobody(client, editor, bob, records):
    page = client.get(place(records["guide"], "check"))
    press(client, page, "outcome", "still-right")
    assert records["guide"].verifications.exists()
    assert listed(bob) == {}


@pytest.mark.database
@pytest.mark.parametrize("kind", some(["use", "guide", "control"], 2))
def test_a_change_by_one_editor_is_listed_with_its_words_until_another_checked_it(
    client, editor, bob, records, kind
):
    record = records[kind]
    change(client, record, "New words.")
    [(address, words)] = listed(bob).items()
    assert "Old words. → New words." in words
    assert "Second review (1)" in bob.get(QUEUE).text
    opened = bob.get(address)
    assert "Old words. → New words." in opened.text
    assert "What readers get now" in opened.text
    assert "Reviewed: " in press(bob, opened, "checked", note="Right.").text
    assert listed(bob) == {}
    review = record.decisions.first()
    assert (review.ruling, review.curator.username, review.note) == ("review", "bob", "Right.")


def test_who_changed_it_finds_no_button_and_is_refused(client, editor, records):
    change(client, records["use"], "New words.")
    page = client.get(place(records["use"], "review"))
    assert "somebody else reviews it" in page.text
    version = page.context["version"]
    answer = client.post(place(records["use"], "review"), {"version": version})
    assert "You changed this yourself" in answer.text
    assert Decision.objects.get().ruling == "change"


def test_who_changes_it_again_has_seen_it_and_is_checked_in_turn(client, editor, bob, records):
    change(client, records["use"], "New words.")
    change(bob, records["use"], "Newer words.")
    [words] = listed(client).values()
    assert "New words. → Newer words." in words
    assert "Old words." not in words


def test_what_changed_after_the_page_was_opened_is_not_confirmed(client, editor, bob, records):
    change(client, records["use"], "New words.")
    opened = bob.get(place(records["use"], "review"))
    change(client, records["use"], "Words that Bob never saw.")
    assert "Somebody else changed this" in press(bob, opened, "checked").text
    assert not Decision.objects.filter(ruling="review").exists()


def test_a_change_that_was_undone_waits_for_nobody_and_an_undone_review_waits_again(
    client, editor, bob, records
):
    use = records["use"]
    change(client, use, "New words.")
    press(bob, bob.get(place(use, "review")), "checked")
    bob.post(place(use, "undo"))
    assert len(listed(bob)) == 1
    change(client, use, "Newest words.")
    client.post(place(use, "undo"))
    assert len(listed(bob)) == 1


def test_platforms_that_ask_for_no_second_reviewer_have_nothing_listed(client, editor, records):
    with arranged():
        Platform.objects.update(second_review=False)
    change(client, records["use"], "New words.")
    assert listed(client) == {}


def test_a_curator_without_the_right_sees_the_list_and_cannot_review(
    client, editor, person, records
):
    change(client, records["use"], "New words.")
    carol = as_person(person(CURATOR, name="carol"))
    assert list(listed(carol)) == [place(records["use"])]
    assert carol.get(place(records["use"], "review")).status_code == 403
    assert carol.post(place(records["use"], "review")).status_code == 403
