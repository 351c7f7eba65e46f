import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest

from consent.models import Use
from platforms.models import Platform
from tests.factories import make_branch, make_control, make_platform, make_state, make_use
from tests.sweeps import in_turn, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture
def platform():
    platform = make_platform("x", name="X & <Co>")
    use = make_use(platform, slug="posts", title="Public posts train X's models")
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26))
    make_control(use)
    make_use(platform, slug="hidden", status="draft")
    return platform


@pytest.mark.parametrize("path", ["x", "x/posts"])
def test_a_badge_says_question_answer_and_since_when(client, platform, path):
    response = client.get(f"/badges/{path}.svg")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert not response.cookies
    picture = ET.fromstring(response.content)
    question, message = (each.text for each in picture.iter("{http://www.w3.org/2000/svg}text"))
    assert question.endswith("?")
    assert message == "Yes, unless you opt out"
    assert picture.get("aria-label").endswith("? Yes, unless you opt out · since 26 July 2024")
    shields = client.get(f"/badges/{path}.json").json()
    assert shields["schemaVersion"] == 1
    assert (shields["label"], shields["message"]) == (question, message)
    german = client.get(f"/badges/{path}.json?lang=de").json()
    assert german["message"] == "Ja, sofern Sie nicht widersprechen"


@pytest.mark.parametrize("path", ["x", "x/posts"])
def test_an_embed_can_be_framed_anywhere_and_needs_no_script(client, platform, path):
    response = client.get(f"/embed/{path}")
    assert "X-Frame-Options" not in response
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert len(response.content) < 10_000
    assert not response.cookies
    page = response.text
    assert "<script" not in page
    assert "Yes, unless you opt out" in page
    assert "<Co>" not in page
    assert 'lang="de"' in client.get(f"/embed/{path}?lang=de").text


def test_other_pages_still_refuse_to_be_framed(client, platform):
    client.get("/embed/x")
    page = client.get("/platforms/x")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["nobody", "x/nothing", "x/hidden"])
def test_what_there_is_not_has_no_badge(client, platform, path):
    for address in (f"/badges/{path}.svg", f"/badges/{path}.json", f"/embed/{path}"):
        assert client.get(address).status_code == 404
    assert client.get("/badges/x.svg?lang=xx").status_code == 400


@pytest.mark.parametrize("path", ["/feeds", "/api", "/data", "/de/feeds", "/de/api", "/de/data"])
def test_each_page_about_open_data_links_the_others(client, platform, path):
    page = client.get(path)
    assert page.status_code == 200
    prefix = "/de" if path.startswith("/de") else ""
    for other in {"/api", "/data"} - {path.removeprefix("/de")}:
        if "/feeds" in path or other == "/api":
            assert f'href="{prefix}{other}"' in page.text


@pytest.mark.parametrize("path", ["/", "/de/", "/timeline", "/developers/providers"])
def test_every_page_leads_to_data_and_api(client, path):
    prefix = "/de" if path.startswith("/de/") else ""
    page = client.get(path).text
    for other in ("/data", "/api", "/feeds"):
        assert f'href="{prefix}{other}"' in page


def test_developers_find_what_they_build_on(client):
    page = client.get("/for/developers").text.partition('id="programs"')[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', page) == ["/developers/providers", "/api", "/data"]


@pytest.mark.parametrize("address", ["/badges/x.svg", "/badges/x/posts.json", "/embed/x"])
def test_a_plan_that_is_not_on_record_gets_no_badge(client, platform, address):
    of_work = make_branch(
        platform.uses.get(slug="posts"), people=["organisation"], plans=["Enterprise"]
    )
    make_state(of_work, "not-used")
    assert "Yes, unless" not in client.get(f"{address}?plan=enterprise").text
    refused = client.get(f"{address}?plan=nonsense")
    assert refused.status_code == 400
    assert "plan: “nonsense” is not on record for X & <Co>" in refused.text
    assert "Enterprise" in refused.text


@pytest.mark.parametrize("address", ["/badges/x.json", "/badges/x.svg", "/embed/x"])
def test_a_day_that_badges_do_not_answer_for_is_refused(client, platform, address):
    response = client.get(f"{address}?asof=2024-01-01")
    assert response.status_code == 400
    assert "no parameter “asof”. There are: lang, people, place, plan." in response.text
    assert "takes no day" in client.get("/data").text


@pytest.mark.parametrize(
    ("path", "query", "name", "message"),
    in_turn(
        ["x", "x/posts"],
        [
            ("people=organisation&plan=API", "(API, organisations)", "No"),
            (
                "people=personal&plan=API",
                "(API, personal accounts)",
                "Yes, and there is no way out",
            ),
            ("place=DE&plan=Free", "(Free, Germany)", "Only if you agree"),
            (
                "place=Germany&people=personal",
                "(personal accounts, Germany)",
                "Depends on your plan",
            ),
        ],
    ),
)
def test_a_badge_answers_for_people_on_a_plan_and_in_a_place(client, path, query, name, message):
    plans = [
        {"name": "Free", "people": ["personal"]},
        {"name": "API", "people": ["personal", "organisation"], "kind": "api"},
    ]
    use = make_use(make_platform("x", plans=plans), slug="posts", except_places=["DE"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["DE"]), "only-if-agreed")
    make_state(make_branch(use, plans=["API"]), "no-way-out")
    make_state(make_branch(use, people=["organisation"], plans=["API"]), "not-used")
    assert client.get(f"/badges/{path}.json?{query}").json()["message"] == message
    for address in (f"/badges/{path}.svg", f"/embed/{path}"):
        text = client.get(f"{address}?{query}").text
        assert name in text
        assert message in text
    if path == "x":
        api = client.get(f"/api/v1/verdict?platform=x&{query}").json()["item"]
        assert api["short"] == message


def test_a_badge_says_that_an_answer_for_minors_is_inferred(client, platform):
    badge = client.get("/badges/x.json?people=minors").json()
    assert "(minors)" in badge["label"]
    assert "(inferred)" in badge["message"]


@pytest.mark.parametrize("address", ["/badges/x.json", "/embed/x"])
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("plan=API", "people: this plan is for several"),
        ("people=nobody", "people: “nobody” is no kind of people."),
        ("place=Atlantis", "place: we know no place “Atlantis”."),
    ],
)
def test_a_badge_refuses_a_question_that_cannot_be_asked(client, address, query, why):
    plans = [{"name": "API", "people": ["creators", "organisation"]}]
    make_state(make_use(make_platform("x", plans=plans)), "not-used")
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    assert why in response.text


def test_for_whom_a_badge_is_takes_no_part_of_the_answer(client):
    perch = make_platform("perch", name="Perch")
    use = make_use(perch, who="viewers", who_narrows=True)
    make_state(use, "no-way-out", disputed=True)
    plain, asked = (
        client.get(f"/badges/perch.json{query}").json() for query in ("", "?people=personal")
    )
    assert plain["message"].startswith("Yes, and there is no way out")
    assert asked["message"] == plain["message"]


def test_a_badge_says_that_an_answer_is_only_reported_or_disputed(client):
    use = make_use(make_platform("chirp"), slug="posts")
    said = {"basis": "reported", "said_by": "The Herald", "disputed": True}
    make_state(use, "no-way-out", starts_on=dt.date(2024, 7, 26), **said)
    words = "Yes, and there is no way out · {} · disputed"
    assert client.get("/badges/chirp.json").json()["message"] == words.format("reported")
    picture = client.get("/badges/chirp/posts.svg").text
    assert words.format("reported") in picture
    assert words.format("Reported by The Herald") in picture
    assert "Reported by The Herald" in client.get("/embed/chirp").text


def test_a_badge_with_little_room_still_says_that_its_answer_is_for_some(client):
    platform = make_platform("twitch", name="A platform with a long name")
    use = make_use(platform, who="viewers who write in chat", who_narrows=True)
    make_state(use, "no-way-out", basis="reported")
    badge = client.get("/badges/twitch.json?lang=fr").json()
    assert badge["message"] == "Oui (certains seulement) · rapporté"


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_each_badge_of_the_catalog_fits_into_a_line(client, whole_catalog, language):
    paths = list(Platform.objects.listed().values_list("slug", flat=True))
    uses = (
        Use.objects.published().filter(platform__listed=True).values_list("platform__slug", "slug")
    )
    paths += ["/".join(names) for names in uses]
    wide, unasked = [], []
    for path in some(paths, 40):
        picture = ET.fromstring(client.get(f"/badges/{path}.svg?lang={language}").content)
        label, message = (each.text for each in picture.iter("{http://www.w3.org/2000/svg}text"))
        if int(picture.get("width")) > 420:
            wide.append((path, label, message))
        if not label.endswith("?"):
            unasked.append(label)
    assert (wide, unasked) == ([], [])
