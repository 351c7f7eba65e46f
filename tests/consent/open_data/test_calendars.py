import datetime as dt
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from tests.arranging import version_everything
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db

SOON = timezone.localdate() + dt.timedelta(days=20)


def events(client, query=""):
    response = client.get(f"/calendar.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return {event.uid: event for event in IcsCalendarStream.calendar_from_ics(text).events}


def test_effects_and_deadlines_are_whole_days_with_a_link(client):
    entry = make_entry(
        make_platform("x", name="X"),
        title="X trains on posts, and; on “photos”",
        effective_on=SOON,
        deadline_on=SOON - dt.timedelta(days=5),
    )
    found = events(client)
    effect = found[f"{entry.public_id}-date@default-on"]
    assert (effect.dtstart, effect.dtend) == (SOON, SOON + dt.timedelta(days=1))
    assert effect.summary == "In effect: X trains on posts, and; on “photos”"
    assert str(effect.url).endswith(entry.get_absolute_url())
    deadline = found[f"{entry.public_id}-deadline@default-on"]
    assert deadline.dtstart == SOON - dt.timedelta(days=5)
    assert deadline.summary.startswith("Last day to say no")
    written = client.get("/calendar.ics").content.decode()
    assert "DESCRIPTION:Days since " in written
    german = events(client, "?lang=de")
    assert german[deadline.uid].summary.startswith("Letzter Tag")


@pytest.mark.parametrize("page", ["/de/next", "/de/feeds"])
def test_the_calendar_of_a_german_page_is_in_german(client, settings, tmp_path, page):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text('[x]\n"X trains" = "X trainiert"\n')
    make_entry(make_platform("x", name="X"), title="X trains", effective_on=SOON)
    links = BeautifulSoup(client.get(page).text, "lxml").select('a[href*="calendar.ics"]')
    assert len(links) == 2
    for link in links:
        (event,) = events(client, f"?{urlsplit(link['href']).query}").values()
        assert event.summary == "In Kraft: X trainiert"
        assert "/de/changes/" in str(event.url)


def test_a_moved_date_moves_its_event_and_raises_its_sequence(client):
    entry = make_entry(make_platform(), effective_on=None, due_on=SOON)
    version_everything()
    (before,) = events(client).values()
    entry.due_on, entry.effective_on = None, SOON + dt.timedelta(days=3)
    entry.save()
    version_everything()
    (after,) = events(client).values()
    assert after.uid == before.uid
    assert after.sequence == before.sequence + 1
    assert after.dtstart == SOON + dt.timedelta(days=3)


def test_what_is_taken_back_or_called_off_is_cancelled(client):
    platform = make_platform()
    make_entry(platform, effective_on=SOON, status="retracted", status_reason="Wrong company")
    put_off = make_entry(platform, effective_on=None, due_on=SOON)
    outcome = make_entry(platform, effects=["withdrawn"], effective_on=dt.date(2024, 1, 1))
    put_off.outcome = outcome
    put_off.save()
    assert {event.status for event in events(client).values()} == {"CANCELLED"}
    assert len(events(client)) == 2


def test_a_calendar_may_be_of_several_platforms_or_of_a_view(client):
    x, y, z = (make_platform(slug) for slug in "xyz")
    of = {
        platform.slug: make_entry(platform, effective_on=SOON).public_id for platform in (x, y, z)
    }
    assert {uid[:10] for uid in events(client, "?platform=x&platform=z")} == {of["x"], of["z"]}
    assert len(events(client, "?kind=default-on")) == 3
    assert len(events(client, "?kind=default-off")) == 0
    for query in ("platform=nobody", "platform=%C3%9C", "kind=nonsense", "sort=up", "lang=xx"):
        assert client.get(f"/calendar.ics?{query}").status_code == 400


def test_a_date_known_to_the_month_says_so(client):
    make_entry(
        make_platform(),
        effective_on=dt.date(SOON.year, SOON.month, 1),
        title="Somewhen",
        effective_precision="month",
    )
    (event,) = events(client).values()
    assert event.summary.endswith(f"({SOON:%B %Y})")


def test_what_changed_long_ago_is_left_out(client):
    make_entry(make_platform(), effective_on=dt.date(2019, 1, 1))
    assert events(client) == {}
