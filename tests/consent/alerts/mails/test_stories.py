"""What a mail about an entry says: of uses, of dates, and of ways out."""

import datetime as dt

import pytest

from consent.alerts.fan_out.announce import remind
from consent.alerts.mails.stories import load_stories
from consent.models import Offer
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 24)


@pytest.fixture
def use(clock):
    platform = make_platform("x", name="X", operator="X Corp. (xAI)")
    use = make_use(platform, title="Your posts train Grok", except_places=["EU", "GB"])
    make_state(use, "not-used")
    return use


def opening(use, value="unless-refused", **fields):
    entry = make_entry(use.platform, **{"effective_on": DAY} | fields)
    entry.uses.add(use)
    make_state(use, value, starts_on=entry.effective_on or entry.due_on, opened_by=entry)
    return entry


def story_of(entry):
    return load_stories([entry.pk])[entry.pk]


def test_a_use_is_named_by_its_sentence_with_people_and_places(use):
    make_control(use, label="Train on my posts")
    [turned] = story_of(opening(use)).turned
    assert turned.title == "Your posts train Grok"
    assert turned.who == "personal accounts, outside the EU and UK"
    assert (turned.before, turned.after) == ("Not used", "On unless you refuse")


def test_a_way_out_that_is_offered_in_some_places_says_so(use):
    control = make_control(use, label="Improve")
    Offer.objects.create(control=control, places=["EEA", "GB"])
    [way] = story_of(opening(use)).ways
    assert way.words == "Turn off “Improve” (only: EU, EEA and UK)"
    assert str(way.html).endswith(" (only: EU, EEA and UK)")


@pytest.mark.parametrize(
    ("offered", "words"),
    [
        ({"people": ["minors"]}, "for minors"),
        ({"plans": ["Team"], "people": ["organisation"]}, "for organisations on Team"),
        ({"people": ["personal"], "places": ["EU"]}, "only: EU"),
        ({"plans": ["Plus"]}, "only with Plus"),
    ],
)
def test_a_way_out_that_is_offered_to_others_or_on_a_plan_says_so(use, offered, words):
    Offer.objects.create(control=make_control(use, label="Improve"), **offered)
    [way] = story_of(opening(use)).ways
    assert way.words == f"Turn off “Improve” ({words})"


def test_a_way_out_that_is_also_offered_to_others_needs_no_word(use):
    control = make_control(use, label="Improve")
    Offer.objects.create(control=control, people=["personal"])
    Offer.objects.create(control=control, people=["minors"], places=["EU"], position=1)
    [way] = story_of(opening(use)).ways
    assert way.words == "Turn off “Improve”"


def test_a_mail_says_as_the_page_does_who_can_refuse(client):
    platform = make_platform("y", name="Y", operator="Y Corp.")
    use = make_use(platform, people=["organisation"])
    make_control(use, label="Training", by="admin")
    entry = opening(use)
    [turned] = story_of(entry).turned
    assert turned.after == "On unless your organisation refuses"
    assert turned.after in client.get("/platforms/y").text


def test_a_mail_answers_for_the_place_that_its_reader_chose(use, clock, mailbox, deliver, client):
    germany = make_branch(use, places=["DE"])
    make_state(germany, "only-if-agreed")
    make_reader("de@mail.example", place="DE")
    make_reader("us@mail.example", place="US")
    make_reader("any@mail.example")
    entry = publish(use.platform, effective_on=dt.date(2026, 11, 20))
    entry.uses.add(use)
    make_state(use, "unless-refused", starts_on=entry.effective_on, opened_by=entry)
    deliver(minutes=11)
    said = {to: parts(mail)[0] for _sender, to, mail in mailbox.accepted}
    for to, place in (("de", "DE"), ("us", "US"), ("any", "")):
        response = client.get("/api/v1/verdict", {"platform": "x", "place": place})
        assert response.json()["item"]["headline"] in said[f"{to}@mail.example"], said
    german = said["de@mail.example"].splitlines()
    answer = german[german.index("Does X train AI on your data? (Germany)") + 1]
    assert answer.startswith("  Only if you agree")


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        ("turn-off", "Turn off “Block or not”"),
        ("turn-on", "Turn on “Block or not”"),
        ("submit", "Send the form “Block or not”"),
    ],
)
def test_a_way_out_is_the_act_with_the_label(use, refuse, words):
    control = make_control(use, label="Block or not", refuse=refuse)
    guide = make_guide(use.platform, control, minutes=4)
    [way] = story_of(opening(use)).ways
    assert (way.words, way.minutes) == (words, 4)
    assert way.url.endswith(guide.get_absolute_url())


def test_without_a_guide_it_leads_to_the_control_on_the_page_of_the_platform(use):
    control = make_control(use)
    [way] = story_of(opening(use)).ways
    assert way.url.endswith(f"/platforms/x#{control.slug}")
    assert way.minutes is None


def test_the_best_way_out_comes_first_and_what_the_entry_names_before_all(use):
    chat = make_control(use, label="Temporary chat", act_covers="one-conversation")
    make_control(use, label="Switch")
    make_control(use, label="Old posts", reach="past-only")
    make_control(use, label="Draft", status="draft")
    ended = make_control(use, label="Ended")
    Offer.objects.create(control=ended, ends_on=dt.date(2025, 1, 1))
    entry = opening(use)
    assert [way.words for way in story_of(entry).ways] == [
        "Turn off “Switch”",
        "Turn off “Temporary chat”",
    ]
    entry.controls.add(chat)
    assert "Temporary chat" in story_of(entry).ways[0].words


def test_an_organisation_acts_by_itself(use):
    make_control(use, label="Improve", by="admin")
    entry = opening(use)
    assert story_of(entry).ways[0].words.startswith("Ask your admin to")
    use.branches.update(people=["organisation"])
    assert story_of(entry).ways[0].words == "Turn off “Improve”"


def test_what_is_off_already_is_to_be_left_so(use):
    make_control(use, label="Help X")
    entry = opening(use, "only-if-agreed", effects=["default-off"], direction="more-control")
    assert story_of(entry).ways[0].words == "Leave “Help X” off"


def test_where_nothing_is_used_there_is_nothing_to_do(use):
    make_state(use, starts_on=dt.date(2020, 1, 1))
    make_control(use)
    story = story_of(opening(use, "not-used", effects=["use-removed"], direction="more-control"))
    assert story.ways == ()
    assert story.advice == "You need to do nothing: it does not happen."


def test_no_known_way_out_is_said(use):
    story = story_of(opening(use, "no-way-out"))
    assert story.advice == "We know of no way to refuse this yet."


def test_where_a_change_cannot_be_refused_the_mail_leads_to_what_can(use):
    entry = opening(use, "no-way-out")
    assert story_of(entry).ways_elsewhere == ()
    other = make_use(use.platform, data_kinds=["chats"])
    make_state(other, "unless-refused")
    make_control(other)
    (way,) = story_of(entry).ways_elsewhere
    assert way.words == f"What you can refuse on {use.platform.name}"
    assert way.url.endswith(use.platform.get_absolute_url())


def test_what_is_due_is_told_as_coming(use, mailbox, deliver, clock):
    make_reader()
    entry = publish(
        use.platform,
        effective_on=None,
        due_on=dt.date(2027, 1, 1),
        effects=["announced"],
        announced_on=DAY,
    )
    make_state(use, starts_on=dt.date(2027, 1, 1), opened_by=entry)
    deliver(minutes=11)
    (mail,) = mailbox.mails
    assert mail["Subject"].startswith("Coming 1 Jan 2027: ")
    for part in parts(mail):
        assert "from then on" in part
        assert "Announced" in part
        assert "In effect" not in part


def test_an_effect_tells_when_it_was_announced_by_another_entry(use):
    entry = opening(use)
    make_entry(use.platform, effective_on=None, announced_on=dt.date(2026, 11, 1), outcome=entry)
    labels = [label for label, _date in story_of(entry).dates]
    assert labels[:2] == ["Announced", "In effect"]


def test_nobody_is_reminded_of_what_was_called_off(use, mailbox, deliver, clock):
    make_reader("", reminders=True)
    fields = {"effective_on": None, "due_on": dt.date(2027, 1, 1)}
    entry = publish(use.platform, deadline_on=dt.date(2026, 12, 15), **fields)
    deliver(minutes=11)
    clock.move(days=15)
    assert remind(entry, 7) == 1
    entry.outcome = make_entry(use.platform, effects=["withdrawn"], direction="more-control")
    entry.save()
    assert remind(entry, 1) == 0


def test_a_subject_is_no_wider_than_what_is_known(use, mailbox, deliver):
    """Effects and kinds of data make no headline: they may hold of a part, or of a report."""
    make_reader()
    title = "Report: X uses what people give its shopping helper, unless they opt out"
    publish(use.platform, title=title, effects=["default-on"], data_kinds=["chats", "voice"])
    deliver(minutes=11)
    assert mailbox.subjects() == [title]


def test_what_is_alike_for_several_places_and_platforms_is_told_once(use):
    entry = make_entry(use.platform, make_platform("chirp", name="Chirp"))
    twin = make_use(entry.platforms.get(slug="chirp"), title=use.title)
    for of_platform, place in ((use, "DE"), (use, "FR"), (twin, "DE")):
        branch = make_branch(of_platform, places=[place])
        make_state(branch, "not-used")
        make_state(branch, "unless-refused", starts_on=DAY, opened_by=entry)
    (turned,) = load_stories([entry.pk])[entry.pk].turned
    assert turned.who == "X and Chirp; personal accounts, Germany and France"
    assert (turned.before, turned.after) == ("Not used", "On unless you refuse")


def test_stories_of_many_entries_take_the_same_queries(use, django_assert_max_num_queries):
    entries = []
    for number in range(12):
        another = make_use(make_platform())
        make_guide(another.platform, make_control(another))
        make_state(make_branch(another, places=["DE"]), "not-used")
        entries.append(opening(another, effective_on=DAY + dt.timedelta(days=number)))
    with django_assert_max_num_queries(26):
        load_stories([entry.pk for entry in entries])
