import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_guide, make_platform, make_setting, make_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def x():
    return make_platform("x", name="X")


def on(platform, value="unless-refused", **fields):
    """A setting in a state in which the data is used."""
    setting = make_setting(platform, **fields)
    make_state(setting, value)
    return setting


def titles(items):
    return [item.task.title for item in items]


def tick(response, title):
    """The address that the link "Mark as done" of a task leads to."""
    items = [*response.context["open"], *response.context["done"]]
    return "/checklist?" + next(item.toggled for item in items if item.task.title == title)


def test_without_a_choice_there_is_a_picker_of_all_platforms(client, x):
    make_platform("slack", name="Slack")
    text = client.get("/checklist").text
    assert re.findall(r'name="p" value="(\w+)"', text) == ["slack", "x"]


def test_only_what_was_picked_is_on_the_list(client, x):
    on(x, label="X switch")
    on(make_platform("slack"), label="Slack switch")
    assert titles(client.get("/checklist?p=x").context["open"]) == ["X switch"]


def test_the_most_exposed_comes_first_then_the_shortest(client, x):
    on(x, label="No opt-out but a form", value="no-way-out", route="form")
    for minutes in (9, 2):
        make_guide(x, on(x), title=f"{minutes} minutes", minutes=minutes)
    on(x, label="No guide")
    response = client.get("/checklist?p=x")
    assert titles(response.context["open"]) == [
        "No opt-out but a form",
        "2 minutes",
        "9 minutes",
        "No guide",
    ]
    assert response.text.count("Do this one first") == 1
    assert response.context["found"].minutes == 11


def test_settings_that_one_guide_settles_are_one_task(client, x):
    make_guide(x, on(x), on(x), title="Both at once")
    assert titles(client.get("/checklist?p=x").context["open"]) == ["Both at once"]


def test_what_nobody_can_change_is_said_to_be_so(client, x):
    on(x, "no-way-out", route="none", label="Hopeless")
    found = client.get("/checklist?p=x").context["found"]
    assert [task.title for task in found.nothing] == ["Hopeless"]
    assert found.open == []


def test_what_is_off_needs_nothing(client, x):
    make_state(make_setting(x), "only-if-agreed")
    found = client.get("/checklist?p=x").context["found"]
    assert (found.open, len(found.at_rest)) == ([], 1)


def test_place_and_plan_leave_out_what_is_not_about_the_reader(client, x):
    on(x, label="Europe", region="EU and EEA", audience="personal accounts")
    on(x, label="Rest", region="outside the EU and EEA", audience="personal accounts")
    on(x, label="Work", audience="Enterprise")
    query = "/checklist?p=x&place=eu&plan=personal"
    assert titles(client.get(query).context["open"]) == ["Europe"]


def test_a_task_is_ticked_and_cleared_by_links_alone(client, x):
    on(x, label="Switch")
    start = client.get("/checklist?p=x&place=eu")
    done = client.get(tick(start, "Switch"))
    assert (titles(done.context["open"]), titles(done.context["done"])) == ([], ["Switch"])
    assert done.context["form"].cleaned_data["place"] == "eu"
    again = client.get(tick(done, "Switch"))
    assert titles(again.context["open"]) == ["Switch"]


def test_changing_the_choice_keeps_what_was_done(client, x):
    on(x, label="Switch")
    address = tick(client.get("/checklist?p=x"), "Switch")
    mark = address.split("d=")[1]
    assert f'name="d" value="{mark}"' in client.get(address).text


@pytest.mark.parametrize("change", ["label", "state"])
def test_a_done_task_opens_again_when_its_setting_changes(client, x, change):
    setting = on(x, label="Switch")
    address = tick(client.get("/checklist?p=x"), "Switch")
    if change == "label":
        setting.path = "Somewhere › Else"
        setting.save()
    else:
        day = dt.date(2024, 7, 16)
        setting.states.update(ends_on=day)
        make_state(setting, "no-way-out", starts_on=day)
    response = client.get(address)
    (item,) = response.context["open"]
    assert item.task.status == "reopened"
    assert "Changed since you did it" in response.text
    # Ticking it again forgets the old mark.
    assert tick(response, "Switch").count("d=") == 1


def test_the_list_tells_nobody_where_it_was(client, x):
    response = client.get("/checklist?p=x")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "private" in response["Cache-Control"]
    assert 'content="noindex"' in response.text
    assert not response.cookies


def test_marks_that_mean_nothing_are_ignored(client, x):
    on(x, label="Switch")
    response = client.get("/checklist?p=x&p=nobody&d=zz&place=mars")
    assert titles(response.context["open"]) == ["Switch"]


def test_a_long_list_takes_few_questions(client, django_assert_max_num_queries):
    slugs = []
    for _ in range(20):
        platform = make_platform()
        make_guide(platform, on(platform))
        slugs.append(platform.slug)
    with django_assert_max_num_queries(10):
        client.get("/checklist?" + "&".join(f"p={slug}" for slug in slugs))


def test_the_list_leads_to_alerts_about_all_that_is_on_it(client, x):
    on(x)
    on(make_platform("slack", name="Slack"))
    page = BeautifulSoup(client.get("/checklist?p=x&p=slack").text, "lxml")
    link = page.find("a", string="Hear by mail when one of these changes")["href"]
    form = BeautifulSoup(client.get(link).text, "lxml")
    chosen = form.select("[name=platforms] [selected], [name=platforms][checked]")
    assert sorted(option["value"] for option in chosen) == ["slack", "x"]


def test_the_list_is_mailed_by_the_readers_own_program_with_all_that_it_holds(client, x, settings):
    on(x)
    page = BeautifulSoup(client.get("/checklist?p=x&plan=personal").text, "lxml")
    mail = urlsplit(page.select_one("a[href^=mailto]")["href"])
    assert mail.path == ""
    assert parse_qs(mail.query)["body"] == [f"{settings.SITE_URL}/checklist?p=x&plan=personal"]
