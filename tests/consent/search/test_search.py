import pytest

from consent.search.finding import find
from platforms.models import Platform
from tests.factories import make_entry, make_guide, make_platform, make_setting

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def platforms():
    make_platform("x", name="X", aliases=["Twitter", "x.com", "twitter.com"])
    make_platform("linkedin", name="LinkedIn", operator="Microsoft")
    make_platform("meta-ai", name="Meta AI")
    make_platform("poe", name="Poe")


def names(query):
    return [platform.name for platform in find(query).platforms]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("X", ["X"]),
        ("twitter", ["X"]),
        ("X.com", ["X"]),
        ("is X training on my posts?", ["X"]),
        ("meta ai", ["Meta AI"]),
        ("META-AI", ["Meta AI"]),
        ("LínkedIn", ["LinkedIn"]),
        ("linkdin", ["LinkedIn"]),
        ("twiter", ["X"]),
        ("stop linkedn training", ["LinkedIn"]),
        ("X and LinkedIn", ["X", "LinkedIn"]),
        ("microsoft", ["LinkedIn"]),
        ("pow", []),  # three letters are too few to forgive one
        ("how do I turn it off", []),
        ("", []),
        ("%", []),
        ("_", []),
    ],
)
def test_platforms_are_found_by_any_name_and_in_spite_of_slips(platforms, query, found):
    assert names(query) == found


def test_a_slip_is_said_to_be_corrected(platforms):
    assert find("linkdin").corrected == "LinkedIn"
    assert find("linkedin").corrected == ""


def test_a_named_platform_leads_to_its_settings_changes_and_guides_only(platforms):
    x, poe = Platform.objects.get(slug="x"), Platform.objects.get(slug="poe")
    mine = [make_setting(x), make_entry(x), make_guide(x)]
    make_setting(poe), make_entry(poe), make_guide(poe)
    found = find("is x training on my posts")
    assert [found.settings, found.entries, found.guides] == [[record] for record in mine]


def test_words_narrow_what_is_found_about_a_platform(platforms):
    x = Platform.objects.get(slug="x")
    make_entry(x, title="About voices")
    make_entry(x, title="About images")
    assert [entry.title for entry in find("x voices").entries] == ["About voices"]


def test_without_a_platform_every_word_has_to_be_there(platforms):
    make_entry(make_platform(), title="Voices and images")
    make_entry(make_platform(), title="Voices only", summary="Nothing else")
    assert [entry.title for entry in find("voices images").entries] == ["Voices and images"]


def test_drafts_are_not_found(platforms):
    platform = make_platform()
    make_entry(platform, title="Secret voices", status="draft", published_at=None)
    make_guide(platform, title="Secret guide", status="draft")
    found = find("secret")
    assert (found.entries, found.guides) == ([], [])


def test_the_page_answers_with_state_and_guide(client, platforms):
    make_guide(Platform.objects.get(slug="x"), title="Turn it off on X")
    text = client.get("/search", {"q": "twitter"}).text
    assert 'href="/platforms/x"' in text
    assert "Turn it off on X" in text
    assert 'content="noindex"' in text


def test_nothing_found_offers_to_ask_for_the_platform(client):
    text = client.get("/search", {"q": "<script>nosuch"}).text
    assert "Request this platform" in text
    assert "<script" not in text


def test_a_very_long_query_is_cut(client):
    assert client.get("/search", {"q": "word " * 5000}).status_code == 200


def test_many_results_take_few_questions(client, platforms, django_assert_max_num_queries):
    x = Platform.objects.get(slug="x")
    for _ in range(12):
        setting = make_setting(x)
        make_entry(x).settings.add(setting)
        make_guide(x, setting)
    with django_assert_max_num_queries(15):
        client.get("/search", {"q": "x"})
