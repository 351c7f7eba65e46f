"""What refusing asks: the steps of the shortest surface, and frictions declared and derived."""

import pytest

from consent.ledger.counts import effort_to_refuse, ways_of_telling
from consent.ledger.guide_lines import all_guide_lines, guide_lines, line_of
from consent.models import Guide
from consent.vocabulary import Friction
from tests.arranging import arranged
from tests.factories import make_control, make_entry, make_guide, make_platform, make_use

pytestmark = pytest.mark.django_db


def guide_with(*controls, frictions=(), slug="chirp-off"):
    platform = make_platform()
    use = make_use(platform)
    guide = make_guide(platform, slug=slug, frictions=list(frictions))
    with arranged():
        guide.controls.set([make_control(use, **control) for control in controls])
    (line,) = guide_lines(Guide.objects.filter(pk=guide.pk))
    assert line_of(Guide.objects.get(pk=guide.pk)) == line  # read in either way, it is the same
    return line


@pytest.mark.parametrize(
    ("controls", "frictions", "expected"),
    [
        ([{}], (), []),
        ([{}], ("resets", "hidden"), ["hidden", "resets"]),
        ([{"refuse": "submit"}], (), ["form-only"]),
        ([{"refuse": "submit"}, {}], (), []),
        ([{"refuse": "write", "to": "a@chirp.example"}], ("needs-reason",), None),
        ([{"act_covers": "this-device"}], (), ["limited-scope"]),
        ([{"act_covers": "this-device"}, {}], (), []),
        ([{"by": "admin"}], (), ["admin-only"]),
        ([{"refuse": "submit", "status": "draft"}, {}], (), []),
    ],
)
def test_frictions_are_what_the_file_says_and_what_the_controls_say(controls, frictions, expected):
    found = list(guide_with(*controls, frictions=frictions).frictions)

    assert found == (expected if expected is not None else ["needs-reason", "mail-only"])


def test_each_friction_links_to_a_list_of_exactly_so_many_guides(client):
    guide_with({"refuse": "submit"}, slug="form-1")
    guide_with({"refuse": "submit"}, frictions=["hidden"], slug="form-2")
    guide_with({}, slug="switch")

    counted = {each.value: each.count for each in effort_to_refuse(all_guide_lines()).frictions}
    assert counted == {Friction.HIDDEN: 1, Friction.FORM_ONLY: 2}
    page = client.get("/guides?friction=form-only").content.decode()
    assert page.count('class="guide-line"') == 2
    assert 'href="/guides?friction=form-only" data-count="2"' in page
    assert "by form only" in client.get("/guides/form-1").content.decode()
    assert client.get("/guides?friction=nonsense").content.decode().count('class="guide-line"') == 3


def test_how_people_were_told_is_counted_once_for_each_way(client):
    platform = make_platform("chirp")
    use = make_use(platform)
    for number, told in enumerate((["mail", "blog"], ["mail"], [], ["not-at-all"])):
        entry = make_entry(platform, title=f"Change {number}", told=told)
        make_turned_on(use, entry)
    make_entry(platform, title="Not a turn", told=["mail"])

    told = ways_of_telling()
    assert (told.total, told.not_known) == (4, 1)
    assert {way.value: way.count for way in told.ways} == {"mail": 2, "blog": 1, "not-at-all": 1}
    page = client.get("/timeline").content.decode()
    assert 'href="/timeline?turned=on&amp;told=mail" data-count="2"' in page
    for value, number in (("mail", 2), ("not-known", 1), ("not-at-all", 1)):
        listed = client.get(f"/timeline?turned=on&told={value}").content.decode()
        assert f"{number} change" in listed


def make_turned_on(use, entry):
    from tests.factories import make_branch, make_state

    with arranged():
        entry.uses.add(use)
        branch = make_branch(use, places=[], plans=[entry.title])
        make_state(branch, value="unless-refused", starts_on=entry.effective_on, opened_by=entry)
