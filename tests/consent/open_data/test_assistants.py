"""The endpoint for assistants, asked by the official client of the protocol over HTTP."""

import asyncio
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from consent.models import Entry, Use
from consent.web import limits
from tests.arranging import arranged, version_everything
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)

TOOLS = {"search", "verdict", "states", "changes", "guide_steps", "evidence"}


@pytest.fixture
def public():
    platform = make_platform("chirp")
    use = make_use(platform, slug="posts")
    make_state(use, starts_on=dt.date(2024, 7, 1))
    guide = make_guide(platform, make_control(use))
    entry = make_entry(platform, title="Chirp trains on posts", effective_on=dt.date(2024, 7, 1))
    make_source(entry)
    version_everything()
    return {"entry": entry, "guide": guide}


def asked(address, *questions):
    """Ask a server as an assistant does; return the tools, and an answer for each question."""

    async def ask():
        async with (
            streamable_http_client(f"{address}/api/mcp") as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answers = [await session.call_tool(name, values) for name, values in questions]
            return tools, answers

    # In a thread of its own: browser tests leave an event loop running in theirs.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()


@pytest.mark.django_db(transaction=True)
def test_every_tool_answers_with_its_day_and_address(live_server, public, client):
    entry, guide = public["entry"], public["guide"]
    tools, answers = asked(
        live_server.url,
        ("search", {"query": "chirp"}),
        ("verdict", {"platform": "chirp", "place": "CH", "asof": "2025-01-01"}),
        ("states", {"platform": "chirp", "asof": "2025-01-01"}),
        ("changes", {"since": "0"}),
        ("changes", {"since": "2024-01-01", "platform": "chirp"}),
        ("guide_steps", {"platform": "chirp"}),
        ("evidence", {"id": entry.public_id}),
    )
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert not [answer for answer in answers if answer.is_error]
    found, verdict, states, news, listed, steps, evidence = (
        answer.structured_content for answer in answers
    )
    for answer in (found, verdict, states, news, listed, steps, evidence):
        assert dt.date.fromisoformat(answer["asof"]) <= dt.datetime.now(tz=dt.UTC).date()
        assert client.get(answer["url"].removeprefix("http://testserver")).status_code in (200, 301)
    assert found["platforms"][0]["id"] == "chirp"

    def read(path):
        return client.get(f"/api/v1/{path}").json()

    same = read("verdict?platform=chirp&place=CH&asof=2025-01-01")["item"]
    assert {name: verdict[name] for name in same} == same
    assert verdict["url"].endswith("/platforms/chirp?place=CH&asof=2025-01-01")
    assert states["url"].endswith("/platforms/chirp?asof=2025-01-01")
    assert states["items"] == read("states?asof=2025-01-01")["items"]
    assert news["items"] == listed["items"] == read("entries?since=0")["items"]
    assert news["cursor"] == read("entries?since=0")["cursor"]
    assert steps["items"] == [read(f"guides/{guide.slug}")["item"]]
    assert evidence["sources"] == news["items"][0]["sources"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_answered_is_explained_to_the_assistant(live_server, public):
    tomorrow = (dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=2)).date().isoformat()
    _tools, answers = asked(
        live_server.url,
        ("verdict", {"platform": "nobody"}),
        ("verdict", {"platform": "chirp", "place": "Atlantis"}),
        ("states", {"platform": "chirp", "asof": tomorrow}),
        ("changes", {"since": "yesterday"}),
        ("changes", {"since": "0", "limit": 10_000}),
        ("changes", {"since": "0", "platfrom": "chirp"}),
        ("evidence", {"id": "0000000000"}),
        ("verdict", {"platform": "chirp", "plan": "nonsense"}),
    )
    texts = [answer.content[0].text for answer in answers]
    assert all(answer.is_error for answer in answers), texts
    assert "no platform “nobody”" in texts[0]
    assert "“search”" in texts[0]
    assert "/api/" not in texts[0]
    assert "no place “Atlantis”" in texts[1]
    assert "day to come" in texts[2]
    assert "“platfrom”. There are: after, limit, platform, since." in texts[5]
    assert "no list of plans" in texts[7]


@pytest.mark.django_db
def test_a_plan_is_answered_by_the_branches_that_name_it(client, public):
    of_work = make_branch(
        Use.objects.get(slug="posts"), people=["organisation"], plans=["Enterprise"]
    )
    make_state(of_work, "not-used")
    found = call(client, "verdict", {"platform": "chirp", "plan": "enterprise"})
    assert (found["plan"], found["answer"]) == ("Enterprise", "no")


@pytest.mark.django_db
def test_drafts_and_retracted_changes_are_no_news(client, public):
    cursor = call(client, "changes", {"since": "0"})["cursor"]
    with arranged():
        Entry.objects.update(status="retracted", status_reason="Wrong.")
    version_everything()
    result = call(client, "changes", {"since": "2024-01-01"})
    assert result["items"] == []
    news = call(client, "changes", {"since": cursor})
    [gone] = news["items"]
    assert (gone["status"], gone["status_reason"]) == ("retracted", "Wrong.")
    make_entry(make_platform("draft"), status="draft", published_at=None)
    assert call(client, "changes", {"since": news["cursor"]})["items"] == []


@pytest.mark.django_db
def test_the_endpoint_has_the_limits_of_the_api(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    answers = [post(client, "tools/list", {}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert int(answers[2]["Retry-After"]) <= limits.WINDOW
    assert client.get("/api/mcp").status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "[]", "{", '"\\u0000"', "\x00", "null", '{"method": 1}'])
def test_other_bodies_are_refused(client, body):
    answer = client.post("/api/mcp", body, content_type="application/json")
    assert answer.status_code == 400


NESTED = "[" * 30_000 + "]" * 30_000
DEEP = '{"a":' * 9_000 + "1" + "}" * 9_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [NESTED, DEEP, f'{{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {DEEP}}}']
)
def test_json_nested_beyond_what_can_be_read_is_refused(client, body):
    answer = client.post("/api/mcp", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize("tool", sorted(TOOLS))
@pytest.mark.parametrize(
    "field", ["query", "platform", "place", "people", "since", "after", "id", "\x00"]
)
def test_a_null_character_anywhere_in_a_question_is_refused(client, caplog, tool, field):
    answer = post(client, "tools/call", {"name": tool, "arguments": {field: "chirp\x00"}})
    assert answer.status_code == 400
    assert "Traceback" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("depth", [10, 16, 100, 500, 900, 990, 1000, 5000])
def test_json_of_any_depth_has_an_answer(client, depth):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body = json.dumps(message | {"params": {"name": "search", "arguments": {"query": "NESTED"}}})
    nested = body.replace('"NESTED"', "[" * depth + "]" * depth)
    answer = client.post("/api/mcp", nested, content_type="application/json")
    assert answer.status_code == (200 if depth <= 16 else 400)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["日本語", "‮", "💣" * 100, "'; --"])
def test_odd_words_find_nothing_and_break_nothing(client, word):
    assert call(client, "search", {"query": word})["platforms"] == []


def post(client, method, params):
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return client.post("/api/mcp", json.dumps(message), content_type="application/json")


def call(client, name, values):
    answer = post(client, "tools/call", {"name": name, "arguments": values}).json()["result"]
    assert not answer["isError"], answer
    return answer["structuredContent"]


def asked_of_resources(address, *uris):
    """Read resources as the official client does; return the lists and the texts."""

    async def ask():
        async with (
            streamable_http_client(f"{address}/api/mcp") as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            said = await session.initialize()
            listed = (await session.list_resources()).resources
            templates = (await session.list_resource_templates()).resource_templates
            read = [(await session.read_resource(uri)).contents[0].text for uri in uris]
            return said, listed, templates, read

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()


@pytest.mark.django_db(transaction=True)
def test_resources_have_what_the_addresses_of_the_api_have(live_server, public, client, settings):
    site = settings.SITE_URL
    said, listed, templates, read = asked_of_resources(
        live_server.url,
        f"{site}/data/providers.json",
        f"{site}/api/v1/platforms/chirp",
        f"{site}/api/v1/uses/chirp/posts",
        f"{site}/api/v1/entries/{public['entry'].public_id}",
        f"{site}/api/v1/uses/chirp%2Fposts",
    )
    assert said.capabilities.resources is not None
    assert {each.name for each in listed} == {"providers", "domains", "figures"}
    assert {each.name for each in templates} == {
        *("platforms", "uses", "controls", "guides", "changes"),
    }
    for each in listed:
        assert client.get(str(each.uri).removeprefix(site)).status_code == 200
    written = {each.name: each.uri_template.removeprefix(site) for each in templates}
    assert written["uses"] == "/api/v1/uses/{+id}"  # RFC 6570: the slash of the id stays
    assert written["guides"] == "/api/v1/guides/{id}"
    paths = ("platforms/chirp", "uses/chirp/posts", f"entries/{public['entry'].public_id}")
    paths += ("uses/chirp/posts",)
    for path, text in zip(paths, read[1:], strict=True):
        item = json.loads(text)["item"]
        assert item == client.get(f"/api/v1/{path}").json()["item"]


def posted(client, method, params, **headers):
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return client.post("/api/mcp", body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_a_resource_that_there_is_not_is_an_error_of_the_protocol(client, public):
    for uri in ("https://elsewhere.example/x", "http://127.0.0.1:8000/api/v1/platforms/nobody"):
        said = posted(client, "resources/read", {"uri": uri}).json()
        assert said["error"]["code"] == -32002
    assert posted(client, "resources/read", {}).json()["error"]["code"] == -32602


@pytest.mark.django_db
def test_pages_of_any_site_may_ask_and_what_is_no_origin_may_not(client, public):
    for origin in ("https://elsewhere.example", "chrome-extension://abcdef", "null"):
        answer = posted(client, "tools/list", {}, Origin=origin)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
    for origin in ("elsewhere", "https://", "https://a.example/path", "https://[::1"):
        for method in ("tools/list", "resources/list", "initialize"):
            assert posted(client, method, {}, Origin=origin).status_code == 403


@pytest.mark.django_db
def test_the_list_of_tools_is_short_enough_to_be_read_before_the_first_question(client):
    assert len(posted(client, "tools/list", {}).content) < 40_000


@pytest.mark.django_db
def test_a_program_that_only_reads_the_address_is_told_how_to_ask(client):
    for method in (client.get, client.head, client.put, client.delete):
        answer = method("/api/mcp")
        assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "by POST" in client.get("/api/mcp").json()["detail"]


@pytest.mark.django_db
def test_a_message_that_is_too_long_is_refused_as_json(client):
    answer = client.post("/api/mcp", "[" * 100_000, content_type="application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    anchor = answer.json()["type"].partition("#")[2]
    assert f'id="{anchor}"' in client.get("/api").text


@pytest.mark.django_db(transaction=True)
def test_every_tool_says_the_shape_of_its_answers(live_server, public):
    """The official client refuses an answer that is not as its schema says."""
    tools, answers = asked(
        live_server.url,
        ("verdict", {"platform": "Chirp", "place": "Germany"}),
        ("search", {"query": "chirp posts"}),
    )
    assert not [answer for answer in answers if answer.is_error]
    assert answers[0].structured_content["place"] == "DE"
    for tool in tools:
        assert {"asof", "url", "licence"} <= tool.output_schema["properties"].keys()
