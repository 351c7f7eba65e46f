import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.utils import translation

from consent.models import Entry, Use
from consent.search import indexes, texts
from consent.search.results import find
from consent.vocabulary import DataKind
from platforms.models import Platform
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database(every_case=True), pytest.mark.few_cases]


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


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("https://x.com/someone/status/1?s=20", ["X"]),
        ("https://mobile.twitter.com/", ["X"]),
        ("how do I get out of www.linkedin.com/in/me", ["LinkedIn"]),
        ("de.linkedin.com", ["LinkedIn"]),  # its homepage in the factory is linkedin.example
        ("poe.co.uk", ["Poe"]),
        ("nobody.example", []),
        ("notx.com", []),
    ],
)
def test_platforms_are_found_by_any_address_of_theirs(platforms, query, found):
    assert names(query) == found


def test_an_ordinary_word_is_no_slip_of_an_alias(platforms):
    make_platform("jetbrains-ai", name="JetBrains AI", aliases=["Rider"])
    assert names("rides") == []


def test_a_slip_is_said_to_be_corrected(platforms):
    assert find("linkdin").corrected == "LinkedIn"
    assert find("linkedin").corrected == ""


class TestKnownBrands:
    """No name is taken for another one (UX: "never swaps a known brand for another")."""

    @pytest.fixture(autouse=True)
    def brands(self):
        make_platform("adobe", name="Adobe Creative Cloud", aliases=["Photoshop"])
        make_platform("canva", name="Canva")
        make_platform("kimi", name="Kimi")

    @pytest.mark.parametrize("query", ["google photos", "photos", "kiwi", "motion", "signals"])
    def test_are_not_corrected_to_names_that_look_alike(self, query):
        make_platform("notion", name="Notion")
        assert names(query) == []

    @pytest.mark.parametrize(
        ("query", "name"),
        [("canvas", "Canvas"), ("is Signal reading my messages?", "Signal"), ("Kik Xbox", "Xbox")],
    )
    def test_that_nobody_watches_are_named_so(self, query, name):
        found = find(query)
        assert (found.unwatched, found.platforms) == (name, [])

    def test_are_found_once_the_catalog_has_them(self):
        make_platform("signal", name="Signal")
        assert (names("signal"), find("signal").unwatched) == (["Signal"], "")

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("maps.google.com", "Google Maps"),
            ("https://music.apple.com/de/", "Apple Music"),
            ("signal.org", "Signal"),
            ("google maps", "Google Maps"),
            ("mircosoft rewards", "Microsoft Rewards"),
        ],
    )
    def test_are_named_for_their_addresses_and_with_names_of_companies(self, query, name):
        for slug in ("google-search", "google-photos"):
            make_platform(slug, name=slug, operator="Google", homepage="https://google.com/x")
        found = find(query)
        assert found.unwatched == name
        assert [each.slug for each in found.platforms] == (
            ["google-photos", "google-search"] if "Google" in name else []
        )

    def test_that_are_ordinary_words_are_so_only_alone(self):
        make_platform("wetransfer", name="WeTransfer", aliases=["Collect"])
        assert names("collect") == ["WeTransfer"]
        assert names("do they collect my voice") == []

    def test_name_a_platform_together_if_all_are_its_names(self):
        make_platform("microsoft-365", name="Microsoft 365", aliases=["Office", "Word", "Excel"])
        assert names("office word") == ["Microsoft 365"]
        assert names("word in my office") == []

    def test_of_several_words_may_come_in_another_order(self):
        make_platform("meta-glasses", name="Meta AI glasses", aliases=["Ray-Ban Meta"])
        assert names("Meta Ray-Ban") == ["Meta AI glasses"]
        assert names("does meta ray-ban train on my photos") == ["Meta AI glasses"]


class TestCompanies:
    @pytest.fixture(autouse=True)
    def platforms_of_meta(self):
        make_platform("facebook", name="Facebook", operator="Meta Platforms", aliases=["Meta"])
        make_platform("instagram", name="Instagram", operator="Meta Platforms")
        owners = [{"name": "Meta", "since": "2025", "source": "https://news.example/limitless"}]
        make_platform("limitless", name="Limitless", operator="Limitless Inc.", owners=owners)
        make_platform("quora", name="Quora", operator="Quora, Inc.")
        make_platform("poe", name="Poe", operator="Quora, Inc.")

    def test_lead_to_all_their_platforms(self):
        assert set(names("everything from meta")) == {"Facebook", "Instagram", "Limitless"}
        assert find("meta").operator.name == "Meta"

    @pytest.mark.parametrize("query", ["meta.com", "www.meta.com/privacy", "meta.de"])
    def test_are_found_by_their_addresses(self, query):
        assert find(query).operator.name == "Meta"

    def test_are_found_despite_typing_errors(self):
        make_platform("alexa", name="Alexa", operator="Amazon")
        make_platform("ring", name="Ring", operator="Amazon")
        found = find("amazn")
        assert (found.operator.name, found.corrected) == ("Amazon", "Amazon")

    def test_before_a_name_of_a_platform_lead_to_that_platform(self):
        make_platform("office", name="Office", operator="Meta", aliases=["Word"])
        assert names("meta word") == ["Office"]

    def test_with_the_name_of_a_platform_lead_to_that_platform(self):
        assert names("quora") == ["Quora"]

    def test_put_the_platform_first_that_has_the_data_asked_for(self):
        instagram = Platform.objects.get(slug="instagram")
        make_use(instagram, data_kinds=["images-and-video"])
        assert names("does meta look at my photos")[0] == "Instagram"
        assert names("liest meta meine fotos")[0] == "Instagram"


class TestQuestionsWithoutAName:
    def test_lead_to_guides_about_training_with_fewest_minutes(self):
        poe = make_platform("poe", name="Poe")
        training, ads = make_use(poe), make_use(poe, purpose="ads")
        make_guide(poe, make_control(training), title="Long way", minutes=9)
        make_guide(poe, make_control(training), title="Short way", minutes=2)
        make_guide(poe, make_control(ads), title="Ads", minutes=1)
        for query in ("ki training ausschalten", "how do I opt out of AI training?"):
            found = find(query)
            assert [guide.title for guide in found.guides] == ["Short way", "Long way"]
            assert found.guides_first

    def test_about_data_lead_to_who_trains_on_it(self, client):
        for slug, kinds, value in (
            ("poe", ["chats"], "no-way-out"),
            ("pic", ["images-and-video"], "no-way-out"),
            ("shy", ["chats"], "not-used"),
        ):
            make_state(make_use(make_platform(slug, name=slug), data_kinds=kinds), value)
        page = BeautifulSoup(client.get("/search?q=who+trains+on+my+chats").text, "lxml")
        section = page.select_one('section[aria-labelledby="trainers"]')
        assert [link.get_text() for link in section.select(".hit-title")] == ["poe"]


class TestOtherQuestions:
    def test_about_a_year_lead_to_its_changes_and_to_its_page(self, client, platforms):
        x = Platform.objects.get(slug="x")
        for year in (2024, 2025):
            on = dt.date(year, 3, 1)
            make_entry(x, key=f"of-{year}", title="X trains", effective_on=on)
        for query in ("2024", "what changed in 2024?", "Änderungen 2024", "x 2024"):
            assert [entry.key for entry in find(query).entries] == ["of-2024"], query
        page = BeautifulSoup(client.get("/search?q=2024").text, "lxml")
        assert page.select_one('section[aria-labelledby="changes"] a[href="/2024"]')

    def test_about_a_kind_of_platform_lead_to_those(self):
        make_platform("tinder", name="Tinder", category="dating")
        make_platform("x", name="X", category="social")
        assert names("dating apps") == ["Tinder"]

    def test_by_what_people_want_to_do_lead_to_guides_that_do_it(self, platforms):
        x = Platform.objects.get(slug="x")
        use = make_use(x)
        titles = ["Delete your data at X", "Object to training at X", "Turn off training at X"]
        for title in titles:
            make_guide(x, make_control(use), title=title)
        for query, first in (
            ("delete", 0),
            ("löschen", 0),
            ("gdpr", 1),
            ("DSGVO Widerspruch", 1),
            ("x widersprechen", 1),
            ("ausschalten", 2),
            ("comment supprimer mes données", 0),
            ("refus RGPD", 1),
            ("désactiver l’entraînement de l’IA", 2),
        ):
            assert find(query).guides[0].title == titles[first], query

    def test_in_french_take_a_word_that_english_has_too_for_french(self, platforms):
        make_use(Platform.objects.get(slug="x"), data_kinds=["public-posts"])
        assert find("comment on x").kinds == (DataKind.PUBLIC_POSTS,)
        assert find("comment refuser sur x").kinds == ()
        with translation.override("fr"):
            assert find("comment x").kinds == ()
            assert find("publications x").kinds == (DataKind.PUBLIC_POSTS,)

    def test_about_uses_of_platforms_lead_to_those_platforms(self, platforms):
        use = make_use(Platform.objects.get(slug="poe"), title="Your health data trains models")
        for query in ("health data", "health apps", "Gesundheitsdaten"):
            found = find(query)
            assert (found.uses, found.platforms, found.by_words) == ([use], [use.platform], True)

    @pytest.mark.parametrize("query", ["weather", "linkedout kinder", "work", "cat"])
    def test_are_not_taken_for_words_that_look_alike(self, query):
        make_platform("zoom", name="Zoom", operator="Communications")
        make_platform("workspace", name="Workspace")
        make_entry(make_platform("tinder", name="Tinder"), title="Whether Tinder trains")
        found = find(query)
        assert (found.count, found.corrected) == (0, "")


def test_the_page_keeps_the_place_and_ends_with_a_way_to_request_a_platform(client, platforms):
    page = BeautifulSoup(client.get("/search?q=x&place=DE").text, "lxml")
    assert page.select_one('main form input[name="place"]')["value"] == "DE"
    assert page.select_one(".hit-title")["href"] == "/platforms/x?place=DE"
    for query in ("x", "signal", "giraffe"):
        page = BeautifulSoup(client.get(f"/search?q={query}").text, "lxml")
        assert page.select("main a")[-1].get_text() == "Request this platform"


def test_a_named_platform_leads_to_its_uses_controls_changes_and_guides_only(platforms):
    x, poe = Platform.objects.get(slug="x"), Platform.objects.get(slug="poe")
    use = make_use(x)
    mine = [use, make_control(use), make_entry(x), make_guide(x)]
    make_control(make_use(poe)), make_entry(poe), make_guide(poe)
    found = find("is x training on my posts")
    assert [found.uses, found.controls, found.entries, found.guides] == [
        [record] for record in mine
    ]


def test_words_narrow_what_is_found_about_a_platform(platforms):
    x = Platform.objects.get(slug="x")
    make_entry(x, title="About voices")
    make_entry(x, title="About images")
    assert [entry.title for entry in find("x voices").entries] == ["About voices"]


@pytest.mark.parametrize(
    "question", ["is x training on my posts", "how do i stop x from training on all my posts?"]
)
def test_of_guides_that_hold_what_is_sought_the_one_about_training_comes_first(question):
    x = make_platform("x", name="X")
    for title in ("Keep others from editing your posts", "Turn off training on your posts"):
        make_guide(x, title=title)
    assert [guide.title for guide in find(question).guides] == [
        "Turn off training on your posts",
        "Keep others from editing your posts",
    ]


def test_without_a_platform_every_word_has_to_be_there(platforms):
    make_entry(make_platform(), title="Voices and images")
    make_entry(make_platform(), title="Voices only", summary="Nothing else")
    assert [entry.title for entry in find("voices images").entries] == ["Voices and images"]


@pytest.fixture
def changes(platforms):
    """Six changes, the latest first: letters name them."""
    x = Platform.objects.get(slug="x")
    said = {
        "a": ("X trains on voices", "Recordings are kept."),
        "b": ("Grok reads pictures", "Voices are left alone."),
        "c": ("A new policy for GPT-4", "Everyone is asked."),
        "d": ("X asks before it trains", "People can opt-out of pictures."),
        "e": ("ChatGPT keeps conversations", "For a café, or for the EU."),
        "f": ("Voice notes are kept", "Nothing else."),
    }
    for number, (key, (title, summary)) in enumerate(said.items()):
        on = dt.date(2025, 12, 1) - dt.timedelta(days=number)
        make_entry(x, key=key, title=title, summary=summary, effective_on=on)


def found_changes(query):
    return "".join(entry.key for entry in find(query).entries)


class TestTheSameWordsFindTheSameOnEveryDatabase:
    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("voices", "afb"),  # titles first, each part of the list with the latest first
            ("voice", "afb"),
            ("VOICES kept", "fa"),
            ("picture", "bd"),
            ("policies", "c"),
            ("gpt-4", "c"),
            ("gpt", "c"),
            ("chat", "e"),
            ("chats", "e"),
            ("opt-out", "d"),
            ("conversation for the EU", "e"),
            ("hen", ""),  # ends a word, begins none
            ("voices giraffes", "abf"),  # further words lower a result and never remove it
            ("the", ""),
            ("training", "ad"),  # alone it says what is sought; in a question it does not
            ("' OR 1=1 --", ""),
            ('"voices', "afb"),
            ("voices:*A & |", "afb"),
            ("title : voices", "abf"),
        ],
    )
    def test_in_the_same_order(self, changes, query, keys):
        assert found_changes(query) == keys

    @pytest.mark.parametrize(
        "query",
        [
            "Öffentlich",
            "öffentlich",
            "offentlich",
            "O\u0308ffentlich",
            "Straße",
            "strasse",
            "Café",
            "cafe",
        ],
    )
    def test_with_or_without_accents(self, platforms, query):
        entry = make_entry(
            make_platform(), title="Öffentlich: die Straße", summary="In a Cafe\u0301."
        )
        assert find(query).entries == [entry]

    def test_a_slip_of_typing_is_forgiven_and_named(self, changes):
        found = find("conversatons")
        assert [entry.key for entry in found.entries] == ["e"]
        assert found.corrected == "conversations"

    def test_uses_and_guides_are_found_alike(self, platforms):
        poe = Platform.objects.get(slug="poe")
        below = make_use(poe, title="Your chats train models", covers="Pictures you send")
        above = make_use(poe, title="Your pictures train models", covers="All of them")
        guide = make_guide(poe, title="Keep pictures to yourself")
        found = find("picture")
        assert (found.uses, found.guides) == ([above, below], [guide])

    @pytest.mark.parametrize(
        "query",
        [
            "improve the model",
            "model for everyone",
            "verbesserung alle",
            "modell optimieren",
            "chat history training",
            "chat-history-training",
        ],
    )
    def test_controls_are_found_by_all_labels_and_slugs_they_had(self, platforms, query):
        use = make_use(Platform.objects.get(slug="poe"), title="Your chats train models")
        control = make_control(
            use,
            label="Improve the model for everyone",
            labels={
                "de": {"label": "Modell optimieren", "path": "", "source": "https://a.example"}
            },
            former_labels=["Chat history & training", "Verbesserung für alle"],
            former_slugs=["chat-history-training"],
        )
        assert find(query).controls == [control]

    def test_controls_without_a_label_are_found_by_our_name_for_them(self, platforms):
        use = make_use(Platform.objects.get(slug="poe"))
        control = make_control(use, name="Objection by giraffe", refuse="write")
        assert find("giraffe").controls == [control]
        assert find("gyraffe objection").corrected == "giraffe"

    def test_uses_are_found_by_the_slugs_they_had(self, platforms):
        use = make_use(Platform.objects.get(slug="poe"), former_slugs=["giraffe-training"])
        assert find("giraffe").uses == [use]
        Use.objects.filter(pk=use.pk).update(former_slugs=["zebra-training"])
        assert (find("giraffe").uses, find("zebra").uses) == ([], [use])

    def test_what_was_edited_or_removed_is_no_longer_found_by_its_old_words(self, changes):
        Entry.objects.filter(key="a").update(title="X trains on letters")
        Entry.objects.get(key="f").delete()
        assert (found_changes("voices"), found_changes("letter")) == ("b", "a")

    def test_the_timeline_is_narrowed_in_the_same_way(self, client, changes):
        text = client.get("/timeline", {"q": "voice kept"}).text
        assert "X trains on voices" in text
        assert "Voice notes are kept" in text
        assert "Grok reads pictures" not in text


@pytest.mark.django_db(transaction=True)
def test_the_tables_for_search_are_made_anew_after_every_migrate(changes):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {indexes.index_of(Use)}")
    use = make_use(Platform.objects.get(slug="x"), title="Giraffes train models")
    for _ in range(2):
        indexes.set_up(using="default")
    assert found_changes("voices") == "afb"
    assert find("giraffe").uses == [use]


def test_without_the_right_to_create_trigrams_a_migrate_says_what_to_do(caplog):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has extensions")
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE; CREATE ROLE guest; SET ROLE guest")
    indexes._allow_trigrams(connection)
    has_trigrams = indexes.has_trigrams(connection)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert not has_trigrams
    assert "run CREATE EXTENSION pg_trgm" in caplog.text


def test_without_trigrams_slips_are_put_right_all_the_same(changes, monkeypatch):
    monkeypatch.setattr(texts, "has_trigrams", lambda database: False)
    assert find("conversatons").corrected == "conversations"


def test_drafts_are_not_found(platforms):
    platform = make_platform()
    make_entry(platform, title="Secret voices", status="draft", published_at=None)
    make_guide(platform, title="Secret guide", status="draft")
    use = make_use(platform, title="Secret use", status="draft")
    make_control(use, label="Secret switch", status="draft")
    found = find("secret")
    assert (found.uses, found.controls, found.entries, found.guides) == ([], [], [], [])


def test_the_page_answers_with_state_and_guide(client, platforms):
    make_guide(Platform.objects.get(slug="x"), title="Turn it off on X")
    text = client.get("/search", {"q": "twitter"}).text
    assert 'href="/platforms/x"' in text
    assert "Turn it off on X" in text
    assert 'content="noindex"' in text


def test_a_card_begins_with_what_is_known_of_a_use(client, platforms):
    poe = Platform.objects.get(slug="poe")
    for short, value in (("mail", "not-used"), ("replies", "unclear")):
        make_state(make_use(poe, short={"en": short}), value, basis="stated", why="not-said")
    page = BeautifulSoup(client.get("/search", {"q": "poe"}).text, "lxml")
    card = page.select_one(".box-answer")
    assert card.strong.text == "No for mail, not known for replies"
    assert not page.select_one(".turns")


def test_nothing_found_offers_to_ask_for_the_platform(client):
    text = client.get("/search", {"q": "<script>nosuch"}).text
    assert "Request this platform" in text
    assert "<script" not in text


def test_a_very_long_query_is_cut(client):
    assert client.get("/search", {"q": "word " * 5000}).status_code == 200


@pytest.mark.django_db(transaction=True)  # nothing is kept between pages while writes are open
def test_many_results_take_few_questions(client, platforms, django_assert_max_num_queries):
    x = Platform.objects.get(slug="x")
    for _ in range(12):
        use = make_use(x)
        make_entry(x).uses.add(use)
        make_guide(x, make_control(use))
    client.get("/search", {"q": "poe"})  # the answers of all platforms are kept between pages
    with django_assert_max_num_queries(15):
        client.get("/search", {"q": "x"})


def test_one_event_of_two_platforms_is_one_row_with_both_names(client, platforms):
    of_x = make_entry(Platform.objects.get(slug="x"), title="A firm opens a form for giraffes")
    of_poe = make_entry(Platform.objects.get(slug="poe"), title="A firm opens a form for giraffes")
    other = make_entry(
        Platform.objects.get(slug="poe"),
        title="A firm opens a form for giraffes",
        effective_on=dt.date(2025, 1, 1),
    )
    page = BeautifulSoup(client.get("/search?q=giraffes").text, "html.parser")
    rows = page.select(".rows .row")
    assert len(rows) == 2
    links = {link["href"] for row in rows for link in row.select("a")}
    assert links >= {each.get_absolute_url() for each in (of_x, of_poe, other)}
    named = [{link.text for link in row.select(".tags a")} for row in rows]
    assert sorted(named, key=len) == [{"Poe"}, {"Poe", "X"}]
    assert "2 results" in page.select_one(".result-count").text
