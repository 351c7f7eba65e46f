"""Questions of the search that are about a day, a kind of service, or what authorities did."""

import datetime as dt
import re

import pytest
import time_machine
from bs4 import BeautifulSoup

from consent.models import Entry, Reference
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import in_turn, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


def page_of(client, query, language="", view="search"):
    response = client.get(f"{language}/{view}", {"q": query}, follow=True)
    return BeautifulSoup(response.text, "lxml").main


def said(element):
    return " ".join(element.get_text(" ", strip=True).split())


@pytest.fixture
def two_starts():
    """One service that trains since 2024, and one since 2025; one whose text has such words."""
    make_platform("walls", summary="Sites added by July 2024 have many walls.")
    for name, day in (("early", dt.date(2024, 3, 1)), ("late", dt.date(2025, 3, 1))):
        use = make_use(make_platform(name))
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=day)


@pytest.mark.parametrize(
    ("language", "view", "query", "day"),
    [
        ("", "search", "how many platforms trained by default in November 2024?", "2024-11-30"),
        ("", "search", "In July 2024, how many platforms trained?", "2024-07-31"),
        ("", "answers", "In November 2024, how many platforms trained by default", "2024-11-30"),
        ("/de", "search", "Wie viele Plattformen trainierten 2024?", "2024-12-31"),
        ("/fr", "search", "Combien de plateformes entraînaient en 2024 ?", "2024-12-31"),
    ],
)
def test_how_many_on_a_past_day_is_the_number_of_that_day(
    client, two_starts, language, view, query, day
):
    line = page_of(client, query, language, view).select_one(".asked-counts")
    links = {link["href"] for link in line.select("a") if "/numbers/2" in link["href"]}
    assert links == {f"{language}/numbers/{day}"}  # none leads to today's figure
    assert line.select_one('[href*="figure=trains"]').text == "1"


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("", "how many platforms trained by default two years ago?"),
        ("/de", "Wie viele Plattformen trainierten vor zwei Jahren?"),
        ("/fr", "Combien de plateformes entraînaient il y a deux ans ?"),
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False)
def test_how_many_years_ago_is_the_number_of_this_day_of_that_year(
    client, two_starts, language, query
):
    line = page_of(client, query, language).select_one(".asked-counts")
    links = {link["href"] for link in line.select("a") if "/numbers/2" in link["href"]}
    assert links == {f"{language}/numbers/2024-11-30"}


def test_how_many_today_says_its_day(client, two_starts):
    line = page_of(client, "how many platforms train by default?").select_one(".asked-counts")
    assert line.select_one('a[href^="/numbers/20"]')
    assert line.select_one('[href*="figure=trains"]').text == "2"


def test_a_question_that_a_page_answers_is_not_corrected(client):
    make_entry(make_platform("chatgpt"), title="It combines the settings")
    page = page_of(client, "Combien de plateformes entraînent par défaut ?", "/fr")
    assert page.select_one(".pages-for-it")
    assert "compris comme" not in page.text
    assert page.select_one(".result-count") is None


@pytest.mark.parametrize(
    ("language", "query"),
    some(
        [
            ("", "What takes effect in the coming weeks?"),
            ("/de", "Was tritt in den nächsten Wochen in Kraft?"),
            ("/fr", "Qu'est-ce qui entre en vigueur dans les prochaines semaines ?"),
        ],
        2,
    ),
)
def test_what_takes_effect_soon_leads_to_what_is_announced(client, language, query):
    assert page_of(client, query, language).select_one(f'[href="{language}/next"]')


_NOTHING_IN_WEEKS = (
    "Nothing on record takes effect from 30 November 2026 to 28 December 2026."
    " No deadline to object is on record."
)


@pytest.fixture
def in_april():
    """Something that is due in April, asked about in November; and records with such words."""
    with time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False):
        _due_in_april()
        yield


def _due_in_april():
    chirp = make_platform("chirp", name="Chirp")
    due = {"due_on": dt.date(2027, 4, 30), "effective_on": None}
    make_entry(chirp, title="Chirp ends its switch", effects=["announced"], **due)
    control = make_control(make_use(chirp))
    make_guide(chirp, control, title="What takes effect on Chirp, and its switch")
    make_entry(chirp, title="The coming weeks take effect on how many must act in December")


@pytest.mark.parametrize(
    ("language", "query", "nothing"),
    some(
        [
            (
                *("", "What takes effect in December 2026?"),
                "Nothing on record takes effect in December 2026.",
            ),
            (
                "",
                "what takes effect next month?",
                "Nothing on record takes effect in December 2026.",
            ),
            (
                "",
                "What takes effect on 3 May 2027?",
                "Nothing on record takes effect on 3 May 2027.",
            ),
            ("", "What takes effect in 2028?", "Nothing on record takes effect in 2028."),
            ("", "What takes effect in the coming weeks?", _NOTHING_IN_WEEKS),
            ("", "in the next weeks", _NOTHING_IN_WEEKS),
            ("", "what starts soon", _NOTHING_IN_WEEKS),
            ("", "what is new in January", "Nothing on record takes effect in January 2027."),
            (
                *("/de", "Was tritt in den nächsten Wochen in Kraft?"),
                "was vom 30. November 2026 bis 28. Dezember 2026 wirksam wird.",
            ),
            (
                "/fr",
                "dans les prochaines semaines",
                "entre le 30 novembre 2026 et le 28 décembre 2026",
            ),
            ("", "by when must I act", "No deadline to object is on record."),
            (
                *("/de", "Was tritt im Dezember 2026 in Kraft?"),
                "Verzeichnet ist nichts, was im Dezember 2026 wirksam wird.",
            ),
            (
                *("/de", "Was tritt nächsten Monat in Kraft?"),
                "Verzeichnet ist nichts, was im Dezember 2026 wirksam wird.",
            ),
            ("/de", "Bis wann muss ich handeln?", "Es ist keine Frist"),
            (
                *("/fr", "Qu’est-ce qui entre en vigueur en décembre 2026 ?"),
                "Rien de ce qui est enregistré ne prend effet en décembre 2026.",
            ),
            (
                *("/fr", "Qu’est-ce qui entre en vigueur le mois prochain ?"),
                "Rien de ce qui est enregistré ne prend effet en décembre 2026.",
            ),
            ("/fr", "Jusqu’à quand dois-je agir ?", ""),
        ],
        6,
    ),
)
def test_what_is_to_come_is_told_with_the_next_day_and_nothing_else(
    client, in_april, language, query, nothing
):
    page = page_of(client, query, language)
    assert [section["aria-labelledby"] for section in page.select("section")] == ["coming"]
    assert nothing in " ".join(page.get_text().split())
    assert page.select_one(f'#coming ~ p a[href="{language}/next"]')
    assert "151" in said(page.select_one(".coming"))
    assert "Chirp ends its switch" in said(page.select_one(".coming"))


def test_of_a_month_to_come_its_own_days_are_told(client, in_april):
    page = page_of(client, "What takes effect in April 2027?")
    assert "Chirp ends its switch" in said(page.select_one(".coming"))
    assert "Nothing on record" not in said(page)


def test_words_beside_those_of_a_page_are_searched_for(client, in_april):
    page = page_of(client, "announced switch on Chirp-like services ends")
    assert "Chirp ends its switch" in said(page.select_one("[aria-labelledby=changes]"))


@pytest.mark.parametrize(
    ("language", "query"),
    some(
        [
            ("", "a statistic to quote: share of platforms training by default"),
            ("/de", "Statistik zum Zitieren: Anteil der Plattformen, die standardmäßig trainieren"),
            ("/fr", "une statistique à citer : part des plateformes qui entraînent par défaut"),
            ("", "how many platforms train by default?"),
            ("", "how many platforms trained by default in November 2024?"),
            ("", "how many companies train AI on what people give them by default?"),
            ("", "how many sites train on user data unless people act"),
            ("/de", "Wie viele Firmen trainieren KI mit dem, was man ihnen gibt?"),
            ("/fr", "Combien d’entreprises entraînent une IA avec ce qu’on leur donne ?"),
            ("/fr", "Combien d’entreprises entraînent une IA avec ce que les gens leur confient ?"),
            ("/de", "Wie viele Plattformen trainieren standardmäßig?"),
            ("/fr", "Combien de plateformes entraînent par défaut ?"),
        ],
        3,
    ),
)
def test_below_a_figure_that_answers_no_other_records_are_listed(client, language, query):
    chirp = make_platform("chirp", summary="How many platforms train by default.")
    make_entry(chirp, title="So many platforms train by default, in November 2024")
    page = page_of(client, query, language)
    assert page.select_one(".asked-counts [data-count]")
    assert not page.select("section")


def test_below_a_list_of_who_trains_on_something_are_guides_and_claims_alone(client):
    use = make_use(make_platform("chirp"), data_kinds=["private-messages"])
    make_state(use, "unless-refused")
    make_guide(use.platform, make_control(use), title="Keep private messages out")
    aside = make_platform("aside", name="Aside")
    make_entry(aside, title="Private messages move", effects=["came-to-light"])
    make_control(make_use(aside, data_kinds=["code"]), name="A private message to them")
    page = page_of(client, "Which platforms train on private messages?")
    shown = [each["aria-labelledby"] for each in page.select("section")]
    assert shown == ["trainers", "guides", "claims"]


@pytest.mark.parametrize(
    ("language", "query", "figure"),
    [
        ("", "how many sites train on what people post", "On {}: 1 of 2 platforms uses this to"),
        ("/de", "Wie viele Plattformen trainieren mit Beiträgen?", "Am {}: 1 von 2 Plattformen"),
        ("/fr", "Combien de sites entraînent sur les posts ?", "{}: 1 plateforme sur 2 utilise"),
    ],
)
def test_the_number_of_those_who_train_on_a_kind_of_data_has_its_day_and_what_is_counted(
    client, language, query, figure
):
    make_state(make_use(make_platform("chirp"), data_kinds=["public-posts"]), "unless-refused")
    make_state(make_use(make_platform("quiet"), data_kinds=["public-posts"]), "not-used")
    line = page_of(client, query, language).select_one("#trainers + p")
    day = said(line.select_one("time"))
    words = said(line).replace("\xa0", " ").replace(" :", ":")
    assert figure.format(day) in words


def acted(platform, title, day, use=None, effect="regulator-action", **fields):
    fields = {"topic": "enforcement", "effective_on": None, **fields}
    act = make_entry(platform, title=title, effects=[effect], decided_on=day, **fields)
    if use:
        with arranged():
            act.uses.add(use)
    return act


def test_many_acts_are_in_brief_those_about_training_first_and_the_others_folded(client):
    chirp = make_platform("chirp", name="Chirp", operator="Chirp Inc.")
    faces = make_platform("faces", name="Faces", operator="Faces Inc.")
    training, collecting = make_use(chirp), make_use(faces, purpose="collection")
    for number in (1, 2, 3):
        acted(chirp, f"Pictures, {number}", dt.date(2026, 1, number), topic="other")
        acted(chirp, f"Training, {number}", dt.date(2024, 1, number), training)
        acted(faces, f"Faces, {number}", dt.date(2025, 1, number), collecting)
    query = "Which authorities acted against Chirp or Faces over training?"
    cases = page_of(client, query).select_one("[aria-labelledby=cases]")
    assert [said(each) for each in cases.select("h3")] == ["Chirp", "Faces"]
    assert [said(each) for each in cases.select("summary, h4")] == [
        "List of all 6 (Chirp)",
        "Not about training: 3",
        "List of all 3 (Faces)",
    ]
    of_chirp, rest, of_faces = (
        [said(each) for each in table.select(".act-what")] for table in cases.select(".acts-table")
    )
    assert of_chirp == [f"Training, {number}" for number in (3, 2, 1)]
    assert rest == [f"Pictures, {number} (other matters)" for number in (3, 2, 1)]
    assert of_faces == [f"Faces, {number} (about the collection of data)" for number in (3, 2, 1)]


@pytest.mark.parametrize(
    ("language", "query", "result", "none", "later", "suits"),
    some(
        [
            (
                *("", "Which authorities acted against Chirp over training?"),
                *(
                    "Result:",
                    "No decision is on record.",
                    "Later:",
                    "Suits and complaints of others",
                ),
            ),
            (
                *("/de", "Welche Behörden gingen gegen Chirp vor?"),
                *("Ergebnis:", "Keine Entscheidung ist verzeichnet.", "Später:"),
                "Klagen und Beschwerden anderer",
            ),
            (
                *("/fr", "Quelles autorités ont agi contre Chirp ?"),
                *("Résultat :", "Aucune décision n’est enregistrée.", "Plus tard :"),
                "Actions en justice et plaintes de tiers",
            ),
        ],
        1,
    ),
)
def test_acts_with_a_result_come_first_and_suits_of_others_stand_apart(
    client, language, query, result, none, later, suits
):
    chirp = make_platform("chirp", name="Chirp")
    use = make_use(chirp)
    stop = acted(
        *(chirp, "An authority stops Chirp", dt.date(2024, 7, 2), use),
        result="Chirp may not train on posts.",
    )
    acted(
        *(chirp, "The authority lets Chirp go on", dt.date(2024, 8, 30), use),
        result="The ban ends under conditions.",
        follows=stop,
    )
    acted(chirp, "An authority opens an inquiry", dt.date(2026, 3, 1), use)
    acted(chirp, "A group complains", dt.date(2026, 5, 1), use, "complaint")
    page = page_of(client, query, language)
    _, first, second = page.select("[aria-labelledby=cases] .act")
    assert "An authority stops Chirp" in said(first)
    assert f"{result} Chirp may not train on posts." in said(first)
    assert f"{later} The authority lets Chirp go on" in said(first)
    assert "An authority opens an inquiry" in said(second)
    assert none in said(second)
    apart = page.select_one("[aria-labelledby=suits]")
    assert said(apart.h2) == suits
    titles = [each.get_text(strip=True) for each in apart.select("h3")]
    assert titles == ["A group complains"]
    assert none in said(apart)


@pytest.mark.parametrize(
    ("language", "subject", "direction"),
    some(
        [
            ("", "subject not recorded", "more control"),
            ("/de", "Gegenstand nicht verzeichnet", "mehr Kontrolle"),
            ("/fr", "objet non consigné", "plus de contrôle"),
        ],
        1,
    ),
)
def test_an_act_has_a_direction_only_where_it_changed_what_people_can_do(
    client, language, subject, direction
):
    chirp = make_platform("chirp", name="Chirp")
    fine = acted(chirp, "A fine", dt.date(2026, 1, 1), direction="neutral")
    order = acted(chirp, "An order", dt.date(2025, 1, 1), direction="more-control")
    acts = page_of(client, "Which authorities acted against Chirp?", language).select(".act")
    tags = [[said(tag) for tag in act.select(".tags > li")] for act in acts]
    assert [each[:2] for each in tags] == [[subject, "Chirp"], [subject, direction]]
    for act, has_direction in ((fine, False), (order, True)):
        address = f"{language}{act.get_absolute_url()}"
        page = BeautifulSoup(client.get(address).text, "lxml").main
        assert bool(page.select(".direction")) is has_direction
    year = BeautifulSoup(client.get(f"{language}/2026").text, "lxml").main
    assert not year.select(".brief-changes .direction")


@pytest.mark.parametrize(
    ("language", "query", "label", "total"),
    some(
        [
            (
                "",
                "Which authorities acted against Chirp?",
                "An authority acted",
                "3 acts · 1 of them about training",
            ),
            (
                "/de",
                "Welche Behörden gingen gegen Chirp vor?",
                "Behörde tätig",
                "3 Vorgänge · 1 davon über Training",
            ),
            (
                "/fr",
                "Quelles autorités ont agi contre Chirp ?",
                "Acte d’une autorité",
                "3 actes · dont 1 sur l’entraînement",
            ),
        ],
        1,
    ),
)
def test_what_is_not_decided_is_not_dated_as_decided_and_acts_are_counted(
    client, language, query, label, total
):
    chirp = make_platform("chirp", name="Chirp")
    fine = acted(chirp, "A fine", dt.date(2024, 1, 1), make_use(chirp), result="A million.")
    for number in (1, 2):
        inquiry = acted(chirp, f"Inquiry {number}", dt.date(2026, 1, number))
    page = page_of(client, query, language)
    assert said(page.select_one(".result-count")) == total
    first, second = page.select("[aria-labelledby=cases] .act")[:2]
    assert label not in said(first)
    assert said(second.select_one(".row-kind")) == label
    for act, is_open in ((fine, False), (inquiry, True)):
        kicker = page_of(client, "", language, act.get_absolute_url().lstrip("/")).select_one(
            ".kicker"
        )
        assert (label in said(kicker)) is is_open


def test_a_ruling_is_of_the_court_and_not_of_those_before_it(client):
    chirp = make_platform("chirp", name="Chirp")
    ruling = acted(chirp, "A ruling", dt.date(2025, 5, 23), effect="court-ruling", result="No.")
    order = acted(chirp, "An order", dt.date(2025, 4, 1))
    office = Reference.objects.create(slug="a-office", name="Data Office", kind="regulator")
    court = Reference.objects.create(slug="court", name="High Court", kind="court")
    with arranged():
        for act in (ruling, order):
            act.references.set([office, court])
    page = page_of(client, "Which authorities acted against Chirp?")
    by = {said(act.h3): said(act.select_one(".act-by")) for act in page.select(".act")}
    assert by == {"A ruling": "Who: High Court", "An order": "Named: Data Office and High Court"}


@pytest.mark.parametrize(
    ("language", "query", "labels"),
    [
        ("", "Which authorities acted against Chirp?", ["Who", "Before"]),
        ("/de", "Welche Behörden gingen gegen Chirp vor?", ["Wer", "Vor"]),
        ("/fr", "Quelles autorités ont agi contre Chirp ?", ["Qui", "Devant"]),
    ],
)
def test_a_suit_is_of_who_filed_it_and_not_of_the_court_before_which_it_is(
    client, language, query, labels
):
    chirp = make_platform("chirp", name="Chirp")
    suit = acted(chirp, "A suit", dt.date(2025, 4, 1), effect="lawsuit")
    with arranged():
        suit.references.set(
            Reference.objects.create(slug=kind, name=name, kind=kind)
            for kind, name in (("court", "High Court"), ("organisation", "Users’ League"))
        )
    page = page_of(client, query, language)
    named = [said(each).partition(":") for each in page.select(".act-by")]
    assert [label.strip() for label, _, _ in named] == labels
    assert [name.strip() for _, _, name in named] == ["Users’ League", "High Court"]


def test_an_authority_beside_what_a_platform_does_is_named_and_has_not_acted(client):
    chirp = make_platform("chirp", name="Chirp")
    back = acted(chirp, "Chirp returns", dt.date(2025, 4, 1), effect="resumed")
    with arranged():
        office = {"slug": "office", "name": "Data Office", "kind": "regulator"}
        back.references.add(Reference.objects.create(**office))
    page = page_of(client, "Which authorities acted against Chirp?")
    assert said(page.select_one(".act-by")) == "Named: Data Office"


@pytest.fixture
def chirps_acts():
    """A fine, an order, two inquiries; a settlement, a suit that was dropped, and an open one."""
    chirp = make_platform("chirp", name="Chirp")
    use = make_use(chirp)
    fine = acted(
        chirp, "A fine", dt.date(2021, 1, 1), result="7.5 million pounds; annulled in 2023."
    )
    order = acted(chirp, "An order", dt.date(2022, 1, 1), result="Chirp has to pay 5 dollars.")
    suit = {"effect": "lawsuit"}
    acted(chirp, "A suit is settled", dt.date(2023, 1, 1), result="Settled.", **suit)
    acted(chirp, "A suit", dt.date(2023, 2, 1), result="Dropped.", **suit)
    acted(chirp, "Another suit", dt.date(2023, 3, 1), **suit)
    for number in (1, 2):
        acted(chirp, f"Inquiry {number}", dt.date(2026, 1, number), use)
    return [fine, order]


@pytest.mark.parametrize(
    ("language", "query", "outcomes", "of_others", "heads"),
    some(
        [
            (
                *("", "Has any regulator punished Chirp?"),
                "Not about training: 2 · with a result: 2 (of these fines: 1, annulled)"
                " · without a result: 0",
                "Suits and complaints of others: 3 · about training: 0 · 1 settlement"
                " · ended otherwise: 1 · without a result: 1",
                ["When", "Who, or before whom", "What", "Result"],
            ),
            (
                *("/de", "Hat eine Behörde Chirp bestraft?"),
                "Nicht zum Training: 2 · mit Ergebnis: 2 (davon Geldbußen: 1, aufgehoben)"
                " · ohne Ergebnis: 0",
                "Klagen und Beschwerden anderer: 3 · zum Training: 0 · 1 Vergleich"
                " · anders beendet: 1 · ohne Ergebnis: 1",
                ["Wann", "Wer, oder vor wem", "Was", "Ergebnis"],
            ),
            (
                *("/fr", "Une autorité a-t-elle sanctionné Chirp ?"),
                "Sans rapport avec l’entraînement : 2 · avec un résultat : 2 (dont amendes : 1,"
                " annulée) · sans résultat : 0",
                "Actions en justice et plaintes de tiers : 3 · sur l’entraînement : 0"
                " · 1 accord amiable · terminé autrement : 1 · sans résultat : 1",
                ["Quand", "Qui, ou devant qui", "Quoi", "Résultat"],
            ),
        ],
        1,
    ),
)
def test_who_asks_for_punishment_gets_counts_and_tables_with_what_is_decided_first(
    client, language, query, outcomes, of_others, heads, chirps_acts
):
    cases = page_of(client, query, language).select_one("[aria-labelledby=cases]")
    sums = [said(each).replace("\xa0", " ") for each in cases.select(".acts-sum")]
    assert re.findall(r"\d+", sums[0]) == ["2", "0", "2"]  # with a result, and without one
    assert sums[1:] == [outcomes, of_others]
    training, rest = cases.select("table")
    assert [said(each) for each in training.select("thead th")] == heads
    titles = [[said(each) for each in table.select(".act-what")] for table in (training, rest)]
    assert titles[0] == ["Inquiry 2", "Inquiry 1"]
    assert [each.partition(" (")[0] for each in titles[1]] == [
        *("An order", "A fine"),  # and of others, below them:
        *("A suit", "A suit is settled", "Another suit"),
    ]
    assert said(rest.select("tbody tr")[1].select_one(".act-outcome")) == chirps_acts[0].result


@pytest.mark.parametrize(
    ("language", "query", "note"),
    some(
        [
            ("", "Which regulators have fined Chirp?", "acts about AI and the data for it"),
            ("/de", "Welche Behörden haben Chirp bestraft?", "Vorgänge zu KI und den Daten dafür"),
            ("/fr", "Quelles autorités ont sanctionné Chirp ?", "actes sur l’IA et les données"),
        ],
        1,
    ),
)
def test_counts_of_acts_say_that_those_over_other_matters_are_not_collected(
    client, language, query, note, chirps_acts
):
    assert note in said(page_of(client, query, language).select_one("[aria-labelledby=cases]"))


@pytest.mark.parametrize(
    ("language", "query", "count"),
    some(
        [
            (
                *("", "Which authorities acted against Chirp?"),
                "4 acts · 2 of them about training · Suits and complaints of others: 3",
            ),
            (
                *("/de", "Welche Behörden gingen gegen Chirp vor?"),
                "4 Vorgänge · 2 davon über Training · Klagen und Beschwerden anderer: 3",
            ),
            (
                *("/fr", "Quelles autorités ont agi contre Chirp ?"),
                "4 actes · dont 2 sur l’entraînement"
                " · Actions en justice et plaintes de tiers\xa0: 3",
            ),
        ],
        1,
    ),
)
def test_suits_of_others_are_not_counted_as_acts(client, language, query, count, chirps_acts):
    page = page_of(client, query, language)
    assert said(page.select_one(".result-count")).replace(" :", ":") == count.replace("\xa0:", ":")


@pytest.mark.parametrize(
    ("language", "query", "head"),
    [
        ("", "Which authorities acted against Chirp?", "What platforms did themselves"),
        ("/de", "Welche Behörden gingen gegen Chirp vor?", "Was Plattformen selbst taten"),
        (
            *("/fr", "Quelles autorités ont agi contre Chirp ?"),
            "Ce que les plateformes ont fait elles-mêmes",
        ),
    ],
)
@pytest.mark.parametrize("number", [1, 5])
def test_what_a_platform_did_after_an_act_is_shown_and_counted_as_none(
    client, language, query, head, number
):
    chirp = make_platform("chirp", name="Chirp")
    acts = [
        acted(chirp, f"Order {day}", dt.date(2025, 1, day), make_use(chirp), result="Stop.")
        for day in range(1, number + 1)
    ]
    back = {"effect": "resumed", "topic": "training", "follows": acts[0]}
    acted(chirp, "Chirp returns", dt.date(2025, 4, 1), make_use(chirp), **back)
    page = page_of(client, query, language)
    assert re.findall(r"\d+", said(page.select_one(".acts-sum"))) == [
        *(str(number), str(number), "0", "0")
    ]
    assert said(page.select_one(".result-count")).split()[0] == str(number)
    shown = said(page)
    assert shown.index(head) < shown.rindex("Chirp returns")


@pytest.mark.parametrize(
    ("language", "query", "note"),
    [
        ("", "Has Japan fined Chirp?", "No such act is on record here for the place or the days"),
        ("", "Has Chirp been fined in 2019?", "No such act is on record here for the place or"),
        (
            "/de",
            "Gab es in Japan eine Strafe für Chirp?",
            "Zum gefragten Ort oder Zeitraum ist hier",
        ),
        (
            "/fr",
            "Chirp a-t-il été sanctionné au Japon ?",
            "Pour le lieu ou la période demandés, aucun",
        ),
    ],
)
def test_acts_in_other_places_and_on_other_days_than_those_named_are_said_to_be_so(
    client, language, query, note
):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "An order", dt.date(2025, 1, 1), make_use(chirp), places=["BR"])
    page = page_of(client, query, language)
    assert "An order" in page.text
    assert note in said(page)
    assert note not in said(page_of(client, "Which authorities acted against Chirp?", language))


def test_a_fine_whose_case_is_open_again_is_neither_annulled_nor_final(client):
    chirp = make_platform("chirp", name="Chirp")
    for year, since in ((2021, "; overturned in 2023, open again since 2025"), (2022, "")):
        acted(chirp, f"A fine of {year}", dt.date(year, 1, 1), result=f"5 million pounds{since}.")
    page = page_of(client, "Which regulators fined Chirp?")
    sums = said(page.select_one(".acts-sums"))
    assert ": at least 5 million pounds; 5 million pounds (open again) · 2 fines · " in sums


def test_each_of_many_acts_is_there_once_with_a_link_to_what_it_rests_on(client, chirps_acts):
    page = page_of(client, "Which authorities acted against Chirp?")
    links = [each["href"] for each in page.select(".acts-table th[scope=row] a")]
    assert set(links) == {each.get_absolute_url() for each in Entry.objects.all()}
    assert len(links) == Entry.objects.count()


def test_what_became_of_an_act_is_beside_it_where_it_is_no_act_that_is_shown_itself(client):
    chirp = make_platform("chirp", name="Chirp")
    ico = Reference.objects.create(slug="ico", name="ICO", kind="regulator", place="GB")
    acts = [acted(chirp, f"Letter {number}", dt.date(2020, 1, number)) for number in range(1, 6)]
    acted(chirp, "A court annuls it", dt.date(2021, 7, 1), follows=acts[0])
    with arranged():
        for act in acts:
            act.references.add(ico)
    later = "Later: A court annuls it"
    page = page_of(client, "What did the ICO do about Chirp?")
    assert [later in said(row) for row in page.select(".acts-table tbody tr")] == [
        *([False] * 4),
        True,
    ]
    assert later not in said(page_of(client, "Which authorities acted against Chirp?"))


@pytest.mark.usefixtures("whole_catalog")
def test_the_result_of_each_fine_on_record_begins_with_its_amount():
    entries = Entry.objects.published().exclude(result="")
    fines = {each.key for each in entries if re.search(r"\bfines\b", each.title)}
    assert len(fines) >= 7
    amount = re.compile(r"[\d.,]+ (?:[mb]illion )?(?:euros|pounds|dollars|won)\b")
    assert fines <= {each.key for each in entries if amount.match(each.result)}


@pytest.mark.usefixtures("whole_catalog")
def test_the_result_of_each_fine_that_was_annulled_says_so():
    annulled = re.compile(r"\b(?:annul|overturn)")
    later = Entry.objects.published().filter(follows__isnull=False).select_related("follows")
    fines = [each.follows for each in later if annulled.search(each.title)]
    assert len(fines) >= 2
    assert [each.key for each in fines if not annulled.search(each.result)] == []


@pytest.mark.parametrize(
    ("language", "query", "note"),
    some(
        [
            ("", "Which authorities acted against {}?", "Included are acts about Chirp"),
            ("/de", "Welche Behörden gingen gegen {} vor?", "Auch Vorgänge zu Chirp"),
            ("/fr", "Quelles autorités ont agi contre {} ?", "Y sont compris des actes sur Chirp"),
        ],
        3,
    ),
)
@pytest.mark.parametrize(
    ("name", "use"), [("Tweety", {"part": "Tweety"}), ("xLab", {"trained_by": "xLab"})]
)
def test_acts_about_the_data_of_another_platform_that_trains_a_product_are_about_it_too(
    client, language, query, note, name, use
):
    tweety = make_platform("tweety", name="Tweety (xLab)", operator="xLab", aliases=["xLab"])
    chirp = make_platform("chirp", name="Chirp", operator="Chirp Inc.")
    acted(tweety, "Deepfakes", dt.date(2026, 1, 1), topic="other")
    acted(chirp, "The posts for it", dt.date(2025, 1, 1), make_use(chirp, **use))
    acted(chirp, "Other posts", dt.date(2024, 1, 1), make_use(chirp, slug="other"))
    page = page_of(client, query.format(name), language)
    assert [said(each) for each in page.select("[aria-labelledby=cases] .act h3")] == [
        *("The posts for it", "Deepfakes")
    ]
    assert re.findall(r"\d+", said(page.select_one(".acts-sum"))) == ["1", "0", "1"]
    assert note in said(page)
    assert note not in said(page_of(client, query.format("Chirp"), language))


def test_acts_about_the_data_of_another_platform_count_for_both_where_both_are_named(client):
    tweety = make_platform("tweety", name="Tweety (xLab)", operator="xLab")
    chirp = make_platform("chirp", name="Chirp", operator="Chirp Inc.")
    use = make_use(chirp, trained_by="xLab")
    for number in (1, 2, 3, 4):
        acted(chirp, f"Posts, {number}", dt.date(2025, 1, number), use)
    acted(tweety, "Deepfakes", dt.date(2026, 1, 1), topic="other")
    page = page_of(client, "Which authorities acted against Tweety or Chirp?")
    assert [said(each) for each in page.select("#cases ~ .acts-group > h3")] == [
        "Tweety (xLab)",
        "Chirp",
    ]
    assert [len(each.select("tbody tr")) for each in page.select(".acts-table")] == [4, 1, 4]


def test_one_of_many_products_of_a_company_has_no_part_in_what_the_company_trains(client):
    for slug in ("mail", "maps"):
        make_platform(slug, name=slug.capitalize(), operator="Lab Inc.")
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "The posts for it", dt.date(2025, 1, 1), make_use(chirp, trained_by="Lab"))
    query = "Which authorities acted against {}?"
    assert "The posts for it" not in page_of(client, query.format("Maps")).text
    assert "The posts for it" in page_of(client, query.format("Lab")).text


@pytest.mark.parametrize(
    ("language", "query", "names", "none", "fines"),
    some(
        [
            (
                *("", "Fines for AI training in Germany or Italy"),
                *(["Germany", "Italy"], "No fine is on record here.", "1, annulled"),
            ),
            (
                *("/de", "Gab es Bußgelder in Deutschland oder Italien?"),
                *(
                    ["Deutschland", "Italien"],
                    "Hier ist keine Geldbuße verzeichnet.",
                    "1, aufgehoben",
                ),
            ),
            (
                *("/fr", "Des amendes en Allemagne ou en Italie ?"),
                *(["Allemagne", "Italie"], "Aucune amende n’est consignée ici.", "1, annulée"),
            ),
        ],
        1,
    ),
)
def test_acts_in_several_countries_are_counted_for_each(
    client, language, query, names, none, fines
):
    chirp = make_platform("chirp", name="Chirp")
    use = make_use(chirp)
    fined = {"result": "5 million euros; annulled in 2025.", "places": ["IT"]}
    acted(chirp, "A fine", dt.date(2024, 1, 1), use, **fined)
    acted(chirp, "An order", dt.date(2024, 2, 1), use, result="Stop.", places=["IT"])
    acted(chirp, "In Europe", dt.date(2024, 3, 1), use, places=["EEA"])
    acted(chirp, "In Japan", dt.date(2024, 4, 1), use, places=["JP"])
    page = page_of(client, query, language)
    assert "In Japan" not in page.text
    rows = page.select(".acts-counts tbody tr")
    assert [[cell.text for cell in row.select("th, td")] for row in rows] == [
        [names[0], "1", "0", none, "0", "0"],
        [names[1], "3", "2", fines, "0", "0", "0"],
    ]
    for row in rows:  # each leads to what it counts
        listed = BeautifulSoup(client.get(row.a["href"]).text, "lxml").main.select(".row")
        assert len(listed) == int(row.td.text)


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("", "since when is Chirp AI banned for minors"),
        ("/de", "seit wann ist Chirp AI für Minderjährige verboten"),
        ("/fr", "Chirp AI interdit aux mineurs depuis quand"),
    ],
)
def test_whom_a_service_is_not_for_asks_for_no_act_of_an_authority(client, language, query):
    chirp = make_platform("chirp", name="Chirp AI", aliases=["Chirp"])
    make_state(make_use(chirp), "unless-refused")
    page = page_of(client, query, language)
    assert page.select_one(".hit, .box-line")
    assert not page.select("[aria-labelledby=cases]")


def test_the_timeline_says_what_came_of_an_act(client):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "A fine", dt.date(2024, 7, 2), make_use(chirp), result="A million euros.")
    page = BeautifulSoup(client.get("/timeline?topic=enforcement").text, "lxml").main
    assert "Result: A million euros." in said(page.select_one(".row"))


def test_the_result_of_an_act_is_in_german_where_it_is_translated(client, settings, tmp_path):
    settings.CATALOG_DIR = tmp_path
    words = '[chirp]\n"Chirp pays." = "Chirp zahlt."\n'
    (tmp_path / "_words.de.toml").write_text(words, encoding="utf-8")
    chirp = make_platform("chirp", name="Chirp")
    act = acted(chirp, "A fine", dt.date(2024, 7, 2), result="Chirp pays.")
    page = page_of(client, "Welche Behörden gingen gegen Chirp vor?", "/de")
    assert "Ergebnis: Chirp zahlt." in said(page)
    page = BeautifulSoup(client.get(f"/de{act.get_absolute_url()}").text, "lxml").main
    assert "Ergebnis: Chirp zahlt." in said(page)


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("", "Which dating apps train on my profile?"),
        ("/de", "Welche Dating-Apps trainieren mit meinem Profil?"),
        ("/fr", "Quels sites de rencontre s’entraînent avec mon profil ?"),
    ],
)
def test_a_kind_of_service_narrows_who_trains_on_a_kind_of_data(client, language, query):
    for name, category in (("spark", "dating"), ("inn", "travel")):
        use = make_use(make_platform(name, name=name, category=category), data_kinds=["profile"])
        make_state(use, "unless-refused")
    page = page_of(client, query, language)
    names = [hit.text for hit in page.select("[aria-labelledby=trainers] .hit-title")]
    assert names == ["spark"]
    assert page.select_one(f'a[href="{language}/platforms#dating"]')


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("", "Which music services train AI?"),
        ("/de", "Welche Musikdienste trainieren KI?"),
        ("/fr", "Quels services de musique entraînent une IA ?"),
    ],
)
def test_music_beside_a_word_for_services_is_a_kind_of_service(client, language, query):
    for name, category in (("Tune", "media"), ("Talk", "assistant")):
        use = make_use(make_platform(name.lower(), name=name, category=category))
        make_state(use, "unless-refused")
    titles = page_of(client, query, language).select("[aria-labelledby=platforms] .hit-title")
    assert [title.text for title in titles] == ["Tune"]


def test_a_kind_of_service_is_not_the_service_with_that_name(client):
    desk = make_use(make_platform("desk", name="Desk", category="workplace"))
    make_state(desk, "unless-refused")
    page = page_of(client, "Which workplace tools train AI?")
    assert "Desk" in page.text
    assert "We do not watch" not in page.text
    assert "We do not watch Workplace" in page_of(client, "Workplace").text


@pytest.mark.parametrize("view", ["answers", "search"])
def test_a_product_named_apart_from_its_maker_is_that_product(client, view):
    make_platform("github-copilot", name="GitHub Copilot", aliases=["GitHub", "Copilot"])
    make_platform("microsoft-copilot", name="Microsoft Copilot", aliases=["Copilot"])
    apart = page_of(client, "Does GitHub train Copilot on private repositories?", view=view)
    assert "Microsoft Copilot" not in apart.text
    assert "Microsoft Copilot" in page_of(client, "GitHub and Copilot", view=view).text


@pytest.mark.parametrize(
    ("view", "language", "query", "people"),
    in_turn(
        ["answers", "search"],
        [
            ("", "Does Google train on the company's mail?", "organisations"),
            ("", "Does Google train on my mail?", ""),
            ("/de", "Trainiert Google mit den Mails der Firma?", "Organisationen"),
            ("/fr", "Google s'entraîne-t-il avec les mails de l'entreprise ?", "organisations"),
        ],
    ),
)
def test_the_mail_of_a_company_that_has_a_mail_service_is_that_service(
    client, view, language, query, people
):
    for name, aliases in (("Gmail", ["Google Mail"]), ("Gemini", []), ("Maps", [])):
        platform = make_platform(name.lower(), name=name, aliases=aliases, operator="Google")
        make_state(make_use(platform, data_kinds=["mail-and-documents"]), "unless-refused")
    page = page_of(client, query, language, view)
    named = [name.text for name in page.select(".box-name, [aria-labelledby=platforms] .hit-title")]
    assert named == ["Gmail"]
    assert people in page.text


def test_another_use_is_named_with_its_way_out_where_nothing_is_on_record_of_training(client):
    faces = make_platform("faces", name="Faces")
    use = make_use(faces, title="Faces keeps pictures of your face", purpose="collection")
    make_state(use, "unless-refused")
    make_control(use, name="Form against face search", refuse="submit")
    page = page_of(client, "Faces my face how do I get out", view="answers")
    line = said(page.select_one(".box-line"))
    assert "AI training: We do not know: nothing on record" in line
    assert "Faces keeps pictures of your face: Yes" in line
    assert "only for: Faces keeps pictures of your face" in line


@pytest.mark.parametrize(
    ("view", "line"), [("answers", ".box-line"), ("search", "[aria-labelledby=platforms] .hit")]
)
def test_what_only_others_report_is_said(client, view, line):
    use = make_use(make_platform("owl", name="Owl"), data_kinds=["voice"], places=["EEA"])
    make_state(use, "unclear", why="reports-only", note="One watcher read of recordings.")
    elsewhere = make_branch(use, except_places=["EEA"])
    make_state(elsewhere, "unclear", why="reports-only", note="One watcher read of recordings.")
    answer = page_of(client, "Does Owl train on my voice?", view=view).select_one(line)
    told = said(answer).replace("report:", "report :")
    assert told.count("What others report : One watcher read of recordings.") == 1


@pytest.mark.parametrize(
    ("view", "language", "query"),
    in_turn(
        ["answers", "search"],
        [
            ("", "Does a post on Facebook forbidding it stop Meta?"),
            ("/de", "Hilft ein Beitrag auf Facebook, der Meta das verbietet?"),
            ("/fr", "Un message sur Facebook qui l'interdit arrête-t-il Meta ?"),
        ],
    ),
)
def test_a_post_that_forbids_it_is_a_claim_that_was_checked(client, view, language, query):
    make_state(make_use(make_platform("facebook", name="Facebook", operator="Meta")), "no-way-out")
    page = page_of(client, query, language, view)
    assert page.select_one('.claims-first a[href*="forbidding-post"]')


@pytest.mark.parametrize(
    "query", ["I teach 15 pupils, they use Slack", "Slack, 15", "ich bin dort, Slack"]
)
def test_words_of_a_sentence_beside_a_service_are_no_other_service(client, query):
    make_state(make_use(make_platform("slack", name="Slack")), "unless-refused")
    page = page_of(client, query, view="answers")
    assert "Slack" in page.text
    assert "We know no service" not in page.text


@pytest.mark.parametrize(
    ("language", "query", "people"),
    [
        ("", "my pupils use Slack with school accounts", "organisations"),
        ("/de", "Meine Schüler nutzen Slack mit Schulkonten", "Organisationen"),
        ("/fr", "Mes élèves utilisent Slack avec des comptes scolaires", "organisations"),
    ],
)
def test_an_account_of_a_school_is_one_of_an_organisation(client, language, query, people):
    make_state(make_use(make_platform("slack", name="Slack")), "unless-refused")
    page = page_of(client, query, language, "answers")
    assert people in said(page)
    assert page.select_one(".box-line")
