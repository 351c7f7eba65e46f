"""Two people have the same form of the admin open: the second overwrites nothing."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests.factories import (
    make_control,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


@pytest.fixture
def records():
    platform = make_platform()
    use = make_use(platform, data_kinds=["chats"])
    make_state(use)
    control = make_control(use)
    guide = make_guide(platform, control)
    make_source(None, guide=guide)
    return {
        "consent_use": (use, "title"),
        "consent_control": (control, "label"),
        "consent_guide": (guide, "title"),
        "platforms_platform": (platform, "name"),
    }


def opened(client, place):
    """Return the fields that a browser would send back unchanged."""
    return fields_of(client.get(place), "[name=seen]")


@pytest.mark.database
@pytest.mark.parametrize(
    "name",
    some(["consent_use", "consent_control", "consent_guide", "platforms_platform"], 2),
)
def test_the_second_of_two_who_edit_the_same_is_told(client, editor, records, name):
    record, field = records[name]
    place = reverse(f"admin:{name}_change", args=[record.pk])
    mine, theirs = ({**opened(client, place), field: words} for words in ("Mine", "Theirs"))
    answer = client.post(place, theirs)
    assert answer.status_code == 302, answer.context["errors"]
    refused = client.post(place, mine)
    assert "Somebody else edited this since you opened it" in refused.text
    assert 'value="Mine"' in refused.text
    record.refresh_from_db()
    assert getattr(record, field) == "Theirs"


def test_nobody_writes_a_walk_by_hand(client, editor, records):
    guide, _field = records["consent_guide"]
    place = reverse("admin:consent_guide_change", args=[guide.pk])
    sent = opened(client, place) | {"surfaces-0-verified_on": "2026-01-01"}
    assert client.post(place, sent).status_code == 302
    assert guide.surfaces.get().verified_on is None


def test_who_may_only_look_sees_the_words_and_no_form(client, person, records):
    client.force_login(person("Desk reader"))
    for name, (record, field) in records.items():
        page = client.get(reverse(f"admin:{name}_change", args=[record.pk])).text
        assert escape(getattr(record, field)) in page
        assert "Seen:" not in page
