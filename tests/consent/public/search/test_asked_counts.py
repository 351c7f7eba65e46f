"""How many train, for the place, the people, or the kind of platform or data that is asked for."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.ledger.figures import DEFINITION_VERSION, DEFINITIONS
from platforms.models import Platform
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    """In Germany one of two dating apps trains, and lets people refuse; in the US both do."""
    for slug, in_germany, in_the_us in (
        ("amor", "unless-refused", "no-way-out"),
        ("bisous", "not-used", "unless-refused"),
    ):
        use = make_use(
            make_platform(slug, name=slug.title(), category="dating"),
            data_kinds=["images-and-video"],
            places=["DE"],
        )
        make_state(use, in_germany)
        make_state(make_branch(use, places=["US"]), in_the_us)
        make_state(make_branch(use, except_places=["DE", "US"]), "not-used")
    chirp = make_use(make_platform("chirp", name="Chirp", category="social"))
    make_state(chirp, "unless-refused")
    make_state(make_branch(chirp, people=["minors"]), "not-used")
    make_state(make_use(make_platform("quiet", name="Quiet", category="assistant")), "not-used")


def asked(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.text, "lxml").main


def counts(client, typed, prefix=""):
    """What each sentence counts, with the first number of a list, which is as long as it says."""
    found = []
    for sentence in asked(client, typed, prefix).select(
        ".asked-counts > p:not(.small, .began, .sum)"
    ):
        link = sentence.select_one("a[href*='figure=']")
        listed = BeautifulSoup(client.get(link["href"]).text, "lxml").main
        assert len(listed.select(".index-list li")) == int(link["data-count"]), link
        found.append((sentence.strong.text, int(link["data-count"])))
    return found


@pytest.mark.parametrize(
    ("prefix", "typed", "expected"),
    [
        (
            "",
            "I work in a classroom: how many platforms train",
            ["All platforms, worldwide", "Organisations"],
        ),
        (
            "/fr",
            "j'enseigne au collège : combien de plateformes entraînent une IA",
            ["Toutes les plateformes, dans le monde entier", "Organisations"],
        ),
        (
            "/fr",
            "combien de plateformes entraînent une IA avec les textes de mes élèves au collège",
            ["Toutes les plateformes, dans le monde entier", "Mineurs", "Organisations"],
        ),
    ],
)
def test_who_teaches_asks_of_all_and_of_schools(client, prefix, typed, expected):
    assert [whose for whose, _number in counts(client, typed, prefix)] == expected


@pytest.mark.parametrize(
    ("prefix", "typed", "expected"),
    some(
        [
            ("", "how many platforms train by default", [("All platforms, worldwide", 3)]),
            ("/de", "wie viele trainieren in Deutschland", [("Deutschland", 2)]),
            ("", "how many dating apps train by default", [("Dating", 2)]),
            ("/de", "wie viele Dating-Apps trainieren", [("Dating", 2)]),
            ("", "how many dating apps train in Germany", [("Germany · Dating", 1)]),
            ("/de", "wie viele trainieren mit Kinderdaten", [("Minderjährige", 0)]),
            ("/fr", "combien entraînent avec les données des enfants", [("Mineurs", 0)]),
            ("", "how many dating apps have no way out in the US", [("US · Dating", 1)]),
            ("/fr", "combien n'offrent aucun moyen de refuser aux États-Unis", [("États-Unis", 1)]),
            ("", "how many dating apps don't train in Germany", [("Germany · Dating", 1)]),
            ("", "how many train, US or Germany", [("US", 3), ("Germany", 2)]),
            ("/de", "mehr in Deutschland oder in den USA", [("Deutschland", 2), ("USA", 3)]),
            ("", "how many in germany vs us", [("Germany", 2), ("US", 3)]),
            ("/de", "Deutschland oder USA, wo sind es mehr", [("Deutschland", 2), ("USA", 3)]),
            ("/de", "USA vs Deutschland, wo besser dran", [("USA", 3), ("Deutschland", 2)]),
            ("/fr", "Allemagne ou États-Unis, combien", [("Allemagne", 2), ("États-Unis", 3)]),
        ],
        5,
    ),
)
def test_a_count_is_for_whom_and_what_was_asked(client, prefix, typed, expected):
    assert counts(client, typed, prefix) == expected


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            (
                "",
                "how many platforms train AI on what people give them by default? I need a sentence"
                " to quote with date, definition and a lasting address",
            ),
            ("", "how many train by default, for an article, with source and link"),
            ("", "I am writing a story: how many train, something to cite"),
            ("", "how many platforms train by default, and how do you define that?"),
            (
                "/de",
                "Wie viele trainieren? Ich brauche einen Satz zum Zitieren mit Datum und Quelle",
            ),
            ("/de", "wie viele trainieren, zitierfähig, mit Definition und bleibender Adresse"),
            ("/fr", "combien entraînent, une phrase à citer avec date, définition et lien durable"),
            ("/fr", "je suis journaliste, combien entraînent, pour un article, avec la source"),
            (
                "",
                "How many services train AI on what people write by default? I need one figure with"
                " the date, a definition and a link that stays.",
            ),
            ("", "how many train by default? Give me an exact figure, its source and a stable URL"),
            ("/de", "Wie viele trainieren? Mit Definition und einem Link, der sich nicht ändert"),
            ("/fr", "combien entraînent par défaut, chiffre exact, date et lien permanent"),
        ],
        2,
    ),
)
def test_what_a_number_is_needed_for_narrows_nothing(client, prefix, typed):
    """Its definition is open, below the link to cite it."""
    page = asked(client, typed, prefix)
    assert not page.select(".asked-counts .not-counted")
    cite = page.select_one(".asked-counts > p.small > a[href*='/numbers/']")
    definition = cite.find_next("details")
    assert definition.has_attr("open")
    assert str(DEFINITIONS[DEFINITION_VERSION]) in definition.text or prefix
    assert not page.select(".hits")
    (count,) = counts(client, typed, prefix)
    assert count[1] == 3


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "how many trained in December 2024 compared with two years ago"),
            ("", "how many trained one year ago and two years ago"),
            ("", "how many platforms trained on that day, 1 March 2025"),
            ("", "how many trained back in December 2024"),
            ("", "how many were training at that time two years ago"),
            ("/de", "wie viele trainierten vor einem Jahr und vor zwei Jahren"),
            ("/de", "wie viele trainierten damals, vor zwei Jahren"),
            ("/de", "wie viele trainierten zu jenem Zeitpunkt, dem 1. März 2025"),
            ("/fr", "combien entraînaient il y a un an et il y a deux ans"),
            ("/fr", "combien entraînaient ce jour-là, le 1er mars 2025"),
            ("/fr", "combien entraînaient voilà deux ans"),
        ],
        6,
    ),
)
def test_words_of_a_day_that_is_counted_are_no_leftover(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert page.select(".asked-counts")
    assert not page.select(".not-counted")


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "how many train on addresses",
            "how many sell my address",
            "how many train on the article of a journalist",
            "how many train on every sentence",
            "how many banks train, to quote",
        ],
        3,
    ),
)
def test_words_of_quoting_are_left_out_only_where_something_is_quoted(client, typed):
    assert asked(client, typed).select(".asked-counts .not-counted")


def test_what_is_searched_for_is_not_what_it_is_needed_for(client):
    for slug, title in (("alpha", "Purple checkbox"), ("beta", "Purple source of an article")):
        make_use(make_platform(slug), title=title)
    found = asked(client, "purple checkbox, with source, for an article").text
    assert "Purple checkbox" in found
    assert "Purple source of an article" not in found


@pytest.mark.parametrize(
    ("prefix", "typed", "said"),
    some(
        [
            ("", "how many banks train", "We do not count this by “banks”."),
            ("/de", "wie viele Banken trainieren", "Nach „banken“ zählen wir nicht."),
            ("/fr", "combien de banques entraînent", "Nous ne comptons pas par « banques »."),
        ],
        1,
    ),
)
def test_what_is_not_counted_is_said_beside_the_total(client, prefix, typed, said):
    page = asked(client, typed, prefix)
    assert " ".join(page.select_one(".asked-counts .not-counted").text.split()) == said
    assert "2 of" not in page.text
    assert len(counts(client, typed, prefix)) == 1


@pytest.mark.parametrize(
    ("prefix", "typed", "number", "not_counted"),
    some(
        [
            ("", "share of dating apps that train", 2, []),
            ("/de", "Anteil KI-Training ohne Ausweg Dating in den USA", 1, []),
            ("/de", "wieviele Dating-Apps nehmen die Chats fürs KI-Training", 2, ["chats"]),
            ("/de", "Deutschland vs USA, in welchem Land mehr ohne Widerspruch", 0, []),
            ("/fr", "quelle entreprise possède le plus de services qui entraînent", 2, []),
            ("", "which tools on the free plan train but not on the paid one", 2, ["free"]),
        ],
        4,
    ),
)
def test_a_number_is_told_where_words_weigh_or_share(client, prefix, typed, number, not_counted):
    Platform.objects.filter(slug__in=["amor", "chirp"]).update(operator="Hearts Inc.")
    page = asked(client, typed, prefix)
    assert int(page.select_one(".asked-counts [data-count]")["data-count"]) == number
    said = [note.text.casefold() for note in page.select(".asked-counts .not-counted")]
    assert len(said) == len(not_counted)
    assert all(word in note for word, note in zip(not_counted, said, strict=True))
    assert not page.select(".hit")


def test_a_count_of_a_kind_of_data_is_the_list_below_it_in_each_place(client):
    page = asked(client, "how many train on photos in the US or Germany")
    for link, number in zip(page.select("[data-count] a[data-count]"), (2, 1), strict=True):
        assert int(link["data-count"]) == number
        there = BeautifulSoup(client.get(link["href"]).text, "lxml").main
        assert len(there.select("#trainers ~ .hits > li")) == number


def test_a_list_of_one_kind_of_platform_stays_so_for_other_readers(client):
    page = client.get("/platforms", {"category": "dating", "figure": "trains", "place": "DE"})
    main = BeautifulSoup(page.text, "lxml").main
    assert [each.text for each in main.select(".index-list a")] == ["Amor"]
    assert main.select_one(".reader-form [name=category]")["value"] == "dating"
    assert "category=dating" in main.select_one(".active-filters a")["href"]


def test_a_kind_of_platform_that_is_none_is_not_found(client):
    assert client.get("/platforms", {"category": "toys"}).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "typed", "days"),
    some(
        [
            ("", "how many train by default, end of 2024 and now", ["2024-12-31", ""]),
            ("", "2023 compared with today", ["2023-12-31", ""]),
            ("/de", "Ende 2024 und jetzt", ["2024-12-31", ""]),
            ("/de", "2023 verglichen mit heute", ["2023-12-31", ""]),
            ("/fr", "combien entraînaient en 2024, et aujourd'hui", ["2024-12-31", ""]),
            ("", "how many trained in 2024", ["2024-12-31"]),
            ("", "compare 2023 and 2025", ["2023-12-31", "2025-12-31"]),
            (
                "/de",
                "wie viele trainierten 2025 im Vergleich zu 2023",
                ["2023-12-31", "2025-12-31"],
            ),
            ("/fr", "combien en 2023 et en 2025", ["2023-12-31", "2025-12-31"]),
            ("", "how many more than in January 2024", ["2024-01-31", ""]),
            ("/de", "seit 2024 wieviele dazu gekommen", ["2023-12-31", ""]),
            ("", "how did it change between 2023 and 2025", ["2023-12-31", "2025-12-31"]),
        ],
        4,
    ),
)
def test_a_past_day_is_counted_beside_today_where_words_weigh_them(client, prefix, typed, days):
    page = asked(client, typed, prefix)
    links = [line.select_one("a[href*='figure=trains']") for line in page.select(".asked-counts p")]
    on = [parse_qs(urlsplit(link["href"]).query).get("asof", [""])[0] for link in links if link]
    assert on == days
    assert not page.select(".asked-counts .not-counted")


@pytest.mark.parametrize(
    ("prefix", "typed", "told"),
    some(
        [
            (
                *("", "how many more than in January 2024"),
                "1 more than on 31 January 2024.",
            ),
            ("/de", "seit 2026 wie viele dazugekommen", "Ebenso viele wie am 31. Dezember 2025."),
            (
                *("/fr", "combien entre 2023 et 2025"),
                "1 de plus que le 31 décembre 2023.",
            ),
        ],
        2,
    ),
)
def test_two_days_are_compared(client, prefix, typed, told):
    make_state(make_use(make_platform("late")), "unless-refused", starts_on=dt.date(2025, 3, 1))
    page = asked(client, typed, prefix)
    compared = page.select(".asked-counts p:not(.began) > strong:only-child")
    assert [each.text for each in compared] == [told]
    assert len(page.select(".asked-counts .shares")) == 1


def test_words_of_how_many_and_of_default_narrow_nothing(client):
    for typed in ("wie viele waren es 2024", "von Haus aus: wie viele trainieren ohne Fragen"):
        assert not asked(client, typed, "/de").select(".asked-counts .not-counted")


def test_what_changed_between_two_years_is_told_beside_the_figures(client):
    quiet = Platform.objects.get(slug="quiet")
    make_entry(quiet, title="Quiet changes", effective_on=dt.date(2024, 5, 1))
    page = asked(client, "how did it change between 2023 and 2025")
    link = page.select_one(".lead-on a")["href"]
    assert link == "/timeline?since=2023-01-01&until=2025-12-31"
    assert [each.text for each in page.select(".row-title")] == ["Quiet changes"]
    assert len(page.select(".asked-counts .shares")) == 1


@pytest.mark.parametrize(
    ("prefix", "typed", "shares"),
    some(
        [
            ("", "how many trained by default in 2024", ["75% (3 of 4)", "80% (4 of 5)"]),
            (
                "/de",
                "Wie viele Plattformen trainierten 2024?",
                ["75 % (3 von 4)", "80 % (4 von 5)"],
            ),
            ("", "what percentage train", ["80% (4 of 5)"]),
            ("/de", "wie viel Prozent trainieren", ["80 % (4 von 5)"]),
            ("/fr", "quel pourcentage entraîne par défaut", ["80 % (4 sur 5)"]),
            ("", "how many train", []),
        ],
        3,
    ),
)
def test_the_share_of_those_on_record_then_and_today_stands_beside_a_past_day(
    client, prefix, typed, shares
):
    make_state(make_use(make_platform("late")), "unless-refused", starts_on=dt.date(2025, 3, 1))
    told = asked(client, typed, prefix).select(".asked-counts .shares strong")
    assert [" ".join(each.text.split()) for each in told] == shares


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "How was it on 1 December 2024"),
            ("", "what was it like in December 2024?"),
            ("", "what was the situation on 1 December 2024?"),
            ("/de", "wie war es am 1. dezember 2024"),
            ("/fr", "comment c'était le 1er décembre 2024"),
        ],
        4,
    ),
)
def test_how_it_was_on_a_day_is_told_by_the_figures_of_that_day(client, prefix, typed):
    page = asked(client, typed, prefix)
    count, began = page.select(".asked-counts p:not(.small)")
    assert "2024-12-" in count.a["href"]
    assert began["class"] == ["began"]
    assert not page.select(".lead-on, .none-then, .asked-counts .not-counted")
    assert len({link["href"] for link in page.select("a[href*='/numbers/2']")}) == 1


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            (
                "",
                "how was it on 1 December 2024, who trained by default then and who began since",
            ),
            ("", "on 1 December 2024 how many trained, and who started since then?"),
            ("/de", "wie war es am 1. dezember 2024, wer hat seitdem angefangen"),
            ("/fr", "comment c'était le 1er décembre 2024 et qui a commencé depuis"),
        ],
        4,
    ),
)
def test_who_began_since_a_day_is_told_beside_the_figures_of_that_day(client, prefix, typed):
    late, then = make_platform("late"), dt.date(2025, 3, 1)
    use, began = make_use(late), make_entry(late, title="Late begins", effective_on=then)
    make_state(use, "not-used")
    make_state(use, "unless-refused", starts_on=then, opened_by=began)
    page = asked(client, typed, prefix)
    (lead,) = page.select(".lead-on a")
    days = parse_qs(urlsplit(lead["href"]).query)
    today = dt.date.today().isoformat()
    assert (days["since"], days["until"]) == (["2024-12-02"], [today])
    assert "Late begins" in [each.text for each in page.select(".row-title")]
    assert not page.select(".none-then, .asked-counts .not-counted")
    assert page.select_one(".asked-counts a[href$='/numbers/2024-12-01']")
    for weighed in page.select("a[href*='then-and-now']"):  # both from the day that is named
        days = parse_qs(urlsplit(weighed["href"]).query)
        assert days == {"then": ["2024-12-01"], "now": [today]}


@pytest.mark.parametrize("typed", ["How was it on {}?", "who trained on {} and who began since?"])
@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "No platform is on record that began to train by default on"), (3, "by default from")],
)
def test_where_nothing_began_since_a_past_day_one_sentence_says_so(client, typed, days, said):
    then = dt.date.today() - dt.timedelta(days=days)
    page = asked(client, typed.format(then.strftime("%d %B %Y")))
    (began,) = page.select(".began")
    assert said in began.text
    assert "0 platforms" not in page.text
    assert not page.select(".sum, .began-list")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "which services trained AI by default on 1 December 2024?"),
        ("", "all platforms that trained on 1 December 2024"),
        ("/de", "Wer hat am 1. Dezember 2024 trainiert, ohne zu fragen?"),
        ("/fr", "quels services entraînaient une IA par défaut le 1er décembre 2024 ?"),
    ],
)
def test_who_trained_on_a_past_day_is_counted_and_named(client, prefix, typed):
    late = make_use(make_platform("late", name="Late"))
    make_state(late, "unless-refused", starts_on=dt.date(2025, 3, 1))
    main = asked(client, typed, prefix)
    assert counts(client, typed, prefix)[0][1] == 3
    links = main.select(".counts-named a")
    assert [link.text for link in links] == ["Amor", "Bisous", "Chirp"]
    assert links[0]["href"] == f"{prefix}/platforms/amor?asof=2024-12-01"
    began = main.select_one("a[href*='then-and-now']")["href"]
    assert parse_qs(urlsplit(began).query)["then"] == ["2024-12-01"]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [("", "how many train without asking"), ("/de", "wie viele trainieren ohne zu fragen")],
)
def test_to_train_without_asking_is_to_train_by_default(client, prefix, typed):
    assert [number for _scope, number in counts(client, typed, prefix)] == [3]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "I'm a journalist: how many of the services you follow train AI by default?"),
            ("", "How many platforms have AI training switched on from the start?"),
            ("", "As an MP I need one figure: how many companies train AI on constituents' data?"),
            ("", "What share of services trains AI by default?"),
            ("", "I teach a class. Out of all these services, how many train without asking?"),
            ("", "One in how many services trains AI by default?"),
            ("", "What is the current situation: how many services train by default?"),
            ("", "In how many cases is training the default?"),
            ("", "For a speech in Parliament: how many online services currently train AI?"),
            ("", "Hi, I write for a newspaper, please tell me how many train AI right now"),
            ("/de", "Bei wie vielen Diensten ist das KI-Training voreingestellt?"),
            (
                "/de",
                "Für eine Anfrage im Bundestag: Wie viele Online-Dienste trainieren derzeit KI?",
            ),
            ("/de", "Wie hoch ist der Anteil der Dienste, die standardmäßig trainieren?"),
            ("/de", "Wie ist die Lage: wie viele Plattformen trainieren derzeit von Haus aus?"),
            ("/fr", "Dans combien de services l'entraînement est-il activé d'office ?"),
            ("/fr", "En tant que députée, je voudrais savoir combien de services entraînent l'IA"),
            ("/fr", "Quelle est la situation : combien de services entraînent par défaut ?"),
        ],
        6,
    ),
)
def test_words_that_go_along_in_a_sentence_are_no_kind_to_count_by(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert [number for _scope, number in counts(client, typed, prefix)] == [3]
    assert not page.select(".not-counted, .hit")


@pytest.mark.parametrize(
    "typed", ["how many banks train", "how many popular services train", "how many train on novels"]
)
def test_what_is_not_counted_is_said_below_the_figure(client, typed):
    parts = asked(client, typed).select(".asked-counts > p")
    assert "small" not in parts[0].get("class", ())
    assert parts[-1]["class"] == ["small", "muted", "not-counted"]


def test_records_with_the_words_of_a_counted_question_are_behind_a_link(client):
    chirp = Platform.objects.get(slug="chirp")
    make_entry(chirp, title="Many services train birds by default")
    typed = "how many services train birds by default"
    page = asked(client, typed)
    assert "train birds" not in " ".join(each.text for each in page.select(".row-title"))
    (link,) = [a for a in page.select("a") if a.text == "Search the whole site for these words"]
    found = BeautifulSoup(client.get(link["href"]).text, "lxml").main
    assert "Many services train birds by default" in [e.text for e in found.select(".row-title")]
    assert not found.select(".asked-counts")


@pytest.mark.parametrize(
    ("prefix", "typed", "place"),
    [
        ("", "How was it on 1 December 2024, and who began since?", "US"),
        ("", "what did the situation look like on 1 December 2024, who started since then", "US"),
        ("/de", "Wie war die Lage am 1. Dezember 2024, und wer hat seither begonnen?", "USA"),
        ("/fr", "Quelle était la situation le 1er décembre 2024 et qui a commencé depuis ?", "US"),
        ("", "Name all that trained on 1 December 2024 and those that joined afterwards", "US"),
        ("", "how many services trained by default on 1 December 2024?", "US"),
        (
            "",
            "My article needs the state on 1 December 2024 and the names of who began since",
            "US",
        ),
        ("/de", "Wie viele trainierten am 1. Dezember 2024, und wer kam danach dazu?", "USA"),
        (
            "/fr",
            "Quelle était la situation au 1er décembre 2024, et qui a commencé ensuite ?",
            "US",
        ),
    ],
)
def test_the_asked_day_comes_before_who_began_since_a_line_each(client, prefix, typed, place):
    then = dt.date(2025, 3, 1)
    for slug, where in (("late", []), ("yonder", ["US"])):
        use = make_use(make_platform(slug, name=slug.title()), places=where)
        began = make_entry(use.platform, title=f"{slug} begins", effective_on=then)
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=then, opened_by=began)
    first, *_rest = asked(client, typed, prefix).select(".asked-counts > *")
    assert first.a["href"].endswith("asof=2024-12-01")
    began = first.find_next_sibling("p", class_="began")
    listed = [each.text.split(" · ") for each in began.find_next_sibling("ul").select("li")]
    assert [each[0] for each in listed] == ["Late", "Yonder"]
    assert [len(each) for each in listed] == [2, 3]
    link = began.find_next_sibling("p", class_="sum").a["href"]
    assert link.endswith("#began")
    page = BeautifulSoup(client.get(link.partition("#")[0]).text, "lxml").main
    shown = page.select_one("#began").find_next_sibling("ul").select("li")
    assert [each.text.split(" · ") for each in shown] == listed


@pytest.mark.parametrize(
    ("prefix", "typed", "name"),
    [
        ("", "how many platforms train by default", "Cite: the numbers of "),
        ("/de", "wie viele Plattformen trainieren standardmäßig", "Zitieren: die Zahlen vom "),
        ("/fr", "combien de plateformes entraînent par défaut", "Citer : les chiffres pour "),
    ],
)
def test_the_page_to_cite_is_named_as_that(client, prefix, typed, name):
    page = asked(client, typed, prefix)
    address = f"{prefix}/numbers/{timezone.localdate()}"
    (link,) = page.select(f'.asked-counts a[href="{address}"]')
    assert " ".join(link.text.split()).startswith(" ".join(name.split()))
