"""A question about one use, or about data that is not on record, is answered for that first."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup

from consent.models import Use
from consent.vocabulary import Purpose
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    slack = make_platform("slack", name="Slack", operator="Salesforce")
    workspaces = {"people": ["organisation"], "data_kinds": ["private-messages", "files"]}
    ranking = make_use(
        slack,
        short={"en": "models for search and emoji", "de": "Modelle für Suche, Emoji"},
        **workspaces,
    )
    make_state(ranking, "unless-refused")
    mail = make_control(ranking, refuse="write", by="admin", to="out@slack.example")
    make_guide(slack, mail, slug="slack-mail", minutes=5)
    generative = make_use(
        slack,
        short={"en": "generative AI", "de": "generative KI", "fr": "l’IA générative"},
        **workspaces,
    )
    make_state(generative, "only-if-agreed")

    youtube = make_platform("youtube", name="YouTube", operator="Google")
    videos = {"people": ["creators"], "data_kinds": ["images-and-video"]}
    own = make_use(youtube, short={"en": "training by Google"}, **videos)
    make_state(own, "no-way-out")
    others = make_use(
        youtube,
        purpose=Purpose.SHARING_FOR_TRAINING,
        short={"en": "training by others", "de": "Training durch andere"},
        **videos,
    )
    make_state(others, "only-if-agreed")
    make_guide(youtube, make_control(others), slug="youtube-others", minutes=2)

    grindr = make_platform("grindr", name="Grindr")
    profile = make_use(grindr, data_kinds=["profile"])
    make_state(profile, "unless-refused")
    make_control(profile)
    make_entry(grindr, data_kinds=["private-messages"], title="Grindr speaks of messages")
    make_state(make_use(make_platform("zoom", name="Zoom")), "unless-refused")


def card(client, typed, prefix=""):
    response = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    return BeautifulSoup(response.text, "lxml").select_one(".box-line, .hit")


def words(part):
    return " ".join(part.get_text(" ").split())


@pytest.mark.parametrize(
    ("prefix", "typed", "answer", "rest"),
    some(
        [
            (
                "",
                "Does Slack train generative AI on our messages?",
                "Generative AI: Only if",
                "Yes",
            ),
            ("", "slack generative ai", "Generative AI: Only if", "Yes"),
            ("", "Does Slack use my files for generative models?", "Generative AI: Only if", "Yes"),
            (
                "/de",
                "Trainiert Slack generative KI mit Nachrichten?",
                "Generative KI: Nur wenn",
                "Ja",
            ),
            ("/fr", "Slack entraîne-t-il une IA générative ?", "L’IA générative : ", "Oui"),
            ("", "Does Slack train emoji models?", "Models for search and emoji: Yes", "Yes"),
        ],
        few=3,
    ),
)
def test_a_use_that_is_asked_about_has_its_answer_first_and_the_rest_after(
    client, prefix, typed, answer, rest
):
    line = card(client, typed, prefix)
    said = words(line.select_one(".box-answer")).replace("\u202f", " ").replace("\xa0", " ")
    assert said.startswith(answer), said
    whole = words(line.select_one(".box-whole"))
    assert rest in whole


def test_words_for_people_choose_no_use_by_its_name(client):
    roblox = make_platform("roblox", name="Roblox")
    own = make_use(roblox, people=["creators"], short={"en": "animations"})
    make_state(own, "unless-refused")
    assets = make_use(roblox, people=["creators"], short={"en": "free Creator Store assets"})
    make_state(assets, "no-way-out")
    typed = "I am a creator on Roblox. Do they train on my {}?"
    assert not words(card(client, typed.format("work")).select_one(".box-answer")).startswith(
        "Free"
    )
    line = card(client, typed.format("animations"))
    assert words(line.select_one(".box-answer")).startswith("Animations: Yes")
    line = card(client, typed.format("assets"))
    assert words(line.select_one(".box-answer")).startswith("Free Creator Store assets: Yes")


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "Does Slack train on our messages?",
            "Does Slack train AI models?",
            "slack, not our files please",
            "Trainiert Slack mit unseren Nachrichten?",
            "slack modèles d'IA",
            "opt out of Slack for a company of 40 people",
        ],
        few=3,
    ),
)
def test_words_that_all_uses_share_choose_none(client, typed):
    line = card(client, typed)
    assert not line.select(".box-whole")
    assert words(line.select_one(".box-answer")).startswith("Yes, source not on record, unless")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "YouTube creators opt out third party training"),
        ("", "Does YouTube let other companies train on my videos as a creator?"),
        ("", "youtube creator: are my videos shared with third parties"),
        ("/de", "YouTube: trainieren Dritte mit meinem Kanal?"),
        ("/fr", "YouTube donne-t-il ma chaîne à des tiers pour l'IA ?"),
    ],
)
def test_training_by_others_is_answered_with_its_own_way_out(client, prefix, typed):
    line = card(client, typed, prefix)
    answer = words(line.select_one(".box-answer"))
    assert any(
        words in answer for words in ("Only if you agree", "Nur wenn Sie", "si vous acceptez")
    )
    buttons = [button["href"] for button in line.select("a.button")]
    assert "/guides/youtube-others" in buttons[0]
    assert "Nothing you can refuse here" not in words(line)


def test_nothing_is_called_unrefusable_where_another_use_can_be_refused(client):
    line = card(client, "YouTube")
    assert "and there is no way out" in words(line.select_one(".box-answer"))
    assert "Nothing you can refuse here" not in words(line)
    assert "only for: training by others" in words(line)
    assert line.select_one("a.button")["href"] == "/guides/youtube-others#steps"


@pytest.mark.parametrize(
    ("prefix", "typed", "label"),
    [
        ("", "Does Zoom let people review my calls?", "People review it"),
        ("", "zoom human review", "People review it"),
        ("", "Does Zoom sell my data to third parties for training?", "Sharing for AI training"),
        ("", "zoom ads", "Ads"),
        ("/de", "Zoom Werbung", ""),
    ],
)
def test_a_purpose_that_is_not_on_record_is_said_not_to_be(client, prefix, typed, label):
    first = words(card(client, typed, prefix).select_one(".box-first"))
    assert first.startswith(label)
    assert first.endswith("nothing on record" if not prefix else "nichts verzeichnet"), first


@pytest.mark.parametrize(
    ("prefix", "typed", "first"),
    [
        ("", "Does Grindr train AI on private messages in Canada?", "Private messages"),
        ("", "grindr dms", "Private messages"),
        ("/de", "Nutzt Grindr meine Nachrichten für KI?", "Private Nachrichten"),
    ],
)
def test_data_that_no_use_names_is_off_the_record_before_the_answer_for_other_data(
    client, prefix, typed, first
):
    line = card(client, typed, prefix)
    assert words(line.select_one(".box-first")).startswith(first)
    assert line.select_one(".box-first a"), "what happened is linked"
    profile = "Profil" if prefix else "Profile"
    assert words(line.select_one(".box-answer")).startswith(f"{profile}: ")


def test_a_use_of_other_people_is_answered_for_them(client):
    linkedin = make_platform(
        "linkedin", name="LinkedIn", operator="LinkedIn", owners=[{"name": "Microsoft"}]
    )
    posts = make_use(linkedin, short={"en": "generative AI"})
    make_state(posts, "unless-refused")
    shared = make_use(
        linkedin,
        purpose=Purpose.SHARING_FOR_TRAINING,
        short={"en": "training by Microsoft"},
        people=["no-account"],
    )
    make_state(shared, "no-way-out")
    make_branch(posts, people=["minors"])
    line = card(client, "Does LinkedIn pass my data on to Microsoft?")
    answer = words(line.select_one(".box-answer"))
    assert answer.startswith("Training by Microsoft: Yes")


class TestADay:
    @pytest.fixture(autouse=True)
    def chirp(self):
        chirp = make_platform("chirp", name="Chirp")
        use = make_use(chirp)
        make_state(use, "not-used", starts_on=dt.date(2022, 1, 1))
        make_state(use, "unless-refused", starts_on=dt.date(2023, 6, 1))

    @pytest.mark.parametrize(
        ("typed", "on_the_day", "earlier"),
        [
            (
                "Chirp 2023",
                "On 31 December 2023 (since 1 June 2023): Yes",
                ["On 1 January 2023: No"],
            ),
            ("Chirp before 2023", "On 31 December 2022 (said since 1 January 2022): No", []),
            ("Chirp May 2023", "In May 2023 (said since 1 January 2022): No", []),
            ("was chirp on in July 2023?", "In July 2023 (since 1 June 2023): Yes", []),
            ("Chirp 2019", "In 2019: We do not know", []),
        ],
    )
    def test_that_is_named_is_the_day_of_the_answer(self, client, typed, on_the_day, earlier):
        line = card(client, typed)
        then, now = (words(answer) for answer in line.select(".box-answer"))
        assert then.startswith(on_the_day)
        assert now.startswith("Yes")
        said = [words(other) for other in line.select(".box-day")]
        assert len(said) == len(earlier)
        assert all(map(str.startswith, said, earlier))
        day = line.select_one(".box-name a")["href"].partition("asof=")[2]
        assert client.get("/platforms/chirp", {"asof": day}).status_code == 200

    def test_a_year_is_told_in_its_order_before_today(self, client):
        use = Platform.objects.get(slug="chirp").uses.get()
        make_state(use, "not-used", starts_on=dt.date(2023, 8, 11))
        line = card(client, "Chirp 2023")
        lines = line.select(".small-head, .box-day, .box-answer")
        said = [re.split(r", (?:source|according)", words(each))[0] for each in lines]
        assert said == [
            "On 1 January 2023: No",
            "From 1 June 2023: Yes",
            "From 11 August 2023: No",
            "Today",
            "No",
        ]

    @pytest.mark.parametrize(
        ("typed", "day"), [("Chirp 2023", "Am 1. Januar 2023"), ("Chirp Juni 2023", "Im Juni 2023")]
    )
    def test_a_span_is_no_bare_number_in_german(self, client, typed, day):
        page = BeautifulSoup(client.get("/de/answers", {"q": typed}).text, "lxml")
        line = page.select_one(".box-line")
        assert words(line.select_one(".box-day, .box-answer")).startswith(day)

    def test_the_first_day_of_another_answer_is_written_well_in_french(self, client):
        use = Platform.objects.get(slug="chirp").uses.get()
        make_state(use, "not-used", starts_on=dt.date(2023, 8, 11))
        page = BeautifulSoup(client.get("/fr/answers", {"q": "Chirp 2023"}).text, "lxml")
        assert "Dès le 1er juin 2023" in words(page.main)

    @pytest.mark.parametrize(
        ("prefix", "typed", "said"),
        [
            ("", "Chirp on 31 December 2023", "On 31 December 2023 (since 1 June 2023): Yes"),
            (
                "/de",
                "Chirp am 31. Dezember 2023",
                "Am 31. Dezember 2023 (seit 1. Juni 2023): Ja",
            ),
            (
                "/fr",
                "Chirp le 31 décembre 2023",
                "Le 31 décembre 2023 (depuis le 1er juin 2023) : Oui",
            ),
        ],
    )
    def test_an_answer_of_a_day_says_at_once_since_when_it_held(self, client, prefix, typed, said):
        line = card(client, typed, prefix)
        assert words(line.select_one(".box-answer")).startswith(said)
        since = said.partition("(")[2].partition(")")[0]
        today = words(line.select_one(".small-head"))
        assert words(line).partition(today)[0].count(since) == 1

    def test_a_start_that_differs_by_place_is_said_below_the_answer_of_a_day(self, client):
        use = Platform.objects.get(slug="chirp").uses.get()
        use.branches.update(except_places=["CA"])
        elsewhere = make_branch(use, places=["CA"])
        make_state(elsewhere, "unless-refused", starts_on=dt.date(2023, 9, 1))
        line = card(client, "Chirp on 31 December 2023")
        assert words(line.select_one(".box-answer")).startswith("On 31 December 2023: Yes")
        assert "since 1 June 2023; elsewhere (Canada) later" in words(line)

    @pytest.mark.parametrize("typed", ["Chirp since 2023", "Chirp 2039"])
    def test_that_is_none_leaves_the_answer_of_today_and_says_so(self, client, typed):
        page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml").main
        assert "These are the answers of today." in page.text
        assert not page.select(".box-day")

    def test_can_be_left_for_today_by_a_link(self, client):
        page = BeautifulSoup(client.get("/answers", {"q": "Chirp 2022"}).text, "lxml").main
        today = page.find("a", string="today")["href"]
        page = BeautifulSoup(client.get(today).text, "lxml").main
        assert words(page.select_one(".box-answer")).startswith("Yes")


def test_how_long_an_api_alone_keeps_it_says_nothing_of_other_plans(client):
    api = {"name": "Metered", "kind": "api", "people": ["organisation"], "retention": "A day."}
    make_use(make_platform("cloud", name="Cloudbox", plans=[api]), people=["organisation"])
    told = card(client, "Cloudbox: how long is it kept").text
    assert "A day." in told
    assert "elsewhere" not in told


def test_how_long_it_is_kept_is_said_by_the_plan_or_by_what_changed(client):
    kept = "Kept for 30 days."
    make_platform(
        "claude",
        name="Claude",
        plans=[{"name": "Pro", "retention": kept}, {"name": "Max"}],
    )
    first = words(card(client, "Claude Pro: how long are chats kept?").select_one(".box-first"))
    assert first == f"How long it is kept (Pro): {kept}"
    nothing = words(card(client, "Claude Max how long are chats kept").select_one(".box-first"))
    assert nothing == "How long it is kept is not on record."
    claude = Platform.objects.get(slug="claude")
    of_another_plan = {"effects": ["retention-changed"], "plans": ["Pro"]}
    make_entry(claude, title="Claude keeps chats of Pro", **of_another_plan)
    make_entry(claude, effects=["retention-changed"], title="Claude keeps chats for five years")
    changed = card(client, "claude max retention").select_one(".box-first")
    assert "Claude keeps chats for five years" in changed.text
    assert "Claude keeps chats of Pro" not in changed.text


@pytest.mark.parametrize(
    "typed",
    [
        "may pupils 15 use ChatGPT at school",
        "ChatGPT im Unterricht für Schüler",
        "ChatGPT pour les élèves mineurs à l'école",
        "my daughter's school uses ChatGPT",
    ],
)
def test_minors_at_school_are_answered_for_them_and_for_schools(client, typed):
    chatgpt = make_platform(
        "chatgpt",
        name="ChatGPT",
        plans=[{"name": "Edu", "kind": "education", "people": ["organisation"]}],
    )
    who = "people from 13 to 17, with the permission of a parent"
    use = make_use(chatgpt, people=["minors"], who=who)
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Edu"]), "not-used")
    page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml").main
    minors, schools = [words(line) for line in page.select(".box-line")]
    assert "Yes" in minors
    assert "with the permission of a parent" in minors
    assert "No" in schools
    assert "(Edu)" in schools


def test_minors_elsewhere_are_answered_alone(client):
    use = make_use(make_platform("chatgpt", name="ChatGPT"), people=["minors"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"]), "not-used")
    for typed in ("ChatGPT for my child", "ChatGPT, my son is 14", "ChatGPT teenager homework"):
        page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml").main
        assert len(page.select(".box-line")) == 1


class TestWaysThatDifferByPlace:
    @pytest.fixture(autouse=True)
    def chirp(self):
        chirp = make_platform("chirp", name="Chirp")
        use = make_use(chirp)
        make_state(use, "unless-refused")
        make_control(use, label="In the EU").offers.create(places=["EU"])
        make_control(use, label="Elsewhere").offers.create(except_places=["EU"])

    def test_are_shown_with_their_places_below_the_choice_of_one(self, client):
        page = BeautifulSoup(client.get("/answers", {"q": "Chirp"}).text, "lxml").main
        ways = [words(way) for way in page.select(".box-way p")]
        assert len(ways) == 2
        assert all("only: EU" in way or "outside the EU" in way for way in ways)
        in_order = [each.name for each in page.select("select[name=place], .box-line")]
        assert in_order == ["select", "li"]

    def test_that_some_places_alone_have_says_so_within_its_button(self, client):
        eu_only = make_use(make_platform("perch", name="Perch"), places=["EU"])
        make_state(eu_only, "unless-refused")
        make_state(make_branch(eu_only, except_places=["EU"]), "no-way-out")
        make_control(eu_only)
        pages = {"/answers?q=Perch": ["select", "a"], "/platforms/perch": ["a", "select"]}
        for address, in_order in pages.items():
            page = BeautifulSoup(client.get(address).text, "lxml").main
            (button,) = page.select(".box-way .button, .way-buttons .button")
            assert "only: EU" in button.text
            parts = page.select("select[name=place], .box-way a, .way-buttons a")
            assert [part.name for part in parts] == in_order

    def test_are_one_button_where_the_place_is_known(self, client):
        page = BeautifulSoup(client.get("/answers", {"q": "Chirp in Germany"}).text, "lxml").main
        (way,) = page.select(".box-way p")
        assert "only" not in words(way)
        in_order = [each.name for each in page.select("select[name=place], .box-line")]
        assert in_order == ["li", "select"]


@pytest.mark.parametrize(
    "question",
    [
        "WhatsApp-Nachrichten",
        "Ich möchte der Nutzung meiner WhatsApp-Nachrichten durch Meta widersprechen",
    ],
)
def test_a_name_before_a_hyphen_is_the_name_and_what_follows_the_data(client, question):
    whatsapp = make_platform("whatsapp", name="WhatsApp", operator="Meta Platforms")
    chats = make_use(whatsapp, part="Meta AI", data_kinds=["chats"])
    make_state(chats, "no-way-out")
    make_state(make_use(whatsapp, data_kinds=["private-messages"]), "not-used")
    for page in ("answers", "search"):
        response = client.get(f"/de/{page}", {"q": question})
        (line,) = BeautifulSoup(response.text, "lxml").select(".box-line, .hit:has(.chip)")[:1]
        assert "Private Nachrichten: Nein" in " ".join(line.text.split())


@pytest.fixture
def music():
    """Spotify trains on voice, Bandcamp on music; Adobe pays; Stack Overflow licenses to OpenAI."""
    spotify = make_platform("spotify", name="Spotify")
    make_state(make_use(spotify, covers="Listening", data_kinds=["voice"]), "no-way-out")
    bandcamp = make_platform("bandcamp", name="Bandcamp")
    make_state(make_use(bandcamp, covers="Reviews", short={"en": "reviews"}), "unless-refused")
    songs = make_use(bandcamp, covers="Music of artists", short={"en": "music of artists"})
    make_state(songs, "not-used")
    adobe = make_platform("adobe", name="Adobe")
    make_state(make_use(adobe), "unless-refused")
    make_entry(adobe, title="Adobe pays contributors whose work trained Firefly")
    make_platform("chatgpt", name="ChatGPT", operator="OpenAI", aliases=["OpenAI"])
    stack = make_platform("stack", name="Stack Overflow", operator="Prosus")
    widened = {"effects": ["sharing-widened"], "topic": "training"}
    dated = {"effective_on": dt.date(2024, 5, 6), **widened}
    make_entry(stack, title="Stack Overflow licenses answers to OpenAI", **dated)
    make_entry(adobe, title="Adobe passes on pictures to others", **widened)


@pytest.mark.usefixtures("music")
@pytest.mark.parametrize(
    ("prefix", "typed", "first", "answer"),
    [
        ("", "does spotify train on my songs", "Music: nothing on record", "voice: "),
        ("/de", "trainiert Spotify mit meiner Musik", "Musik: nichts verzeichnet", "Stimme: "),
        ("/fr", "Spotify utilise mes chansons ?", "Musique : rien de consigné", "Voix : "),
        ("", "does bandcamp train on my songs", "", "Music of artists: No"),
        ("", "does bandcamp train on my novel", "Books: nothing on record", "other data: "),
    ],
)
def test_works_that_are_named_come_first_or_are_said_to_be_off_record(
    client, prefix, typed, first, answer
):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True).text
    card = BeautifulSoup(page, "lxml").select_one(".box-line")
    told = card.select_one(".box-first")
    assert (" ".join(told.text.split()) if told else "") == first
    said = " ".join(card.select_one(".box-answer").text.split())
    assert said.casefold().startswith(answer.casefold())


@pytest.mark.usefixtures("music")
@pytest.mark.parametrize(
    ("prefix", "typed", "words"),
    [
        ("", "does adobe pay for training on my photos", "Pay for training: Adobe pays"),
        ("/de", "zahlt Adobe etwas fürs Training", "Bezahlung fürs Training: Adobe pays"),
        ("/fr", "Adobe paie-t-il les photographes", "Rémunération pour l’entraînement : Adobe"),
        ("", "do i get paid by spotify", "Pay for training: nothing on record"),
    ],
)
def test_pay_is_answered_by_what_is_on_record_of_it(client, prefix, typed, words):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True).text
    lines = BeautifulSoup(page, "lxml").select(".box-first")
    assert any(" ".join(each.text.split()).startswith(words) for each in lines)


@pytest.mark.usefixtures("music")
@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "who sold user content to OpenAI"),
        ("/de", "wer hat Inhalte an OpenAI verkauft"),
        ("/fr", "qui a vendu des contenus à OpenAI"),
    ],
)
def test_who_sold_content_to_a_company_is_a_list_of_others(client, prefix, typed):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}, follow=True).text, "lxml")
    titles = [each.text for each in page.select("[aria-labelledby=sellers] .hit-title")]
    assert titles == ["Stack Overflow licenses answers to OpenAI"]
    assert page.select_one("[aria-labelledby=sellers] time")["datetime"] == "2024-05-06"
    assert not page.select(".box-line")


@pytest.mark.usefixtures("music")
@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "they sold my pics to openai: adobe, can i get money"),
        ("/fr", "adobe a vendu mes photos à openai, je suis payé ?"),
    ],
)
def test_who_passed_content_on_is_answered_for_before_the_company_that_has_it(
    client, prefix, typed
):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}, follow=True).text, "lxml")
    assert [each.text for each in page.select(".box-name")] == ["Adobe", "ChatGPT"]
    assert "Adobe pays contributors" in page.select_one(".box-line").text


def first_of(client, question, slug="zoom"):
    """Return what an answer begins with, and its headline."""
    page = BeautifulSoup(client.get("/answers", {"q": question}, follow=True).text, "lxml")
    line = page.select_one(f'.box-name a[href*="/{slug}"]').find_parent("li")
    told = line.select(".box-first, .box-answer")
    return [" ".join(each.text.split()) for each in told]


def test_what_is_on_record_of_data_given_before_is_linked_before_it_is_said_to_be_unknown(client):
    question = "zoom sold old posts, even deleted ones?"
    unknown = "What becomes of what was given before is not on record."
    assert unknown in first_of(client, question)
    told = "Messages say that a data set held private, deleted or explicit posts."
    make_entry(Platform.objects.get(slug="zoom"), title="Posts were sold", summary=told)
    linked = "On record about what was given before: Posts were sold"
    assert first_of(client, question)[0] == linked
    assert first_of(client, "can zoom erase it")[0] == linked


def test_data_that_no_use_is_about_is_said_not_to_be_on_record_after_what_is(client):
    posts = make_use(make_platform("rail", name="Rail"), data_kinds=["chats"], covers="Questions")
    make_state(posts, "unless-refused", basis="stated")
    make_control(posts)
    told = first_of(client, "does rail train on my bookings", "rail")
    assert told == ["Chats: Yes, unless you opt out", "Bookings: nothing on record"]
    Use.objects.filter(pk=posts.pk).update(covers="Questions and bookings")
    assert first_of(client, "does rail train on my bookings", "rail") == ["Yes, unless you opt out"]


def test_the_grade_that_somebody_teaches_is_no_data(client):
    make_state(make_use(make_platform("rail", name="Rail"), covers="Questions"), basis="stated")
    asks = "I teach ninth grade and my class uses Rail: does it train on what they write?"
    assert not any("Grades" in line for line in first_of(client, asks, "rail"))
    asked = first_of(client, "does rail train on my students' grades", "rail")
    assert asked[-1] == "Grades: nothing on record"


def test_an_objection_that_is_on_record_is_shown_where_it_is_unclear_whether_it_trains(client):
    songs = make_use(make_platform("lute", name="Lute"))
    make_state(songs, "unclear", why="permission-only")
    letter = make_control(songs, refuse="write", binding=False, to="no@lute.example", slug="letter")
    with arranged():
        letter.offers.create(places=["EEA"])
    page = BeautifulSoup(client.get("/answers", {"q": "lute"}).text, "lxml")
    assert [each["href"] for each in page.select(".box-way a")] == ["/platforms/lute#letter"]


def test_the_words_of_a_contract_are_those_of_the_terms_that_are_watched(client):
    zoom, question = Platform.objects.get(slug="zoom"), "zoom dpa clause on training"
    assert first_of(client, question)[0] == "The words of the contract are not on record."
    make_page(zoom, url="https://zoom.example/terms", kind="terms", title="Terms of service")
    told = "Terms and agreements on record: Terms of service (zoom.example)"
    assert first_of(client, question)[0] == told


def test_what_was_taken_in_a_past_year_is_about_how_far_the_way_out_of_today_reaches(client):
    photos = make_use(make_platform("shutters", name="Shutters"))
    make_control(photos, reach="future-only")
    make_state(photos, "no-way-out", starts_on=dt.date(2021, 1, 1))
    make_state(photos, "unless-refused", starts_on=dt.date(2025, 1, 1))
    question = "shutters left in 2023 are my pics still in the dataset"
    told = first_of(client, question, "shutters")
    assert told[1] == "Refusing holds from now on; what was used before is not taken back."
    page = client.get("/answers", {"q": question}).text
    assert "Nothing you can refuse here" not in page  # what holds today is said above its button


def test_what_the_guide_says_of_earlier_data_is_read_in_the_answer_about_it(client):
    posts = make_use(make_platform("wall", name="Wall"))
    form = make_control(posts, reach="future-only", refuse="submit")
    make_state(posts, "unless-refused", starts_on=dt.date(2025, 5, 27))
    earlier = "In Italy, says the authority, earlier posts may go on being used."
    make_guide(form.platform, form, caveats=["A reason is optional.", earlier])
    page = client.get("/answers", {"q": "wall: what becomes of my old posts it already used"}).text
    read = " ".join(BeautifulSoup(page, "lxml").text.split())
    assert "what was used before is not taken back" in read
    assert earlier in read
    assert "A reason is optional." not in read


def test_beside_a_form_for_what_comes_the_guides_to_other_ways_are_linked(client):
    posts = make_use(make_platform("wall", name="Wall"))
    form = make_control(posts, reach="future-only", refuse="submit", slug="form")
    hidden = make_control(posts, reach="future-only", refuse="leave", slug="friends-only")
    make_state(posts, "unless-refused", starts_on=dt.date(2025, 5, 27))
    for control in (form, hidden):
        make_guide(control.platform, control, slug=f"wall-{control.slug}")
    page = client.get("/answers", {"q": "wall: what becomes of the old pictures"}).text
    lines = BeautifulSoup(page, "lxml").select(".box-first")
    (line,) = [each for each in lines if "Other ways to keep data out" in each.text]
    assert line.a["href"] == "/guides/wall-friends-only"


def test_a_company_that_takes_from_a_service_is_not_asked_about_itself(client):
    voices = make_use(
        make_platform("voices", name="Voices", operator="Books"),
        purpose=Purpose.SHARING_FOR_TRAINING,
        trained_by="Google",
    )
    make_state(voices, "not-used")

    def answered(question):
        page = BeautifulSoup(client.get("/answers", {"q": question}).text, "lxml")
        return [each.text for each in page.select(".box-name")]

    assert answered("my book on voices got used by google, can i get it back") == ["Voices"]
    assert answered("voices and youtube") == ["Voices", "YouTube"]


def test_what_a_company_trains_on_elsewhere_is_told_with_the_service_that_gets_it(client):
    wall = make_platform("wall", name="Wall", operator="Wall Inc.")
    parrot = make_platform("parrot", name="Parrot", operator="Lab LLC")
    posts = make_use(wall, data_kinds=["public-posts"], trained_by="Lab")
    make_state(posts, "unless-refused", starts_on=dt.date(2024, 7, 16))
    make_state(make_use(parrot, data_kinds=["chats"]), "no-way-out")
    page = client.get("/answers", {"q": "does parrot train on public posts"})
    main = BeautifulSoup(page.text, "lxml").main
    told = " ".join(main.text.split())
    assert "Public posts on Wall: Yes, source not on record; you can opt out" in told
    assert "; since 16 July 2024; see Wall" in told
    assert told.index("see Wall") < told.index("Yes, source not on record, and there is no way out")
    assert "Public posts: nothing on record" not in told
    assert main.select_one('.box-first a[href="/platforms/wall"]')


def test_beside_what_is_not_on_record_for_minors_is_what_is_for_adults(client):
    blocks = make_platform("blocks", name="Blocks")
    voice = make_use(blocks, data_kinds=["voice"], short={"en": "voice chat"})
    make_state(make_branch(voice, people=["personal"], places=["EEA"]), "unless-refused")
    make_state(make_branch(voice, people=["personal"], except_places=["EEA"]), "unclear")
    activity = make_use(blocks, people=["personal"], short={"en": "user activity"})
    make_state(activity, "no-way-out")
    filters = make_use(blocks, people=["minors"], data_kinds=["chats"])
    make_state(filters, "unclear")
    page = client.get("/answers", {"q": "my daughter talks on blocks, her voice"})
    text = " ".join(BeautifulSoup(page.text, "lxml").text.split())
    assert "User activity: We do not know: nothing on record for minors; for adults: yes" in text


@pytest.mark.parametrize(
    ("prefix", "typed", "label"),
    [
        ("", "does Callroom train on our calls", "Audio, video, chats: No"),
        ("", "Callroom meetings recordings", "Audio, video, chats: No"),
        ("", "Callroom voice", "Voice: No"),
        ("/de", "Callroom Anrufe", "Audio, Video, Chats: Nein"),
    ],
)
def test_a_part_of_a_kind_of_data_is_called_as_the_record_calls_it(client, prefix, typed, label):
    room = make_platform("callroom", name="Callroom")
    short = {"en": "audio, video, chats", "de": "Audio, Video, Chats"}
    calls = make_use(room, short=short, data_kinds=["voice", "images-and-video", "chats"])
    make_state(calls, "not-used")
    other = make_use(room, title="Usage data", short={"en": "usage"}, data_kinds=["files"])
    make_state(other, "unclear")
    page = client.get(f"{prefix}/answers", {"q": typed}).text
    answer = BeautifulSoup(page, "lxml").select_one(".box-answer")
    assert " ".join(answer.text.split()).startswith(label)


def test_messages_to_people_are_not_what_an_ai_of_the_service_is_told(client):
    whatsapp = make_platform("whatsapp", name="WhatsApp", operator="Meta")
    messages = make_use(
        whatsapp, short={"en": "personal messages"}, data_kinds=["private-messages"]
    )
    make_state(messages, "not-used", basis="stated")
    chats = make_use(whatsapp, short={"en": "Meta AI chats"}, part="Meta AI", data_kinds=["chats"])
    make_state(chats, "unless-refused", basis="stated")
    asked = "Are my WhatsApp messages with friends used to train Meta AI?"
    said = words(card(client, asked).select_one(".box-answer"))
    assert "no for personal messages" in said
    said = words(
        card(client, "does whatsapp train on chats with Meta AI").select_one(".box-answer")
    )
    assert said.startswith("Meta AI chats: Yes")
