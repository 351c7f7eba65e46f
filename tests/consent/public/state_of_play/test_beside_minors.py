"""What is on record of adults stays visible where a platform says little of minors."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clips():
    """A platform whose only record of minors is for the US, where nobody can refuse."""
    clips = make_platform("clips", name="Clips", operator="Clips Ltd.", min_age=13)
    use = make_use(clips, title="What you post trains Clips’ models", places=["US"])
    for people in (["personal"], ["minors"]):
        branch = use.branches.get() if people == ["personal"] else make_branch(use, places=["US"])
        branch.people = people
        branch.save()
        make_state(branch, "no-way-out")
    in_europe = make_branch(use, people=["personal"], places=["EEA"])
    make_state(in_europe, "unless-refused")
    elsewhere = make_branch(use, people=["personal"], except_places=["US", "EEA"])
    make_state(elsewhere, "no-way-out")
    of_us = make_control(use, slug="us-form", refuse="submit", name="US form", binding=False)
    of_us.offers.create(places=["US"])
    form = make_control(use, slug="form", refuse="submit", name="Form in Europe")
    form.offers.create(places=["EEA"])
    make_guide(clips, form, minutes=5, slug="object-to-clips")
    return clips


def shown(client, address):
    page = BeautifulSoup(client.get(address).text, "lxml").main
    block = page.select_one(".verdict, .box-line")
    buttons = [
        " ".join(each.parent.get_text(" ", strip=True).split())
        for each in block.select(".way-buttons a, .box-way a")
    ]
    return " ".join(block.get_text(" ", strip=True).split()), buttons


@pytest.mark.usefixtures("clips")
@pytest.mark.parametrize(
    "address", ["/platforms/clips?people=minors&place=DE", "/answers?q=clips+14+years+germany"]
)
def test_a_record_of_minors_in_one_country_hides_nothing_of_adults_in_another(client, address):
    text, (button,) = shown(client, address)
    assert "nothing on record for minors" in text
    assert "Adults: Yes, source not on record, unless you opt out" in text
    assert button.startswith("Send the form · 5 min")
    assert "US" not in button


@pytest.mark.usefixtures("clips")
@pytest.mark.parametrize("address", ["/platforms/clips?people=minors", "/answers?q=clips+14+years"])
def test_a_way_out_of_one_country_alone_is_not_the_first_of_minors_anywhere(client, address):
    text, buttons = shown(client, address)
    assert "In the US yes without a way out, source not on record; elsewhere not known" in text
    assert "Adults: Yes, source not on record; what you can refuse depends on your country" in text
    assert "only: EU and EEA" in buttons[0]
    assert "only: US" in buttons[1]


@pytest.mark.usefixtures("clips")
def test_where_minors_are_on_record_nothing_is_said_of_adults(client):
    text, buttons = shown(client, "/platforms/clips?people=minors&place=US")
    assert "Adults" not in text
    assert len(buttons) == 1


@pytest.fixture
def pics():
    """Chats that a parent can keep out, and pictures that only adults are known to be asked for."""
    pics = make_platform("pics", name="Pics", operator="Pics Ltd.", min_age=13)
    chats = make_use(pics, slug="chats", title="Chats train models", short={"en": "chats"})
    make_state(chats, "unless-refused")
    make_state(make_branch(chats, people=["minors"]), "unclear", why="permission-only")
    selfies = make_use(pics, slug="selfies", title="Selfies train models", short={"en": "selfies"})
    make_state(selfies, "unless-refused")
    parental = make_control(chats, slug="parental", name="Chats in the family settings")
    parental.offers.create(people=["minors"])
    make_guide(pics, parental, slug="pics-family", minutes=5, who="parents of a teen on Pics")
    form = make_control(
        chats, selfies, slug="form", refuse="submit", name="Form to object", binding=False
    )
    form.offers.create(places=["EEA"])
    kept = make_use(pics, slug="kept", title="Pics keeps chats", purpose="collection")
    make_state(kept, "no-way-out")
    clear = make_control(kept, slug="clear", label="Clear", refuse="delete", reach="past-only")
    clear.offers.create()
    make_guide(pics, clear, slug="pics-clear", title="Delete what you told Pics", minutes=1)
    return pics


@pytest.mark.usefixtures("pics")
@pytest.mark.parametrize("address", ["/answers?q=pics+14+years+{}", "/for/parents?p=pics&place={}"])
def test_a_parent_sees_each_way_out_with_who_acts_and_what_is_not_confirmed(client, address):
    _text, buttons = shown(client, address.format("FR" if "place" in address else "france"))
    parental, objection, deletion = buttons
    assert "Turn off: Chats in the family settings for: parents of a teen on Pics" in parental
    assert objection.startswith("Send the form: Form to object")
    assert "not confirmed that it works" in objection
    assert "whether it is for people under 18 is not said" in objection
    assert "only for: chats; selfies" in objection
    assert deletion.startswith("Delete what you told Pics · 1 min")


@pytest.mark.usefixtures("pics")
def test_a_way_out_of_other_places_is_not_shown(client):
    _text, buttons = shown(client, "/answers?q=pics+14+years+japan")
    assert not any("Form to object" in each for each in buttons)


@pytest.mark.usefixtures("whole_catalog")
def test_a_parent_of_several_services_reads_the_answer_and_the_way_out_first(client):
    asked = "My son is 14 and uses ChatGPT and Snapchat: is it different for minors?"
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    for folded in page.select("details"):
        folded.extract()
    chatgpt, snapchat = (" ".join(each.text.split()) for each in page.select(".box-line"))
    assert "Turn it off · 5 min" in chatgpt
    assert "We do not know" not in chatgpt
    assert "My AI" in snapchat
    assert "Announced for" not in snapchat
