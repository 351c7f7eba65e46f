import datetime as dt
import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from consent.models import Entry, Guide, Passage, Source, Use
from consent.open_data.envelopes import LICENCE
from consent.open_data.questions import MATCHED_BY
from consent.open_data.requests import description
from consent.web import limits
from platforms.models import RecordVersion
from platforms.record_versions import begin_epoch
from tests.arranging import arranged, version_everything
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.sweeps import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


def read(client, address, status=200, **headers):
    if not address.startswith("http"):
        address = f"/api/v1{address}"
    response = client.get(address.replace("http://127.0.0.1:8000", ""), headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def ids(client, address):
    return [each["id"] for each in read(client, address)["items"]]


def walk(client, address):
    """Follow `next` to the end, as a program does; return the items and the last cursor."""
    items, gone, cursor = [], [], None
    while address:
        page = read(client, address)
        items += page["items"]
        gone += page.get("gone", [])
        cursor = page.get("cursor")
        address = page["next"]
    return items, gone, cursor


def correct(entry, **values):
    with arranged():
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()
    version_everything()


def test_every_answer_says_what_it_is_in_an_envelope(client):
    make_platform("x")
    version_everything()
    page = read(client, "/platforms")
    assert page["schema_version"] == "1.3"
    assert page["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (page["total"], page["next"]) == (1, None)
    assert dt.datetime.fromisoformat(page["generated_at"]).tzinfo
    assert dt.datetime.fromisoformat(page["last_modified"]) <= timezone.now()


def test_the_index_links_every_list(client):
    resources = read(client, "")["resources"]
    assert {"entries", "platforms", "verdict", "matrix", "enums", "states"} <= resources.keys()
    for address in resources.values():
        if not address.endswith(("verdict", "verdicts", "resolve")):  # they want a question
            read(client, address)


def test_dates_have_a_precision_and_unknown_values_are_null(client):
    platform = make_platform("x")
    make_entry(
        platform, effective_on=dt.date(2024, 7, 1), effective_precision="month", deadline_on=None
    )
    (entry,) = read(client, "/entries")["items"]
    assert entry["effective"] == {"value": "2024-07-01", "precision": "month"}
    assert entry["deadline"] is None
    assert entry["platforms"] == ["x"]


@pytest.mark.database
def test_entries_take_the_filters_of_the_timeline_and_hide_what_it_hides(client):
    x, y = make_platform("x"), make_platform("y")
    of_x = make_entry(x)
    make_entry(y)
    wording = make_entry(x, effects=["wording-only"])
    other = make_entry(x, topic="other")
    make_entry(x, status="draft")
    assert ids(client, "/entries?platform=x") == [of_x.public_id]
    everything = ids(client, "/entries?platform=x&wording=on&topic=all")
    assert set(everything) == {each.public_id for each in (of_x, wording, other)}


@pytest.mark.database
def test_pages_of_entries_follow_one_another_without_a_gap(client):
    platform = make_platform()
    days = [dt.date(2024, 1, 1 + number // 2) for number in range(9)]
    entries = [make_entry(platform, effective_on=day) for day in days]
    items, _gone, _cursor = walk(client, "/entries?limit=2")
    assert len(items) == 9
    assert {each["id"] for each in items} == {each.public_id for each in entries}


@pytest.mark.database
def test_a_walk_by_number_gives_each_change_once_and_goes_on_from_its_cursor(client):
    platform = make_platform()
    first, second, third = (make_entry(platform) for _ in range(3))
    version_everything()
    items, gone, cursor = walk(client, "/entries?since=0&limit=2")
    assert [each["version"] for each in items] == [1, 1, 1]
    assert not gone
    assert read(client, f"/entries?since={cursor}")["items"] == []

    correct(second, title="A corrected sentence")
    (again,) = read(client, f"/entries?since={cursor}")["items"]
    assert (again["id"], again["version"]) == (second.public_id, 2)
    assert again["title"] == "A corrected sentence"
    assert {first.public_id, third.public_id} == {each["id"] for each in items} - {again["id"]}


@pytest.mark.database
def test_a_walk_tells_of_retracted_entries_and_of_those_that_are_gone(client):
    platform = make_platform()
    retracted, undone = make_entry(platform), make_entry(platform)
    version_everything()
    _items, _gone, cursor = walk(client, "/entries?since=0")
    correct(retracted, status="retracted", status_reason="It was another company")
    correct(undone, status="draft")
    page = read(client, f"/entries?since={cursor}")
    (item,) = page["items"]
    assert (item["status"], item["status_reason"]) == ("retracted", "It was another company")
    assert [each["id"] for each in page["gone"]] == [undone.public_id]


@pytest.mark.database
def test_a_walk_through_a_view_tells_of_what_left_it(client):
    x, y = make_platform("x"), make_platform("y")
    entry = make_entry(x)
    make_entry(y)
    version_everything()
    items, gone, cursor = walk(client, "/entries?since=0&platform=x")
    assert ([each["id"] for each in items], gone) == ([entry.public_id], [])
    with arranged():
        entry.platforms.set([y])
    version_everything()
    page = read(client, f"/entries?since={cursor}&platform=x")
    assert page["items"] == []
    assert [each["id"] for each in page["gone"]] == [entry.public_id]


@pytest.mark.database
def test_a_cursor_of_another_database_is_refused(client):
    make_entry(make_platform())
    version_everything()
    _items, _gone, cursor = walk(client, "/entries?since=0")
    begin_epoch()
    assert_gone(client, cursor)
    assert len(walk(client, "/entries?since=0")[0]) == 1


@pytest.mark.database
def test_numbers_are_drawn_only_for_what_changed(client):
    platform = make_platform()
    make_entry(platform)
    assert version_everything() == 2  # the platform and its entry
    assert version_everything() == 0
    make_source(Entry.objects.get())
    assert version_everything() == 1
    assert RecordVersion.objects.filter(kind="entry").latest("number").version == 2


@pytest.mark.database
def test_since_may_still_be_a_day_as_on_the_timeline(client):
    platform = make_platform()
    make_entry(platform, effective_on=dt.date(2023, 1, 1))
    late = make_entry(platform, effective_on=dt.date(2024, 1, 1))
    assert ids(client, "/entries?since=2023-06-01") == [late.public_id]


@pytest.mark.database
def test_states_as_of_a_day_are_those_that_held(client):
    platform = make_platform("x")
    use = make_use(platform, slug="posts")
    make_state(use, "unclear", starts_on=None)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26))
    make_state(use, "no-way-out", starts_on=dt.date(2025, 1, 1))
    branch = make_branch(use, places=["EU"])
    make_state(branch, "not-used", starts_on=dt.date(2024, 1, 1))
    page = read(client, "/states?asof=2024-08-01")
    assert {each["branch"]: each["value"] for each in page["items"]} == {
        1: "unless-refused",
        2: "not-used",
    }
    assert page["asof"] == "2024-08-01"
    everything = read(client, "/states")
    assert everything["total"] == 4
    ended = next(each for each in everything["items"] if each["value"] == "unless-refused")
    assert ended["ends"] == {"value": "2025-01-01", "precision": "day"}


def test_page_box_badge_and_programs_say_since_when_people_can_refuse(client):
    use = make_use(make_platform("x", name="X"), slug="posts")
    make_state(use, "no-way-out", starts_on=dt.date(2024, 4, 29), since_is="at-latest")
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    make_control(use, slug="switch")
    since = read(client, "/verdict?platform=x")["item"]["since"]
    assert since["date"] == {"value": "2024-04-29", "precision": "day"}
    assert since["way_since"] == {
        "can_refuse": True,
        "date": {"value": "2024-07-16", "precision": "day"},
        "since_is": "exact",
    }
    said = "on since 29 April 2024 at the latest, with a way out since 16 July 2024"
    assert since["in_words"] == said
    for address in ("/platforms/x", "/answers?q=X", "/badges/x.svg"):
        assert said in client.get(address).content.decode()


def test_a_verdict_is_the_one_of_the_page(client):
    platform = make_platform("x", name="X")
    use = make_use(platform, slug="posts", places=["CH"])
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26))
    control = make_control(use, slug="switch")
    make_guide(platform, control)
    item = read(client, "/verdict?platform=x&place=CH")["item"]
    assert item["answer"] == "yes-unless-refused"
    assert item["since"]["date"] == {"value": "2024-07-26", "precision": "day"}
    assert item["ways_out"][0]["control"] == "x/switch"
    page = client.get("/platforms/x?place=CH").content.decode()
    assert item["headline"] in page
    assert item["since"]["in_words"] in page
    german = read(client, "/verdict?platform=x&place=CH&lang=de")["item"]
    assert german["headline"] in client.get("/de/platforms/x?place=CH").content.decode()
    assert german["url"].endswith("/de/platforms/x?place=CH")


@pytest.mark.parametrize("value", ["", "unclear"])
def test_where_nothing_is_known_no_way_out_is_called_unnecessary(client, value):
    use = make_use(make_platform("x"), slug="posts", places=["CH"])
    if value:
        make_state(use, value)
    item = read(client, "/verdict?platform=x")["item"]
    assert (item["stance"], item["way"]) == ("unknown", None)
    assert {part["way"] for part in item["parts"]} == {None}
    assert client.get("/data/domains.json").json()["platforms"]["x"]["answers"]["*"] == "unknown/-"


def test_each_part_of_an_answer_names_its_speaker_and_whether_it_is_disputed(client):
    use = make_use(make_platform("x", name="X", operator="X Corp."), slug="posts", places=["CH"])
    make_state(use, "unless-refused", basis="reported", said_by="FDPIC", disputed=True)
    make_state(make_branch(use, places=["US"]), "not-used", basis="stated")
    parts = read(client, "/verdict?platform=x")["item"]["parts"]
    assert [(part["stance"], part["said_by"], part["disputed"]) for part in parts] == [
        ("yes", "FDPIC", True),
        ("no", "X", False),
        ("unknown", None, False),
    ]


@pytest.mark.database
def test_the_other_lists_show_what_is_public_and_nothing_else(client):
    platform = make_platform("x")
    use = make_use(platform, slug="posts")
    make_use(platform, slug="hidden", status="draft")
    control = make_control(use, slug="switch")
    make_control(use, slug="hidden", status="draft")
    guide = make_guide(platform, control)
    make_guide(platform, control, status="draft")
    make_page(platform, url="https://x.example/help")
    hidden = make_platform("old", listed=False)
    make_page(hidden)
    assert ids(client, "/platforms") == ["x"]
    assert ids(client, "/uses") == ["x/posts"]
    assert ids(client, "/controls?use=x/posts") == ["x/switch"]
    assert ids(client, "/guides") == [guide.slug]
    assert [each["address"] for each in read(client, "/pages")["items"]] == [
        "https://x.example/help"
    ]
    assert read(client, "/uses/x/posts")["item"]["title"] == use.title
    read(client, "/uses/x/hidden", 404)
    read(client, "/platforms/old", 404)


@pytest.mark.parametrize("path", ["/platforms", "/states?platform=x", "/entries", "/changelog"])
def test_a_page_after_what_is_not_in_the_list_is_refused_with_what_to_do(client, path):
    make_use(make_platform("x"))
    asked = f"{path}{'&' if '?' in path else '?'}after=999"
    refused = read(client, asked, 400)
    assert refused["detail"].startswith("after: there is no ")
    assert "again without “after”" in refused["detail"]


def test_no_text_of_a_record_is_empty(client):
    """What is not known is null; people on no named plan have an empty list of plans."""
    use = make_use(make_platform("x"), slug="posts", data_kinds=["chats"])
    make_state(use, starts_on=dt.date(2024, 7, 26))
    make_guide(use.platform, make_control(use), slug="x-guide")
    make_source(make_entry(use.platform))
    for name in ("platforms", "uses", "states", "controls", "guides", "entries", "matrix"):
        items = read(client, f"/{name}?limit=500" if name != "matrix" else "/matrix")["items"]
        assert [path for item in items for path in empty_texts(item, name)] == [], name


def empty_texts(value, path):
    if isinstance(value, dict):
        for name, each in value.items():
            yield from empty_texts(each, f"{path}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from empty_texts(each, path)
    elif value == "":
        yield path


@pytest.mark.parametrize(("words", "shown"), [("We train on it.", True), ("Long. " * 90, False)])
def test_short_words_of_others_are_cited_and_long_ones_only_named(client, words, shown):
    """The licence of our words does not cover them: the description and the package say so."""
    use = make_use(make_platform("x"), slug="training")
    state = make_state(use, starts_on=dt.date(2024, 1, 1), basis="stated")
    with arranged():
        source = Source.objects.create(state=state, url="https://x.example/terms", publisher="X")
        digest = hashlib.sha256(words.encode()).hexdigest()
        Passage.objects.create(source=source, words=words, sha256=digest)
    (record,) = read(client, "/states")["items"]
    (passage,) = record["sources"][0]["passages"]
    assert (passage["sha256"], passage["words"]) == (digest, words if shown else None)
    described = client.get("/api/v1/openapi.json").json()
    assert described["info"]["license"]["url"] == LICENCE
    assert (
        "licence does not cover" in described["components"]["schemas"]["PassageOf"]["description"]
    )


@pytest.mark.database
def test_the_matrix_is_that_of_the_file(client):
    use = make_use(make_platform("x"), data_kinds=["chats"])
    make_state(use, "no-way-out", starts_on=dt.date(2024, 1, 1))
    page = read(client, "/matrix?asof=2024-06-01")
    assert page["items"] == client.get("/matrix.json?asof=2024-06-01").json()["uses"]
    assert page["asof"] == "2024-06-01"


def test_closed_lists_have_words_for_every_value_in_every_language(client):
    answers = {code: read(client, f"/enums?lang={code}")["items"] for code in ("en", "de", "fr")}
    for of_languages in zip(*answers.values(), strict=True):
        assert len({each["id"] for each in of_languages}) == 1
        for values in zip(*(each["values"] for each in of_languages), strict=True):
            words = dict(zip(answers, (value["label"] for value in values), strict=True))
            assert all(value["labels"] == words for value in values)
            assert all(words.values())
    lists = {each["id"]: each["values"] for each in answers["de"]}
    assert {value["value"]: value["label"] for value in lists["answer"]}["no"] == "Nein"
    for name in ("differs_by", "matched_by", "unknown_because", "way", "word"):
        assert not [each["value"] for each in lists[name] if each["value"] == each["label"]]
    assert [each["value"] for each in lists["matched_by"]] == list(MATCHED_BY)


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("/entries?place=Atlantis", "place", "DE"),
        ("/entries?direction=up", "direction", "less-control"),
        ("/entries?by=x", "by", "effective"),
        ("/entries?since=2024-02-31", "since", None),
        ("/matrix?sort=evil", "sort", "exposure"),
        ("/matrix?place=Atlantis", "place", "DE"),
        ("/uses?purpose=fun", "purpose", "training"),
        ("/uses?datakind=fun", "datakind", "chats"),
        ("/platforms?answer=perhaps", "answer", "differs"),
        ("/declarations?law=nature", "law", "california-ab-2013"),
        ("/verdict?platform=x&people=robots", "people", "personal"),
    ],
)
def test_an_error_names_the_parameter_and_the_values_that_it_can_have(
    client, query, parameter, allowed
):
    refused = read(client, query, 400)
    assert refused["detail"].startswith(f"{parameter}: ")
    assert allowed in (refused.get("allowed") or [None])


def test_a_platform_or_use_that_there_is_not_is_missing_in_every_list(client):
    use = make_use(make_platform("x", name="Chirp"), slug="posts")
    make_control(use)
    make_state(use)
    make_entry(use.platform)
    for path in ("/entries", "/states", "/controls", "/uses", "/pages"):
        assert "nope" in read(client, f"{path}?platform=nope", 404)["detail"]
        assert read(client, f"{path}?platform=Chirp") | {"generated_at": ""} == (
            read(client, f"{path}?platform=x") | {"generated_at": ""}
        )
    for path in ("/states", "/controls"):
        assert read(client, f"{path}?use=x/posts")["total"] == 1
        assert "nope/nope" in read(client, f"{path}?use=nope/nope", 404)["detail"]


def test_an_unknown_parameter_is_refused_and_the_right_ones_are_named(client):
    refused = read(client, "/uses?platfrom=x", 400)
    assert refused["title"] == "Unknown parameter"
    assert "platform" in refused["parameters"]
    assert "platform" in refused["detail"]
    assert client.get("/api/v1/uses?platfrom=x")["Content-Type"] == "application/problem+json"
    assert read(client, "/uses?limit=1&limit=2", 400)["title"] == "Invalid parameter"


@pytest.mark.parametrize(
    "query",
    [
        "/uses?limit=0",
        "/uses?limit=1000000",
        "/uses?limit=9" + "9" * 400,
        "/entries?kind=nonsense",
        "/entries?since=0&after=abc",
        "/entries?since=2024-02-31",
        "/entries?after=ffffffffff",
        "/entries?q=%00",
        "/states?asof=2999-01-01",
        "/states?asof=0001-01-01",
        "/matrix?asof=2100-01-01",
        "/verdict?platform=x&asof=2100-01-01",
        "/verdict?platform=x&place=Atlantis",
        "/verdict",
        "/platforms?lang=xx",
    ],
)
def test_what_cannot_be_answered_is_refused_as_a_problem(client, query):
    make_platform("x")
    make_entry(make_platform())
    refused = read(client, query, 400)
    assert refused["status"] == 400
    assert refused["type"].startswith("http")
    assert refused["detail"]


@pytest.mark.parametrize("path", ["/nothing", "/platforms/nobody", "/verdict?platform=nobody"])
def test_what_there_is_not_is_a_problem_too(client, path):
    assert read(client, path, 404)["title"] == "Not found"


def test_another_version_is_a_problem_that_says_where_the_api_begins(client):
    for address in ("/api/v2", "/api/v2/platforms"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert "/api/v1" in answer.json()["detail"]


def test_a_verdict_for_an_unknown_name_says_how_to_find_the_id(client):
    assert "/api/v1/resolve?q=" in read(client, "/verdict?platform=nobody", 404)["detail"]


@pytest.mark.database
def test_unicode_in_filters_is_looked_for_and_harms_nothing(client):
    make_entry(make_platform(), title="Über Fotos 📷 wird entschieden")
    assert len(read(client, "/entries?q=%C3%9Cber%20%F0%9F%93%B7")["items"]) == 1
    for words in ("Über", "📷", "\u202e", "ﬁ", "\ud7ff"):
        client.get("/api/v1/entries", {"q": words})
    assert client.get("/api/v1/entries?q=%ED%A0%80").status_code in (200, 400)


def test_an_answer_is_not_sent_twice_to_who_has_it(client, settings):
    make_platform()
    first = client.get("/api/v1/platforms")
    again = client.get("/api/v1/platforms", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    make_platform()
    assert (
        client.get("/api/v1/platforms", headers={"If-None-Match": first["ETag"]}).status_code == 200
    )


def test_assistants_in_browsers_of_other_sites_may_ask(client):
    asked = client.options(
        "/api/mcp",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,mcp-method,mcp-name",
        },
    )
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in asked["Access-Control-Allow-Methods"]
    assert {"Content-Type", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"} <= {
        *asked["Access-Control-Allow-Headers"].split(", ")
    }


def test_what_is_no_cursor_is_refused_with_where_to_begin(client):
    make_entry(make_platform("x"))
    version_everything()
    refused = read(client, "/entries?since=rubbish&platform=x", 400)
    assert len(read(client, refused["begin_again"])["items"]) == 1


def test_an_address_without_a_record_says_where_ids_are(client):
    for address in ("/platforms/nobody", "/guides/nobody", "/entries/0000000000"):
        assert "/api/v1/resolve?q=" in read(client, address, 404)["detail"]


def test_a_guide_changed_when_its_words_did(client, time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False)
    guide = make_guide(make_platform("x"), slug="leave")
    version_everything()
    time_machine.move_to(dt.datetime(2026, 4, 1, tzinfo=dt.UTC), tick=False)
    with arranged():
        guide.save()  # as when the pages it depends on are looked at
    version_everything()
    assert read(client, "/guides/leave")["item"]["updated_at"].startswith("2026-03-01")
    correct(guide, title="Other words")
    assert read(client, "/guides/leave")["item"]["updated_at"].startswith("2026-04-01")


def assert_gone(client, cursor):
    refused = read(client, f"/entries?since={cursor}", 410)
    assert refused["type"].endswith("/api#cursor-gone")
    again = read(client, refused["begin_again"])
    assert again["total"] == len(again["items"])
    return refused["detail"]


def test_the_example_of_the_page_prints_what_is_new_and_survives_a_restored_database(
    client, live_server, settings, monkeypatch, tmp_path, capsys
):
    settings.SITE_URL = live_server.url
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"<code>(import.*?)</code></pre>", client.get("/api").text, re.DOTALL)
    platform = make_platform()
    first, second = (make_entry(platform, title=title) for title in ("First", "Second"))
    version_everything()

    def printed():
        exec(html.unescape(example), {})
        return sorted(capsys.readouterr().out.splitlines())

    assert printed() == ["published 1 First", "published 1 Second"]
    assert printed() == []
    correct(first, title="First, corrected")
    correct(second, status="draft")
    assert printed() == ["published 2 First, corrected"]
    begin_epoch()
    assert printed() == []
    correct(first, status="retracted", status_reason="Wrong")
    assert printed() == ["retracted 3 First, corrected"]
    assert list(json.loads(Path("kept.json").read_text())["versions"]) == [first.public_id]


def test_every_question_that_the_page_prints_is_answered(client):
    for slug in ("linkedin", "x"):
        make_state(make_use(make_platform(slug)))
    page = html.unescape(client.get("/api").text)
    asked = set(re.findall(r"/api/v1[^\s<>\"'“”]*\?[^\s<>\"'“”]*", page))
    assert len(asked) > 5
    for address in asked:
        assert client.get(address).status_code == 200, address


def test_every_kind_of_error_is_explained_on_the_page_of_the_api(client):
    page = client.get("/api").content.decode()
    kinds = {
        title
        for path in (*Path("consent/open_data").rglob("*.py"), *Path("consent/web").rglob("*.py"))
        for title in re.findall(
            r"(?:Refused\(|problem\(\w*,)\s*\d{3},\s*\"([^\"]+)\"", path.read_text()
        )
    }
    assert len(kinds) > 5
    for title in kinds:
        assert f'<dt id="{slugify(title)}">' in page, title


def test_an_empty_cursor_is_no_cursor_and_is_refused(client):
    assert "since" in read(client, "/entries?since=", 400)["detail"]


@pytest.mark.database
def test_a_cursor_beyond_the_last_number_is_gone_like_one_of_another_database(client):
    make_entry(make_platform())
    version_everything()
    _items, _gone, cursor = walk(client, "/entries?since=0")
    epoch, number = cursor.split(".")
    told = assert_gone(client, f"{epoch}.{int(number) + 100}")
    assert "beyond our last change" in told
    assert "restored" not in told


def test_a_program_that_began_with_a_day_goes_on_by_cursor_and_misses_nothing(client):
    platform = make_platform()
    entries = [make_entry(platform, effective_on=dt.date(2026, 3, day)) for day in (1, 2, 3)]
    version_everything()
    page = read(client, "/entries?since=2026-03-02&limit=1")
    cursor, seen = page["cursor"], [page["items"][0]["id"]]
    correct(entries[2], title="Corrected after the first page was read")
    (late,) = read(client, page["next"])["items"]
    new = read(client, f"/entries?since={cursor}")
    assert {*seen, late["id"]} == {each.public_id for each in entries[1:]}
    assert [each["title"] for each in new["items"]] == ["Corrected after the first page was read"]
    assert read(client, f"/entries?since={new['cursor']}")["items"] == []


def test_the_cursor_of_an_empty_record_can_be_gone_on_from(client):
    cursor = read(client, "/entries?since=0")["cursor"]
    make_entry(make_platform())
    version_everything()
    assert len(read(client, f"/entries?since={cursor}")["items"]) == 1


@pytest.mark.database
def test_a_walk_by_number_says_on_each_page_how_many_there_are(client):
    x = make_platform()
    for _ in range(3):
        make_entry(x)
    version_everything()
    address, totals = "/entries?since=0&limit=1", []
    while address:
        page = read(client, address)
        totals.append(page["total"])
        address = page["next"]
    assert totals == [3, 3, 3]


def test_what_is_not_known_is_null(client):
    use = make_use(make_platform())
    entry = make_entry(use.platform)
    make_source(entry)
    (source,) = read(client, f"/entries/{entry.public_id}")["item"]["sources"]
    assert source["title"] is None
    make_state(use, "not-used", starts_on=None)
    (state,) = read(client, "/states")["items"]
    assert (state["starts"], state["since_is"]) == (None, None)
    make_state(make_use(make_platform("y")), starts_on=None)
    since = read(client, "/verdict?platform=y")["item"]["since"]
    assert (since["date"], since["since_is"]) == (None, None)


def test_programs_of_other_sites_may_ask_and_nobody_may_write(client):
    asked = client.options("/api/v1/platforms", headers={"Origin": "https://elsewhere.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "GET" in asked["Access-Control-Allow-Methods"]
    head = client.head("/api/v1/platforms")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == client.get("/api/v1/platforms")["ETag"]
    for method in (client.post, client.put, client.delete, client.patch):
        refused = method("/api/v1/platforms")
        assert refused.status_code == 405
        assert refused["Allow"] == "GET, HEAD, OPTIONS"
        assert refused.json()["title"] == "Method not allowed"


def test_no_answer_sets_a_cookie_and_every_one_says_what_is_left(client, monkeypatch):
    response = client.get("/api/v1/platforms")
    assert not response.cookies
    assert response["RateLimit-Policy"] == '"default";q=600;w=60'
    monkeypatch.setattr(limits, "MOST", 2)
    assert client.get("/api/v1/platforms")["RateLimit"].startswith('"default";r=0')
    refused = client.get("/api/v1/platforms")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 60
    assert refused.json()["title"] == "Too many requests"


def test_words_come_in_every_language_of_the_site_and_in_no_other(client):
    (described,) = (
        each
        for each in description()["paths"]["/api/v1/enums"]["get"]["parameters"]
        if each["name"] == "lang"
    )
    languages = [language for language, _name in settings.LANGUAGES]
    assert described["schema"]["enum"] == languages
    for language in languages:
        answer = client.get(f"/api/v1/enums?lang={language}")
        assert (answer.status_code, answer["Content-Language"]) == (200, language)
    for address in ("/api/v1/enums", "/calendar.ics", "/badges/x.json"):
        refused = client.get(f"{address}?lang=tlh")
        assert refused.status_code == 400
        assert all(language in refused.text for language in languages), address


def test_the_description_is_openapi_with_examples(client):
    served = read(client, "/openapi.json")
    assert served == json.loads(json.dumps(description()))
    assert served["openapi"].startswith("3.1")
    parameters = served["paths"]["/api/v1/entries"]["get"]["parameters"]
    assert {"since", "platform", "kind", "limit"} <= {each["name"] for each in parameters}
    assert "example" in served["components"]["schemas"]["VerdictOf"]


class TestAPlan:
    @pytest.fixture
    def chatter(self):
        platform = make_platform("chatter", name="Chatter")
        use = make_use(platform, title="Your chats train Chatter")
        make_state(use)
        make_state(make_branch(use, people=["organisation"], plans=["Enterprise"]), "not-used")
        return platform

    def test_is_answered_by_the_branches_that_name_it(self, client, chatter):
        item = read(client, "/verdict?platform=chatter&plan=enterprise")["item"]
        assert (item["answer"], item["people"], item["plan"]) == (
            "no",
            "organisation",
            "Enterprise",
        )

    @pytest.mark.parametrize("query", ["plan=nonsense", "plan=Business&people=organisation"])
    def test_that_is_not_on_record_is_refused_with_those_that_are(self, client, chatter, query):
        problem = read(client, f"/verdict?platform=chatter&{query}", 400)
        assert problem["title"] == "Invalid parameter"
        assert problem["allowed"] == ["Enterprise"]
        assert "You can ask for: Enterprise." in problem["detail"]

    def test_of_other_people_is_refused(self, client, chatter):
        problem = read(client, "/verdict?platform=chatter&plan=Enterprise&people=personal", 400)
        assert problem["allowed"] == []
        assert "no list of plans of Chatter for these people" in problem["detail"]


def test_the_plans_of_a_platform_are_those_that_a_question_may_name(client):
    use = make_use(make_platform("x"))
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Team"]), "not-used")
    answer = client.get("/api/v1/platforms/x/plans")
    assert answer.status_code == 200, answer.headers
    assert [plan["name"] for plan in answer.json()["items"]] == ["Team"]
    assert client.get("/api/v1/platforms/none/plans").status_code == 404


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"place": "Georgia"}, ["GE", "US-GA"]),
        ({"plan": "nonsense"}, ["Team"]),
        ({"plan": "Team", "people": "personal"}, []),
        ({"platform": "x.example"}, ["x", "x-too"]),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(client, query, allowed):
    use = make_use(make_platform("x", homepage="https://x.example/"))
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Team"]), "not-used")
    make_platform("x-too", homepage="https://www.x.example/too")
    answer = client.get("/api/v1/verdict", {"platform": "x", **query})
    assert answer.status_code == 400
    assert answer.json()["allowed"] == allowed


@pytest.mark.parametrize("address", ["/verdict?platform=x", "/figures?", "/states?", "/matrix?"])
def test_a_day_to_come_is_refused_with_the_days_that_can_be_asked(client, address):
    x = make_platform("x")
    make_state(make_use(x), "unless-refused", starts_on=dt.date(2024, 7, 16))
    make_entry(x, effective_on=dt.date(2023, 5, 2))
    refused = client.get(f"/api/v1{address}&asof=2099-01-01")
    assert refused.status_code == 400
    today = timezone.localdate().isoformat()
    assert refused.json()["allowed"] == ["2023-05-02", today]
    assert f"from 2023-05-02 to {today}" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("place", "platform"),
    in_turn(
        ["DE", "de", "Germany", "Deutschland", "Allemagne"],
        ["x", "X", "twitter", "x.example", "https://www.x.example/a"],
    ),
)
def test_names_in_the_languages_of_the_site_are_understood(client, place, platform):
    x = make_platform("x", name="X", homepage="https://x.example/", aliases=["Twitter"])
    make_state(make_use(x), "unless-refused")
    item = client.get("/api/v1/verdict", {"platform": platform, "place": place}).json()["item"]
    assert (item["platform"], item["place"]) == ("x", "DE")


def test_an_inferred_answer_says_from_whom_and_version_1_knows_nothing(client):
    make_state(make_use(make_platform("x")), "unless-refused")
    make_control(Use.objects.get())
    asked = {"platform": "x", "people": "minors"}
    item = client.get("/api/v1/verdict", asked).json()["item"]
    assert (item["stance"], item["inferred_from"]) == ("yes", "personal")
    assert item["answer"] == "unknown"
    assert "inferred for minors" in item["headline"]
    assert "inferred" in item["short"]


def test_a_number_is_no_day(client):
    """Seconds since 1970 would make any typing error a day."""
    make_platform("x")
    for address in ("/verdict?platform=x", "/states?", "/figures?", "/verdicts?platforms=x"):
        for written in ("0", "1e3", "1732838400"):
            read(client, f"{address}&asof={written}", 400)


def test_every_property_of_every_record_is_described():
    schemas = description()["components"]["schemas"]
    properties = [
        (f"{name}.{field}", shape)
        for name, schema in schemas.items()
        for field, shape in schema.get("properties", {}).items()
    ]
    assert len(properties) > 600
    assert [name for name, shape in properties if not shape.get("description")] == []


def test_every_parameter_is_described():
    parameters = [
        (path, parameter["name"], parameter.get("description"))
        for path, item in description()["paths"].items()
        for parameter in item["get"].get("parameters", [])
    ]
    assert [each for each in parameters if not each[2]] == []


def test_fields_of_closed_lists_have_examples_that_are_in_the_list(client):
    lists = {each["id"]: each for each in read(client, "/enums?limit=500")["items"]}
    seen = set()
    for schema in description()["components"]["schemas"].values():
        for shape in schema.get("properties", {}).values():
            if named := re.search(r"A value of the list “(\w+)”", shape.get("description", "")):
                values = {each["value"] for each in lists[named[1]]["values"]}
                assert shape["examples"], named
                assert set(shape["examples"]) <= values
                seen.add(named[1])
    assert {"stance", "way", "refuse", "topic", "matched_by"} <= seen


@pytest.mark.database
def test_feed_api_and_page_say_the_same_moment_of_change(client):
    entry = make_entry(make_platform("x"))
    version_everything()
    correct(entry, summary="Corrected.")
    with arranged():  # saved later, with nothing new that readers see
        Entry.objects.update(updated_at=timezone.now() + dt.timedelta(hours=1))
    said = read(client, f"/entries/{entry.public_id}")["item"]["updated_at"]
    feed = client.get("/feeds/timeline.json").json()["items"][0]["date_modified"]
    page = client.get(entry.get_absolute_url()).text
    linked = re.search(r'"dateModified": ?"([^"]+)"', page)
    assert linked
    moments = {dt.datetime.fromisoformat(each) for each in (said, feed, linked[1])}
    assert len(moments) == 1


@pytest.mark.database
def test_api_page_and_sitemap_say_the_same_moment_of_change_of_a_guide(client):
    guide = make_guide(make_platform("x"), slug="x-off")
    version_everything()
    with arranged():  # saved later, with nothing new that readers see
        Guide.objects.update(updated_at=timezone.now() + dt.timedelta(hours=1))
    said = read(client, "/guides/x-off")["item"]["updated_at"]
    linked = re.search(r'"dateModified": ?"([^"]+)"', client.get(guide.get_absolute_url()).text)
    listed = re.search(
        r"/guides/x-off</loc><lastmod>([^<]+)", client.get("/sitemap-guides.xml").text
    )
    assert linked
    assert listed
    moments = {dt.datetime.fromisoformat(each) for each in (said, linked[1], listed[1])}
    assert len(moments) == 1


@pytest.mark.database
def test_the_changelog_has_every_version_of_every_record(client):
    platform = make_platform("x")
    entry = make_entry(platform)
    version_everything()
    before = read(client, "/changelog?limit=500")
    assert {each["list"] for each in before["items"]} == {"platforms", "entries"}
    assert {each["version"] for each in before["items"]} == {1}
    last = before["items"][-1]["id"]
    correct(entry, title="Another sentence")
    after = read(client, f"/changelog?after={last}")
    assert after["total"] == before["total"] + 1
    (change,) = after["items"]
    assert (change["list"], change["record"]) == ("entries", entry.public_id)
    assert (change["version"], change["fields"], change["is_gone"]) == (2, ["title"], False)


def test_cells_of_the_matrix_name_the_records_they_are_about(client):
    use = make_use(make_platform("x"), slug="posts", data_kinds=["chats", "code"])
    make_state(use, starts_on=dt.date(2024, 1, 1))
    cells = read(client, "/matrix")["items"]
    assert [each["id"] for each in cells] == ["x/posts/chats", "x/posts/code"]
    for cell in cells:
        assert read(client, f"/uses/{cell['use_id']}")["item"]["platform"] == cell["platform_id"]


FILES = [
    *("/data/domains.json", "/data/platforms.csv", "/data/providers.csv", "/timeline.csv"),
    *("/data/providers.json", "/api/v1/providers"),
    *("/feeds/timeline.atom", "/badges/x.json", "/llms.txt", "/data/releases.json"),
]


@pytest.mark.parametrize("address", FILES)
def test_scripts_of_other_sites_may_revalidate_every_file(client, address, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC), tick=False)
    make_platform("x")
    asked = client.options(
        address,
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    if "ETag" in answer:
        time_machine.shift(60)  # the answer is drawn again in a test, whatever pages are kept
        same = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (same.status_code, same["Access-Control-Allow-Origin"]) == (304, "*")


def test_pages_for_readers_answer_no_preflight(client):
    assert client.options("/about").status_code == 405


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("/api/v1/", "/api/v1"),
        ("/api/v1/verdict/?platform=X", "/api/v1/verdict?platform=X"),
        ("/developers?place=DE", "/developers/providers?place=DE"),
    ],
)
def test_a_slash_too_many_or_an_address_cut_short_leads_on(client, asked, own):
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, own)
    assert client.get("/api/v1/nothing/").status_code == 404


def test_an_entry_says_what_it_turned_as_the_filter_does(client):
    branch = make_branch(make_use(make_platform("x")))
    day = dt.date(2024, 7, 1)
    for value in ("no-way-out", "unless-refused", "not-used"):
        day += dt.timedelta(days=30)
        entry = make_entry(branch.use.platform, direction="mixed", effective_on=day)
        make_state(branch, value, starts_on=day, opened_by=entry)
    make_entry(branch.use.platform, effective_on=day)
    turned = {each["id"]: each["turned"] for each in read(client, "/entries")["items"]}
    # A way out that is added turns nothing on: it was on before.
    assert sorted(map(str, turned.values())) == ["None", "None", "off", "on"]
    for which in ("on", "off"):
        found = ids(client, f"/entries?turned={which}")
        assert set(found) == {key for key, value in turned.items() if value == which}
