"""The answers of the whole catalog, asked as programs do: no two of them disagree."""

from urllib.parse import urlsplit

import pytest

from consent.web import limits
from platforms.models import Page
from tests.sweeps import some

pytestmark = pytest.mark.django_db(transaction=True)

#: The fields of a row that are those of the verdict, by their names there.
SAME = {
    **{name: name for name in ("platform", "place", "people", "plan", "headline", "way")},
    **{name: name for name in ("reason", "basis", "said_by", "reporters", "disputed", "since")},
    "default": "stance",
    "in_words": "answer_in_words",
    "url": "url",
}
#: Ways of a yes that some control makes.
BY_CONTROL = {"refusable", "organisation", "each-time", "each-request", "at-times", "on-request"}
NOT_HAPPENING = {"only-if-agreed", "no", "not-any-more", "not-offered"}


@pytest.fixture(autouse=True)
def no_limit(monkeypatch):
    monkeypatch.setattr(limits, "MOST", 10**9)


def rows_of(client, place=""):
    return client.get("/data/providers.json", {"place": place} if place else {}).json()["items"]


def verdicts(client):
    platforms = client.get("/api/v1/platforms?limit=500").json()
    assert platforms["next"] is None
    return [each["verdict"] for each in platforms["items"]]


@pytest.mark.parametrize("place", some(["DE", "", "US"], 2))
def test_each_row_of_the_providers_is_the_verdict_of_its_plan(client, whole_catalog, place):
    rows = rows_of(client, place)
    assert len(rows) > 50
    for row in some(rows, 30):
        asked = {name: row[name] for name in ("platform", "place", "plan", "people") if row[name]}
        verdict = client.get("/api/v1/verdict", asked).json()["item"]
        told = {name: row[name] for name in SAME}
        assert told == {name: verdict[same] for name, same in SAME.items()}, row["id"]
        assert row["parts"] == (verdict["parts"] if len(verdict["parts"]) > 1 else []), row["id"]
        best = dict.fromkeys(each["control"] for each in row["ways_out"] if each["best"])
        assert list(best) == [each["control"] for each in verdict["ways_out"]], row["id"]


def contradictions(stance, answer):
    """Yield what one answer says against itself."""
    ways, way = answer["ways_out"], answer["way"]
    if way == "none" and any(each["binding"] and not each["gives_up"] for each in ways):
        yield "there is no way out, and here is one"
    if stance == "yes" and way in BY_CONTROL and not ways:
        yield "it can be refused by a control that is not there"
    if stance == "yes" and way in (None, "not-needed"):
        yield "it happens, and whether it can be refused is not said"
    if way == "anyway" and not ways:
        yield "it can be refused anyway, by nothing"
    if stance in NOT_HAPPENING and ways:
        yield "what does not happen has to be refused"
    if stance == "unknown" and way is None and ways:
        yield "it cannot be refused, and here is how"
    if (stance == "unknown") != (answer["reason"] is not None):
        yield "the reason why it is not known and the answer differ"
    if stance == "unknown" and (answer["basis"] or answer["since"]):
        yield "nothing is known, since a day or on the word of somebody"
    if stance in ("yes", "only-if-agreed") and not answer["basis"]:
        yield "it rests on nobody's word"
    if answer["basis"] == "stated" and not answer["said_by"]:
        yield "somebody states it, and is not named"
    if (answer["basis"] == "reported") != bool(answer["reporters"]):
        yield "it is reported by nobody, or not reported by somebody"


def test_no_answer_contradicts_itself(client, whole_catalog):
    answers = [(each["stance"], each["platform"], each) for each in verdicts(client)]
    answers += [(row["default"], row["id"], row) for row in rows_of(client)]
    assert len(answers) > 300
    found = [(name, *contradictions(stance, answer)) for stance, name, answer in answers]
    assert [each for each in found if len(each) > 1] == []


def without_words(since):
    """Beside an answer they name the part that began then."""
    return since and since | {"in_words": ""}


def test_the_start_of_an_answer_is_that_of_what_is_the_same_for_all(client, whole_catalog):
    """Of parts with one stance the first start; of what depends, the start of the first part."""
    for answer in verdicts(client):
        parts, since = answer["parts"], answer["since"]
        if answer["stance"] == "depends":
            assert without_words(since) == without_words(parts[0]["since"]), answer["platform"]
        elif len(parts) > 1 and since and since["date"]:
            starts = [each["since"]["date"] for each in parts if each["since"]]
            assert since["date"]["value"] == min(each["value"] for each in starts if each), answer[
                "platform"
            ]


def test_a_headline_about_minors_keeps_what_holds_for_adults_where_it_has_room(
    client, whole_catalog
):
    asked = {"platform": "linkedin", "place": "DE", "people": "minors"}
    for language, words in (("en", "adults:"), ("fr", "adultes")):
        item = client.get("/api/v1/verdict", asked | {"lang": language}).json()["item"]
        assert words in item["headline"]
        assert len(item["headline"]) <= 90


def test_the_file_of_domains_and_resolve_agree(client, whole_catalog):
    kept = client.get("/data/domains.json").json()["domains"]

    def looked_up(host):
        labels = host.split(".")
        ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((kept[end] for end in ends if end in kept), [])

    addresses = Page.objects.living().values_list("url", flat=True)
    watched = {urlsplit(each).hostname.removeprefix("www.") for each in addresses}
    assert len(watched) > 250
    hosts = {"zoom.us", "gmail.com", "notion.so", "openai.com", "chat.openai.com", "fb.com"}
    hosts |= {"anthropic.com", "claude.com", "threads.net"}
    hosts |= {*some(sorted(watched), 24), *some(kept, 16)}
    apart = {}
    for host in hosts:
        found = client.get("/api/v1/resolve", {"q": host}).json()["items"]
        ids = [each["id"] for each in found if each["matched_by"] in ("domain", "alias", "id")]
        if len(ids) == 1 and looked_up(host) != ids:
            apart[host] = ids, looked_up(host)
    assert apart == {}


def test_each_parameter_that_a_request_sends_is_in_the_table(client, whole_catalog):
    """A control of the catalog is not lost because nothing is known of what it refuses."""
    ways = {way["control"]: way for row in rows_of(client) for way in row["ways_out"]}
    for control in (
        "deepgram/mip-opt-out",
        "ibm-watsonx-assistant/opt-out-header",
        "openrouter/data-collection-deny",
    ):
        assert ways[control]["is_parameter"], control
    assert {way["scope"] for way in ways.values() if way["is_parameter"]} == {"one-item"}
    (parameter,) = {
        row["parameter"]["name"]
        for row in rows_of(client)
        if row["platform"] == "ibm-watsonx-assistant" and row["parameter"]
    }
    assert parameter == "X-Watson-Learning-Opt-Out"
