"""Questions about no service lead to the list, the timeline or the checklist that answers them."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.models import ProviderStatement
from consent.search.pages import asks_for
from consent.search.plain_words import words
from consent.vocabulary import Effect
from platforms.models import Platform
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    trains = make_platform("chirp", name="Chirp")
    last_month = timezone.localdate() - dt.timedelta(days=40)
    turned_on = make_entry(trains, title="Chirp turns it on", effective_on=last_month)
    opened = {"starts_on": last_month, "opened_by": turned_on}
    use = make_use(trains, data_kinds=["public-posts"])
    make_state(use, "not-used")
    make_state(use, "unless-refused", **opened)
    make_state(make_use(make_platform("quiet", name="Quiet")), "not-used")
    enforcement = {"effects": [Effect.REGULATOR_ACTION.value], "topic": "enforcement"}
    make_entry(trains, title="The Garante acts", places=["IT"], **enforcement)
    make_entry(trains, title="Canada acts", places=["CA"], **enforcement)


def asked(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.text, "lxml").main


def lead(client, typed, prefix=""):
    links = asked(client, typed, prefix).select(".lead-on a")
    return links[0]["href"] if links else ""


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "Which apps do not train on my data?"),
            ("", "services that don't train AI"),
            ("", "platforms without training"),
            ("", "who does not train on what I write"),
            ("/de", "Welche Apps trainieren nicht mit meinen Daten?"),
            ("/de", "Dienste ohne KI-Training"),
            ("/fr", "Quelles applis n'entraînent pas d'IA ?"),
        ],
        3,
    ),
)
def test_who_does_not_train_is_the_list_of_those_that_do_not(client, prefix, typed):
    assert lead(client, typed, prefix) == f"{prefix}/platforms?figure=no"
    assert not asked(client, typed, prefix).select("a[href*='figure=trains']")


@pytest.mark.parametrize(
    ("prefix", "typed", "categories"),
    [
        ("", "which sites for photographers don't train at all", ["creative"]),
        (
            "/de",
            "welche KI für Hausaufgaben trainiert nicht mit Kindern",
            ["assistant", "education"],
        ),
    ],
)
def test_of_a_kind_all_are_shown_below_the_number_of_those_that_do_not(
    client, prefix, typed, categories
):
    for category in ("assistant", "creative", "education"):
        make_platform(f"{category}-b", category=category)
        make_state(make_use(make_platform(f"{category}-c", category=category)), "not-used")
    page = asked(client, typed, prefix)
    links = page.select(".lead-on a, .lead-on + p.small a")
    assert [parse_qs(urlsplit(each["href"]).query)["category"] for each in links] == [
        [each] for each in categories
    ]
    shown = [
        each["href"].partition("?")[0].rpartition("/")[2] for each in page.select(".hit-title")
    ]
    assert sorted(shown) == [f"{categories[0]}-b", f"{categories[0]}-c"]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "which of our tools need the ADMIN to opt out, not the staff"),
        ("/de", "bei welchen Diensten muss der Admin abschalten"),
        ("/fr", "que faut-il faire désactiver par l'administrateur"),
    ],
)
def test_what_an_administrator_refuses_is_a_list_with_its_number(client, prefix, typed):
    for slug, by_admin in (("rooms", True), ("desks", False)):
        use = make_use(make_platform(slug), people=["organisation"])
        make_state(use, "unless-refused")
        make_control(use, by="admin" if by_admin else "person")
    page = asked(client, typed, prefix)
    assert page.select_one(".lead-on a").text.endswith("1")
    assert [each["href"].partition("?")[0] for each in page.select(".hit-title")] == [
        f"{prefix}/platforms/rooms"
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "Why does Chirp not train?",
        "which platforms train",
        "I want chirp to not train on me",
        "how do I train a model",
    ],
)
def test_other_questions_do_not_lead_to_the_list_of_those_that_do_not(client, typed):
    assert "figure=no" not in lead(client, typed)


@pytest.mark.parametrize(
    ("prefix", "typed", "number"),
    some(
        [
            ("", "workplace tools that train by default", 1),
            ("", "which workplace tools train ai", 1),
            ("", "list of workplace tools that train by default as csv for the audit", 1),
            ("/de", "welche Arbeitstools trainieren KI", 1),
            ("/fr", "quels outils de travail entraînent l'IA", 1),
            ("", "which workplace tools train in Germany", 0),
        ],
        4,
    ),
)
def test_which_of_a_kind_train_is_the_list_of_these_and_nobody_else(client, prefix, typed, number):
    desk = make_use(make_platform("desk", name="Desk", category="workplace"), places=["US"])
    make_state(desk, "unless-refused")
    make_state(make_branch(desk, except_places=["US"]), "not-used")
    calm = make_use(make_platform("calm", name="Calm", category="workplace"))
    make_state(calm, "not-used")
    page = asked(client, typed, prefix)
    link = page.select_one(".lead-on a")
    assert "/platforms?figure=trains&category=workplace" in link["href"]
    assert link.text.split()[-1] == str(number)
    if "csv" not in typed:
        assert [each.text for each in page.select(".hit-title")] == ["Desk"] * number
    listed = BeautifulSoup(client.get(link["href"]).text, "lxml").main
    assert len(listed.select(".index-list li")) == number


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "how many workplace tools"),
        ("/de", "wie viele Apps für die Arbeit"),
        ("/fr", "combien d'outils de travail"),
    ],
)
def test_below_a_number_nothing_says_that_nothing_was_found(client, prefix, typed):
    make_state(make_use(make_platform("desk", name="Desk", category="workplace")), "not-used")
    page = asked(client, typed, prefix)
    assert page.select(".asked-counts")
    assert not page.select(".empty")
    assert not page.select(".request-missing")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "which platforms removed the opt-out"),
            ("", "who took away the switch"),
            ("/de", "wer hat den Schalter weggenommen"),
            ("/de", "welche haben den Widerspruch abgeschafft"),
            ("/fr", "qui a supprimé le réglage"),
        ],
        3,
    ),
)
def test_who_took_a_way_out_away_is_the_timeline_of_that(client, prefix, typed):
    removed = {"title": "Chirp ends its switch", "effects": [Effect.OPT_OUT_REMOVED.value]}
    make_entry(Platform.objects.get(slug="chirp"), **removed)
    page = asked(client, typed, prefix)
    link = page.select_one(".lead-on a")
    assert link["href"] == f"{prefix}/timeline?kind=opt-out-removed"
    assert link.text.endswith("1")
    assert [each.text for each in page.select(".row-title")] == ["Chirp ends its switch"]


@pytest.fixture
def two_starts():
    """One service that turned training on in 2023, and one in March of this year."""
    with time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False):
        for slug, day in (("early", dt.date(2023, 3, 1)), ("late", dt.date(2026, 3, 1))):
            platform = make_platform(slug)
            entry = make_entry(platform, title=f"It starts at {slug}", effective_on=day)
            use = make_use(platform)
            make_state(use, "not-used")
            make_state(use, "unless-refused", starts_on=day, opened_by=entry)
        yield


def starts(page):
    """The titles of the changes by which training starts, in the order of the page."""
    return [each.text for each in page.select(".row-title") if "It starts" in each.text]


@pytest.mark.parametrize(
    "typed",
    [
        "who was the very first to train",
        "which one trains the longest",
        "first platform ever to train on users by default",
        "who was first, Early or Late",
        "reddit or linkedin, which one started earlier",
        "wer war als allererste dran",
        "welche trainiert am längsten",
        "wer hat als erster mit Nutzerdaten trainiert",
        "erste Plattform, die standardmäßig trainierte",
        "Google oder Meta, wer fing zuerst an",
        "qui a commencé en premier",
        "la première plateforme à entraîner sur nos données",
    ],
)
def test_who_was_first_is_asked_in_many_words(typed):
    assert asks_for("started-first", words(typed))


@pytest.fixture
def by_then(two_starts):
    """A service that trained by May 2021 at the latest, and let others train until 2024."""
    use = make_use(make_platform("by-then", name="By Then"), purpose="sharing-for-training")
    make_state(use, "unless-refused", starts_on=dt.date(2021, 5, 1), since_is="at-latest")
    make_state(use, "not-used", starts_on=dt.date(2024, 7, 1))


def firsts(client, typed):
    found = asked(client, typed).select_one("[aria-labelledby=firsts]")
    return found.p.text, [
        [each.text for each in those.select(".hit-title")] for those in found.select("ul")
    ]


def test_who_was_first_is_not_known_where_only_a_last_day_is(client, by_then):
    sentence, lists = firsts(client, "who was the very first to train")
    assert sentence == (
        "Who was first is not known: of some, only a day is on record by which it was on at the"
        " latest. The earliest on record: By Then, since 1 May 2021 at the latest."
    )
    assert lists == [["By Then"], ["Early", "Late", "Chirp"]]
    told = " ".join(asked(client, "who was the very first to train").text.split())
    assert "(sharing for AI training, not so from 1 July 2024)" in told


def test_of_services_that_are_named_only_their_starts_are_told(client, by_then):
    sentence, lists = firsts(client, "who was first, Late or Early?")
    assert sentence == "The earliest on record: Early, since 1 March 2023."
    assert lists == [["Early", "Late"]]


@pytest.mark.parametrize(
    ("prefix", "typed", "names"),
    some(
        [
            ("", "who started this year", ["late"]),
            ("/de", "welche haben 2023 angefangen", ["early"]),
            ("/de", "wer hat dieses Jahr angefangen", ["late"]),
            ("/de", "wer hat zuletzt umgestellt", ["late", "early"]),
            ("/fr", "qui a commencé cette année", ["late"]),
            ("/fr", "qui a basculé en dernier", ["late", "early"]),
        ],
        4,
    ),
)
def test_who_started_last_or_this_year_is_told(client, two_starts, prefix, typed, names):
    page = asked(client, typed, prefix)
    assert starts(page) == [f"It starts at {each}" for each in names]
    assert not page.select(".empty")


def make_api(slug, *plans, state):
    """A provider with these plans for programs, of all of which the same is said."""
    kind = {"people": ["organisation"], "paid": True, "kind": "api"}
    platform = make_platform(
        slug, name=f"{slug.title()} API", plans=[{"name": name, **kind} for name in plans]
    )
    branch = make_branch(make_use(platform), people=["organisation"], plans=list(plans))
    make_state(branch, state)


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "Which API providers do not train on what you send?"),
            ("", "which APIs do not train"),
            ("", "which LLM API won't learn from my prompts"),
            ("/de", "Welche API-Anbieter trainieren nicht mit dem, was man sendet?"),
            ("/de", "Welche LLM-API lernt nicht aus meinen Prompts?"),
            ("/de", "welche KI-APIs trainieren nicht mit Eingaben, gibt es eine Datei?"),
            ("/de", "Welche AI-Schnittstellen trainieren nicht?"),
            ("", "which ai-apis do not train, is there a file"),
            ("/fr", "quelles api d'ia n'entraînent pas leurs modèles avec mes données"),
            ("/fr", "Quels fournisseurs d’API n’entraînent pas d’IA avec ce qu’on envoie ?"),
            ("/fr", "Quelle API n’apprend pas de mes prompts ?"),
        ],
        4,
    ),
)
def test_which_api_does_not_train_is_the_table_of_providers_by_answer(client, prefix, typed):
    make_api("echo", "Free tier", "Paid tier", state="not-used")
    make_api("asks", "Agreed", state="only-if-agreed")
    make_api("takes", "Basic", state="unless-refused")
    page = asked(client, typed, prefix)
    table = f"{prefix}/developers/providers"
    link = page.select_one(".lead-on a")
    assert link["href"] == f"{table}?default=no"
    plans = {"": "plans", "/de": "Tarife", "/fr": "formules"}[prefix]
    assert link.text.endswith(f", 2 {plans}")
    assert re.findall(r"\d+", link.text) == ["1", "2"]  # of one provider
    table_page = BeautifulSoup(client.get(link["href"]).text, "html.parser")
    assert table_page.select_one(".result-count").text in link.text
    beside = page.select_one(".lead-on + p")
    assert [each["href"] for each in beside.select("a")] == [
        f"{table}?default=only-if-agreed",
        table,
        "/data/providers.json",
        "/data/providers.csv",
    ]
    assert re.findall(r"\d+", beside.text) == ["1", "1", "3", "4"]
    assert not page.select("section")
    assert not page.select("[href*='figure=no']")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "Who runs this site?"),
            ("", "who is behind this"),
            ("", "contact"),
            ("", "Impressum"),
            ("/de", "Wer betreibt diese Seite?"),
            ("/de", "Impressum"),
            ("/fr", "Qui est derrière ce site ?"),
            ("/fr", "Mentions légales"),
        ],
        3,
    ),
)
def test_who_runs_the_site_is_the_page_about_us_and_no_service(client, prefix, typed):
    make_platform("runner", summary="Who runs this site is behind this; contact, Impressum.")
    response = client.get(f"{prefix}/search", {"q": typed})
    assert response["Location"] == f"{prefix}/about#contact"


def test_how_to_reach_a_service_is_not_about_us(client):
    assert not asked(client, "contact Chirp").select("a[href='/about']")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "opt out of everything"),
            ("", "opt out of all"),
            ("", "how can I opt out everywhere at once"),
            ("/de", "überall widersprechen"),
            ("/fr", "tout refuser"),
        ],
        2,
    ),
)
def test_refusing_everything_leads_to_the_checklist(client, prefix, typed):
    assert lead(client, typed, prefix) == f"{prefix}/checklist"


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "Which platforms switched training on for everybody in the last twelve months"),
            ("", "who turned training on in the past 12 months?"),
            (
                "/de",
                "Wer hat in den letzten zwölf Monaten das Training eingeschaltet?",
            ),
            ("/fr", "Qui a commencé à entraîner ces douze derniers mois ?"),
        ],
        2,
    ),
)
def test_what_was_turned_on_is_that_view_of_the_timeline_with_its_changes(client, prefix, typed):
    page = asked(client, typed, prefix)
    link = page.select_one(".lead-on a")
    since = timezone.localdate().replace(year=timezone.localdate().year - 1)
    assert link["href"].startswith(f"{prefix}/timeline?turned=on&since={since}")
    told = {"": "1 change of 1 platform", "/de": "1 Änderung", "/fr": "1 changement"}
    assert told[prefix] in link.text
    assert "Chirp turns it on" in page.text
    assert "We did not understand" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/answers?q=Who+began+training+AI+since+1+January+2024%3F",
        "/timeline?turned=on&since=2024-01-01",
    ],
)
def test_what_was_turned_on_is_counted_by_platform_beside_what_has_no_exact_day(client, address):
    chirp = Platform.objects.get(slug="chirp")
    again = make_entry(chirp, title="Chirp turns on more", effective_on=dt.date(2024, 5, 1))
    more = make_use(chirp, title="More trains")
    make_state(more, "not-used")
    make_state(more, "unless-refused", starts_on=dt.date(2024, 5, 1), opened_by=again)
    for name, year in (("Flap", 2024), ("Early", 2023)):
        use = make_use(make_platform(name.lower(), name=name), title=f"{name} trains")
        by_then = {"starts_on": dt.date(year, 6, 1), "since_is": "at-latest"}
        make_state(use, "unless-refused", **by_then)
    page = BeautifulSoup(client.get(address, follow=True).text, "lxml").main
    text = " ".join(page.text.split())
    assert "2 changes of 1 platform" in text
    began = page.select_one(".began")
    told = "At least 1 platform began to train by default from 1 January 2024 to "
    assert began.strong.text.startswith(told)
    links = {link["href"].split("#")[1]: link for link in page.select(".sum a")}
    assert links["entered"].text == "1"
    counted = BeautifulSoup(client.get(links["entered"]["href"]).text, "lxml").main
    numbers = [counted.select_one(f"#{turn} .count-of").text for turn in ("began", "entered")]
    assert numbers == ["1", "1"]
    assert [each.text for each in page.select("#undated a")] == ["Flap"]
    assert len(page.select(".rows .row")) == 2
    assert "results" not in text


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "which firms backed down"),
            ("", "withdrawn"),
            ("/de", "welche firmen haben das training wieder eingestellt"),
            ("/de", "zurückgenommen"),
            ("/fr", "qui a fait marche arrière ?"),
        ],
        2,
    ),
)
def test_what_was_paused_or_withdrawn_is_that_view_of_the_timeline(client, prefix, typed):
    chirp = Platform.objects.get(slug="chirp")
    make_entry(chirp, title="Chirp pauses it", effects=[Effect.PAUSED.value])
    page = asked(client, typed, prefix)
    link = page.select_one(".lead-on a")
    assert link["href"] == f"{prefix}/timeline?kind=paused&kind=withdrawn"
    assert link.text.endswith("1")
    assert "Chirp pauses it" in page.text
    assert page.select_one(".lead-on + p a")["href"] == f"{prefix}/timeline?turned=off"


@pytest.mark.parametrize(
    ("prefix", "typed", "days"),
    some(
        [
            ("", "which of our tools changed terms this month", ("2026-11-01", "2026-11-30")),
            ("", "what changed this week", ("2026-11-16", "2026-11-22")),
            ("", "what changed last week", ("2026-11-09", "2026-11-15")),
            ("/de", "was hat sich diese Woche geändert", ("2026-11-16", "2026-11-22")),
            ("/fr", "qu'est-ce qui a changé ce mois-ci", ("2026-11-01", "2026-11-30")),
        ],
        3,
    ),
)
@time_machine.travel(dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC), tick=False)
def test_this_week_and_this_month_lead_to_their_changes(client, prefix, typed, days):
    first, last = days
    make_entry(Platform.objects.get(slug="chirp"), effective_on=dt.date.fromisoformat(first))
    assert lead(client, typed, prefix) == f"{prefix}/timeline?since={first}&until={last}"


@time_machine.travel(dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC), tick=False)
def test_where_nothing_changed_on_the_days_the_latest_changes_are_told(client):
    page = asked(client, "latest changes this month")
    none = "Changes: none from 1 November 2026 to 30 November 2026; the latest:"
    assert page.select_one(".none-then").text == none
    assert page.select_one(".lead-on a")["href"] == "/timeline"
    assert page.select_one(".row-title").text == "Chirp turns it on"


@pytest.mark.parametrize(
    "typed",
    [
        "who broke their promise not to train",
        "which companies dropped a pledge not to train",
        "companies that went back on their word",
        "welche Firma hat ihr Versprechen nicht zu trainieren gebrochen",
        "wer hat sein Wort nicht gehalten",
        "quelles entreprises n'ont pas tenu leur promesse",
    ],
)
def test_broken_promises_are_asked_in_many_words(typed):
    assert asks_for("pledge-dropped", words(typed))


def test_who_promises_not_to_train_has_broken_nothing():
    assert not asks_for("pledge-dropped", words("who promises not to train"))


def test_who_broke_a_promise_is_the_timeline_of_that(client):
    dropped = {"title": "Chirp drops its promise", "effects": [Effect.PLEDGE_DROPPED.value]}
    make_entry(Platform.objects.get(slug="chirp"), **dropped)
    page = asked(client, "which companies dropped a pledge not to train")
    link = page.select_one(".lead-on a")
    assert link["href"] == "/timeline?kind=pledge-dropped"
    assert link.text.endswith(": 1")
    assert [each.text for each in page.select(".row-title")] == ["Chirp drops its promise"]


@pytest.mark.parametrize(
    ("prefix", "typed", "said"),
    [
        ("", "ai act", "EU AI Act, Article 53(1)(d): 1 declaration on record"),
        (
            *("/de", "vor und nach der KI-Verordnung: was hat sich geändert"),
            "KI-Verordnung der EU, Artikel 53 Absatz 1 Buchstabe d: 1 Erklärung verzeichnet",
        ),
    ],
)
def test_the_ai_act_is_what_is_declared_under_it(client, prefix, typed, said):
    chirp = Platform.objects.get(slug="chirp")
    for key, law in (("one", "eu-ai-act-53-1-d"), ("other", "california-ab-2013")):
        statement = ProviderStatement.objects.create(
            key=key,
            provider="Chirp Inc.",
            law=law,
            model="Chirp 2",
            chats_with_this_model="yes",
            data_of_other_services="no",
            document_url="https://chirp.example/summary",
            readable="by-program",
        )
        statement.platforms.add(chirp)
    declared = asked(client, typed, prefix).select_one("[aria-labelledby=declared]")
    assert " ".join(declared.h2.text.split()) == said
    links = [each["href"] for each in declared.select(".hit-title")]
    assert links == [f"{prefix}/platforms/chirp#statement-one"]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "list of saas vendors that train on customer data for my audit, csv pls"),
            ("", "csv of all vendors"),
            ("/de", "liste aller anbieter als csv für die prüfung"),
            ("/fr", "liste des fournisseurs qui entraînent en csv"),
        ],
        2,
    ),
)
def test_a_list_of_all_leads_to_the_platforms_that_train_and_to_the_files(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert page.select_one(".lead-on a")["href"] == f"{prefix}/platforms?figure=trains"
    beside = [each["href"] for each in page.select(".lead-on + p a")]
    files = [f"{prefix}/matrix", "/data/platforms.csv", f"{prefix}/data"]
    assert beside == [*files, f"{prefix}/guides", f"{prefix}/for/companies"]
    assert not page.select("section")


def test_a_month_alone_leads_to_its_changes(client):
    assert lead(client, "July 2024") == "/timeline?since=2024-07-01&until=2024-07-31"
    make_entry(Platform.objects.get(slug="chirp"), effective_on=dt.date(2025, 4, 1))
    of_germany = "/timeline?since=2025-01-01&until=2025-12-31&place=DE"
    assert lead(client, "what changed in Germany in 2025") == of_germany


@pytest.mark.parametrize(
    ("typed", "acted", "not_there"),
    [
        ("which regulators acted in the EU", "The Garante acts", "Canada acts"),
        ("regulators in Canada", "Canada acts", "The Garante acts"),
        ("Welche Behörden handelten in Italien", "The Garante acts", "Canada acts"),
    ],
)
def test_authorities_of_a_place_are_those_of_that_place(client, typed, acted, not_there):
    page = asked(client, typed)
    cases = page.select_one("[aria-labelledby=cases]")
    assert acted in cases.text
    assert not_there not in cases.text
    assert "place=" in cases.select("p a")[-1]["href"]


def test_authorities_of_europe_are_those_of_the_uk_and_switzerland_too(client):
    act = {"topic": "enforcement", "effects": ["regulator-action"]}
    make_entry(make_platform("quark"), title="The ICO acts", places=["GB"], **act)
    cases = asked(client, "which regulators acted in Europe").select_one("[aria-labelledby=cases]")
    assert {row.text.strip() for row in cases.select("h3")} == {"The Garante acts", "The ICO acts"}


@pytest.mark.parametrize("typed", ["Chirp US", "chirp in the US", "Chirp, US"])
def test_us_in_capitals_is_the_place(client, typed):
    page = asked(client, typed)
    assert page.select_one("select[name=place] option[selected]")["value"] == "US"


@pytest.mark.parametrize(
    "typed",
    ["tell us about Chirp", "does chirp train on us", "CHIRP TELL US", "Chirp a-t-il eu tort"],
)
def test_us_is_no_place_among_other_words(client, typed):
    page = asked(client, typed)
    chosen = page.select_one("select[name=place] option[selected]")
    assert chosen is None or not chosen["value"]


@pytest.mark.parametrize("typed", ["claude pro 2024", "Chirp Pro", "Chirp plus ou moins"])
def test_the_name_of_a_plan_makes_no_question_french(client, typed):
    page = BeautifulSoup(client.get("/search", {"q": typed}).text, "lxml")
    links = page.main.find_all("a", string="Cette page en français")
    assert bool(links) == ("ou" in typed.split())


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "what is the most recent change?"),
        ("", "what's new"),
        ("/de", "Was gibt es Neues?"),
        ("/fr", "quoi de neuf ?"),
    ],
)
def test_the_latest_change_leads_to_the_timeline(client, prefix, typed):
    page = asked(client, typed, prefix)
    (link,) = page.select(".lead-on a")
    assert urlsplit(link["href"]).path == f"{prefix}/timeline"
    assert page.select(".row-title")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "what changes in the coming months, and until when must I object?"),
        ("/de", "Was ändert sich in den nächsten Monaten?"),
        ("/fr", "qu'est-ce qui va changer dans les prochains mois ?"),
    ],
)
def test_what_is_to_come_leads_to_no_changes_of_the_past(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert not page.select(".lead-on, .none-then")
    assert page.select(f"a[href^='{prefix}/next']")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "how many apps train without telling anyone"),
            ("", "which apps started training without telling anyone"),
            ("", "who turned training on secretly"),
            ("/de", "wie viele Apps trainieren, ohne jemandem etwas zu sagen"),
            ("/de", "wer hat das Training eingeschaltet, ohne es anzukündigen"),
            ("/fr", "combien d'applis entraînent sans prévenir personne"),
        ],
        3,
    ),
)
def test_who_told_nobody_is_listed_beside_what_is_not_known(client, prefix, typed):
    chirp = Platform.objects.get(slug="chirp")
    for told, title in ((["not-at-all"], "Chirp trains unseen"), (["mail"], "Chirp mails")):
        use = make_use(chirp, slug=told[0], title=title)
        entry = make_entry(chirp, title=title, effective_on=dt.date(2025, 5, 1), told=told)
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=dt.date(2025, 5, 1), opened_by=entry)
    page = asked(client, typed, prefix)
    lead, perhaps = page.select(".lead-on a, .lead-on + p a")
    assert lead["href"] == f"{prefix}/timeline?turned=on&told=not-at-all"
    assert lead.text.endswith("1")
    assert perhaps["href"] == f"{prefix}/timeline?turned=on&told=not-known"
    assert [each.text for each in page.select(".row-title")] == ["Chirp trains unseen"]
    assert not page.select(".asked-counts")
