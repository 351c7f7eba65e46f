"""Who asks for fines gets these alone; who only complains is no authority."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from consent.models import Entry, Reference
from consent.public.timeline.acts import acts_of_authorities
from tests.factories import make_entry, make_platform, make_use

pytestmark = pytest.mark.django_db


def acted(
    platform,
    title,
    result="",
    effect="regulator-action",
    by=(),
    topic="enforcement",
    use=None,
    follows=None,
):
    entry = make_entry(
        platform,
        title=title,
        topic=topic,
        effects=[effect],
        result=result,
        decided_on=dt.date(2025, 1, 1),
        follows=follows,
    )
    entry.references.set(by)
    if use:
        entry.uses.add(use)
    return entry


def acted_in_turn(platform, *results):
    """Acts of one day after the other, each called by its result."""
    for day, (title, result, effect) in enumerate(results, start=1):
        entry = acted(platform, title, result, effect)
        entry.effective_on = dt.date(2025, 1, day)
        entry.save()


def tables_in(page):
    """What was done in each table of amounts, by its caption."""
    return {
        table.parent["aria-label"]: [
            each.text.partition(" (")[0] for each in table.select("tbody .act-what")
        ]
        for table in page.select("table.fines")
    }


def test_fines_are_the_newest_first_and_the_highest_of_each_currency_is_named(client):
    acted_in_turn(
        make_platform("chirp", name="Chirp"),
        ("Fine of 30.5 million euros", "30.5 million euros and an order.", "regulator-action"),
        ("Order", "Chirp has to stop.", "regulator-action"),
        ("Fine of 1.2 billion won", "1.2 billion won; annulled later.", "regulator-action"),
        ("Fine of 900,000 euros", "900,000 euros.", "regulator-action"),
    )
    page = BeautifulSoup(client.get("/search?q=which fines").text, "lxml")
    assert tables_in(page) == {
        "Fines on record here": [
            *("Fine of 900,000 euros", "Fine of 1.2 billion won", "Fine of 30.5 million euros")
        ]
    }
    told = " ".join(page.select_one("[aria-labelledby=cases]").text.split())
    assert "Added up: 31.4 million euros; 1.2 billion won (annulled)" in told
    assert "The newest first, each in its own currency." in told
    highest = "The highest in each currency: Fine of 1.2 billion won; Fine of 30.5 million euros"
    assert highest in told


def test_payments_threats_and_settlements_are_apart_from_fines(client):
    acted_in_turn(
        make_platform("chirp", name="Chirp"),
        ("Fine", "7.5 million pounds.", "regulator-action"),
        ("Payment", "Chirp has to pay 25 million dollars.", "regulator-action"),
        ("Ban", "Chirp may not use the data, or pay 100,000 euros each time.", "court-ruling"),
        ("Stop", "Chirp had to stop at once, under a daily fine.", "regulator-action"),
        ("Share", "The settlement is approved.", "court-ruling"),
        ("Suit", "Settled: Chirp stops.", "lawsuit"),
        ("Open suit", "", "lawsuit"),
    )
    page = BeautifulSoup(client.get("/search?q=which fines").text, "lxml")
    assert tables_in(page) == {
        "Fines on record here": ["Fine"],
        "Other payments in money, ordered or agreed": ["Payment"],
        "Only threatened if an order is not followed, not paid": ["Stop", "Ban"],
        "Settled, without a payment in money on record": ["Suit", "Share"],
    }
    assert "The highest" not in page.select_one("[aria-labelledby=cases]").text


def test_of_a_settlement_that_a_court_approved_the_approval_is_told(client):
    chirp = make_platform("chirp", name="Chirp")
    proposed = acted(chirp, "Proposal", "A settlement was proposed.", effect="lawsuit")
    acted(chirp, "Approval", "The settlement is approved.", effect="court-ruling", follows=proposed)
    page = BeautifulSoup(client.get("/search?q=which fines").text, "lxml")
    assert tables_in(page) == {"Settled, without a payment in money on record": ["Approval"]}


@pytest.mark.parametrize(
    ("prefix", "typed", "heading"),
    [
        ("", "biggest fine", "Fines on record here: 1"),
        ("/de", "höchste Geldbuße", "Hier verzeichnete Geldbußen: 1"),
        ("/fr", "la plus grosse amende", "Amendes consignées ici : 1"),
    ],
)
def test_who_asks_for_fines_gets_no_other_act(client, prefix, typed, heading):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "A fine", "7.5 million pounds.")
    acted(chirp, "An inquiry")
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]")
    assert [each.text.replace("\xa0", " ") for each in cases.select("h3")] == [heading]
    assert "An inquiry" not in cases.text


@pytest.mark.parametrize(
    ("prefix", "typed", "headings", "none"),
    [
        (
            *("", "has anyone been fined for training AI"),
            ["Fines about training: 1", "Other fines on record here: 2"],
            "No fine about training is on record here.",
        ),
        (
            *("/de", "Gab es Bußgelder für das KI-Training?"),
            ["Geldbußen zum Training: 1", "Andere hier verzeichnete Geldbußen: 2"],
            "Hier ist keine Geldbuße zum Training verzeichnet.",
        ),
        (
            *("/fr", "Des amendes pour l’entraînement d’IA ?"),
            [
                "Amendes sur l’entraînement : 1",
                "Autres amendes consignées ici : 2",
            ],
            "Aucune amende sur l’entraînement n’est consignée ici.",
        ),
    ],
)
def test_who_asks_for_fines_for_training_gets_these_apart_from_the_others(
    client, prefix, typed, headings, none
):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "A greater fine", "50 million pounds.", topic="other")
    acted(chirp, "Another fine", "5 million pounds.", topic="other")
    acted(chirp, "A fine for training", "7.5 million pounds.", use=make_use(chirp))
    acted(chirp, "An inquiry")

    def cases():
        page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
        return page.select_one("[aria-labelledby=cases]")

    found = cases()
    assert [each.text.replace("\xa0", " ") for each in found.select("h3")] == headings
    tables = [
        [each.text.partition(" (")[0] for each in table.select(".act-what")]
        for table in found.select("table.fines")
    ]
    assert [sorted(each) for each in tables] == [
        ["A fine for training"],
        ["A greater fine", "Another fine"],
    ]
    assert "An inquiry" not in found.text
    assert found.find_previous_sibling(class_="result-count").text.split()[0] == "3"
    Entry.objects.filter(title="A fine for training").delete()
    assert none in cases().text


def test_of_many_acts_the_first_are_shown_and_the_others_folded(client):
    chirp = make_platform("chirp", name="Chirp")
    for number in range(12):
        acted(chirp, f"Order {number}", "Chirp has to stop.")
    acted(chirp, "A suit", effect="lawsuit")
    page = BeautifulSoup(client.get("/search?q=what did regulators do").text, "lxml")
    shown, folded = page.select(".acts-table")
    assert len(shown.select("tbody tr")) == 5
    assert folded.find_parent("details").summary.text == (
        "7 further acts · Suits and complaints of others: 1"
    )
    assert len(folded.select("tbody tr:not(.acts-head)")) == 8


@pytest.mark.parametrize(
    ("prefix", "typed", "note"),
    [
        (
            *("", "who acted against chirp, flap"),
            "On record here are acts about AI and the data for it, and not all of them.",
        ),
        (
            *("/de", "wer ging gegen chirp, flap vor"),
            "Verzeichnet sind hier Vorgänge zu KI und den Daten dafür, und nicht alle.",
        ),
        (
            *("/fr", "qui a agi contre chirp, flap"),
            "Sont consignés ici des actes sur l’IA et les données qui y servent, et non tous.",
        ),
    ],
)
def test_acts_of_each_of_several_companies_begin_with_their_fines(client, prefix, typed, note):
    for name in ("Chirp", "Flap"):
        platform = make_platform(name.lower(), name=name, operator=f"{name} Inc.")
        use = make_use(platform)
        for number in range(3):
            acted(platform, f"{name}, order {number}", f"{name} has to stop.", use=use)
        acted(platform, f"{name}, another matter", topic="other")
    response = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    cases = BeautifulSoup(response.text, "lxml").select_one("[aria-labelledby=cases]")
    assert [each["id"] for each in cases.select("h3")] == ["acts-chirp", "acts-flap"]
    text = " ".join(cases.text.split())
    places = [text.index(each) for each in ("Chirp has to stop", "Flap has to stop", note)]
    assert places == sorted(places)
    links = [each["href"] for each in cases.select(".acts-sums a")]
    assert links == ["#acts-chirp", "#acts-flap"]
    for heading in cases.select("h3"):
        fold = heading.find_next_sibling()
        assert fold.summary.text.startswith(("List of all 4", "Liste aller 4", "Liste des 4"))
        assert fold.find_next_sibling()["class"] == ["acts-lines"]


def test_it_is_said_of_each_company_that_no_fine_is_on_record_and_that_there_may_be(client):
    for name, topic in (("Chirp", "training"), ("Flap", "other")):
        platform = make_platform(name.lower(), name=name, operator=f"{name} Inc.")
        use = make_use(platform)
        for number in range(3):
            uses = {"use": use} if topic == "training" else {}
            acted(platform, f"{name}, order {number}", "A stop.", topic=topic, **uses)
    page = client.get("/answers", {"q": "acts against Chirp and Flap"}, follow=True)
    cases = BeautifulSoup(page.text, "lxml").select_one("[aria-labelledby=cases]")
    assert [" ".join(each.text.split()) for each in cases.select(".acts-sums")] == [
        "Fines about training: none on record: Chirp and Flap.",
        "Other fines on record, not all: Chirp: none on record · Flap: none on record.",
    ]
    none = "None about training is on record. "
    assert [lines_about(cases, slug)[0].startswith(none) for slug in ("chirp", "flap")] == [
        False,
        True,
    ]


@pytest.fixture
def chirps_case():
    """A court decides over Chirp, after an organisation has complained."""
    chirp = make_platform("chirp", name="Chirp")
    reference = Reference.objects.create
    noyb = reference(slug="noyb", name="Rights (noyb)", kind="organisation", place="AT")
    court = reference(slug="a-court", name="A Court", kind="court", place="IE")
    acted(chirp, "A complaint", effect="complaint", by=[noyb])
    acted(chirp, "A ruling", effect="court-ruling", by=[court])
    return chirp


@pytest.mark.parametrize(
    ("prefix", "typed", "number"),
    [
        ("", "what came of the noyb complaint against Chirp, did a court act", "noyb (Austria): 1"),
        ("/de", "noyb chirp", "noyb (Österreich): 1"),
    ],
)
def test_who_complained_hides_no_act_of_a_court(client, chirps_case, prefix, typed, number):
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]")
    assert "A ruling" in cases.text
    assert number in cases.select_one(".acts-sum").text


def test_complaints_alone_are_shown_where_no_platform_is_named(client, chirps_case):
    page = BeautifulSoup(client.get("/search", {"q": "noyb"}).text, "lxml").main
    assert "A complaint" in page.text
    assert "A ruling" not in page.text


def test_who_complained_and_before_whom_is_set_apart_as_french_does():
    chirp = make_platform("chirp", name="Chirp")
    who = [
        Reference.objects.create(slug="birds", name="Birds", kind="organisation"),
        Reference.objects.create(slug="guard", name="Guard", kind="regulator"),
    ]
    acted(chirp, "Birds complain about Chirp", effect="complaint", by=who)
    with override("fr"):
        (act,) = acts_of_authorities([chirp]).whole.all.suits
        assert act.in_short == "Birds\u202f; Guard"


def test_an_act_is_decided_where_a_later_act_in_its_matter_has_a_result(client):
    chirp = make_platform("chirp", name="Chirp")
    use = make_use(chirp)
    inquiry = acted(chirp, "An inquiry", use=use)
    wider = acted(chirp, "The inquiry grows", use=use, follows=inquiry)
    finding = acted(chirp, "A finding", "Chirp broke the law.", use=use, follows=wider)
    acted(chirp, "Chirp returns", effect="resumed", use=use, follows=finding)
    other = acted(chirp, "Another inquiry", use=use)
    acted(chirp, "A finding about faces", "Faces.", topic="other", follows=other)
    acted(chirp, "A suit", effect="lawsuit", use=use)

    page = BeautifulSoup(client.get("/search", {"q": "acts against Chirp"}).text, "lxml")
    outcomes = {}
    for row in page.select(".acts-table tbody tr:not(.acts-head)"):
        what, outcome = row.select_one(".act-what").text, row.select("td")[-1].text
        outcomes[what.partition(" (")[0]] = " ".join(outcome.split())
    since = "Since then: A finding, 26 July 2024"
    assert outcomes == {
        "An inquiry": since,
        "The inquiry grows": since,
        "A finding": "Chirp broke the law.",
        "Another inquiry": ("No decision is on record. Later: A finding about faces, 26 July 2024"),
        "A finding about faces": "Faces.",
        "A suit": "No decision is on record.",
        "Chirp returns": "",
    }
    # On a phone a dot stands before an outcome; a step has none.
    assert len(page.select(".act-outcome")) == 6
    # On a phone a result stands for what was done; what came later does not.
    assert len(page.select("tr.decided")) == 2
    assert "with a result: 3 (of these fines: 0) · without a result: 1" in page.text


@pytest.fixture
def three_companies():
    """Chirp has an annulled fine about training, Flap two fines about faces, Gull has to pay."""
    office = Reference.objects.create(
        slug="office", name="Data Office (DO)", kind="regulator", place="IT"
    )
    chirp, flap, gull = (
        make_platform(name.lower(), name=name, operator=f"{name} Inc.")
        for name in ("Chirp", "Flap", "Gull")
    )
    use = make_use(chirp)
    acted(chirp, "A fine", "15 million euros; annulled in 2026.", use=use, by=[office])
    for number in range(6):
        acted(chirp, f"Order {number}", "Chirp has to stop.", use=use)
    acted(flap, "A fine for faces", "20 million euros.", topic="other")
    acted(flap, "Another fine for faces", "5.5 million euros; annulled.", topic="other")
    acted(gull, "A settlement", "Gull has to pay 2 million dollars.", topic="other")


@pytest.mark.parametrize(
    ("prefix", "typed", "chirps", "flaps", "gulls"),
    [
        (
            *("", "Which authorities acted against Chirp, Flap and Gull over AI training, fines?"),
            "Fines about training: Chirp: 15 million euros (annulled)"
            " · none on record: Flap and Gull.",
            "Other fines on record, not all: Chirp: none on record"
            " · Flap: 20 million euros; 5.5 million euros (annulled) · Gull: none on record.",
            "Other payments: Gull: 2 million dollars.",
        ),
        (
            *("/de", "Welche Behörden gingen gegen Chirp, Flap, Gull vor, KI-Training, Bußgelder?"),
            "Geldbußen zum Training: Chirp: 15 Mio. Euro (aufgehoben)"
            " · keine verzeichnet: Flap und Gull.",
            "Andere verzeichnete Geldbußen, nicht alle: Chirp: keine verzeichnet"
            " · Flap: 20 Mio. Euro; 5,5 Mio. Euro (aufgehoben) · Gull: keine verzeichnet.",
            "Andere Zahlungen: Gull: 2 Mio. Dollar.",
        ),
        (
            *("/fr", "Quelles autorités ont agi contre Chirp, Flap, Gull, entraînement, amendes ?"),
            "Amendes sur l’entraînement : Chirp : 15 M€ (annulée)"
            " · aucune consignée : Flap et Gull.",
            "Autres amendes consignées, pas toutes : Chirp : aucune consignée"
            " · Flap : 20 M€ ; 5,5 M€ (annulée) · Gull : aucune consignée.",
            "Autres paiements : Gull : 2 M$.",
        ),
    ],
)
def test_the_fines_of_each_of_several_companies_are_added_up_by_what_became_of_them(
    client, three_companies, prefix, typed, chirps, flaps, gulls
):
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]")
    sums = [" ".join(each.text.split()) for each in cases.select(".acts-sums")]
    assert sums == [chirps, flaps, gulls]
    assert cases.select(".fines") == []


def lines_about(cases, slug):
    """The lines of what came of acts about a company."""
    lines = cases.select_one(f"#acts-{slug}").find_next(class_="acts-lines").select("li")
    return [" ".join(each.text.split()) for each in lines]


def test_of_each_of_several_companies_the_weightiest_results_are_told_first(client):
    """A fine, an order, an undertaking, a ruling, other results, and open acts: each once."""
    place = {"kind": "regulator", "place": "IE"}
    bodies = {
        name: Reference.objects.create(slug=name.lower(), name=f"Office ({name})", **place)
        for name in ("FINES", "STOPS", "PAUSES", "RULES", "ADVISES", "ASKS", "LATE")
    }
    chirp, flap = (make_platform(name.lower(), name=name) for name in ("Chirp", "Flap"))
    use = make_use(chirp)
    for title, result, effect, body in (
        ("An inquiry", "", "regulator-action", "ASKS"),
        ("Advice", "Advice; nothing is decided.", "regulator-action", "ADVISES"),
        ("A ruling", "The request fails.", "court-ruling", "RULES"),
        ("A pause", "Training was put off.", "regulator-action", "PAUSES"),
        ("A stop", "Chirp had to stop; lifted later.", "regulator-action", "STOPS"),
        ("A second look", "No stop.", "regulator-action", "STOPS"),
        ("A fine", "15 million euros; annulled in 2026.", "regulator-action", "FINES"),
    ):
        act = acted(chirp, title, result, effect, by=[bodies[body]], use=use)
        if title == "A pause":
            act.effects = [effect, "postponed"]
            act.save()
    acted(flap, "An order", "Flap has to stop.")
    page = client.get("/search?q=Which authorities acted against Chirp and Flap, what came of it?")
    cases = BeautifulSoup(page.text, "lxml").select_one("[aria-labelledby=cases]")
    day = "26 Jul 2024"
    assert lines_about(cases, "chirp") == [
        f"FINES (Ireland), {day}: fine: 15 million euros; annulled in 2026.",
        f"PAUSES (Ireland), {day}: Training was put off.",
        f"STOPS (Ireland), {day}: Chirp had to stop; {day}: No stop.",
        f"RULES (Ireland), {day}: The request fails.",
        "Advice, requests and the like: ADVISES (Ireland), 2024.",
        "Not decided so far, about training: ASKS (Ireland), 2024.",
    ]
    assert lines_about(cases, "flap") == [
        f"None about training is on record. {day}: Flap has to stop."
    ]
    folded = cases.select_one("#acts-chirp").find_next("details")
    assert folded.summary.text == "List of all 7 (Chirp)"
    assert len(folded.select("tbody tr")) == 7


def test_beyond_the_room_decisions_about_training_have_short_lines_and_open_acts_share_one(
    client, three_companies
):
    chirp = Entry.objects.get(title="A fine").platforms.get()
    for number in range(30):
        body = Reference.objects.create(slug=f"b{number}", name=f"B{number}", kind="regulator")
        result = f"A finding of {number}: the data are of people who did not agree."
        acted(chirp, f"Act {number}", result * (number % 2), by=[body], use=chirp.uses.get())
    page = BeautifulSoup(client.get("/search?q=acts against Chirp, Flap and Gull").text, "lxml")
    *cases, still_open = lines_about(page, "chirp")
    assert still_open.startswith("Not decided so far, about training: B0, 2024; B2, 2024; ")
    assert len(re.findall(r"B\d+", still_open)) == 15
    assert len(re.findall(r"B\d+", " ".join(cases))) == 15
    assert "B27, 26 Jul 2024: A finding of 27." in cases


def test_of_what_is_not_decided_it_is_said_which_part_or_product_it_is_about(client):
    chirp = make_platform("chirp", name="Chirp", operator="Nest")
    lens = make_platform("lens", name="Lens", operator="Nest")
    make_platform("flap", name="Flap")
    for number, (platform, part) in enumerate([(chirp, ""), (chirp, "Robin"), (lens, "")]):
        body = Reference.objects.create(slug=f"b{number}", name=f"B{number}", kind="regulator")
        acted(platform, f"Act {number}", by=[body], use=make_use(platform, part=part))
    for number in range(6):
        acted(chirp, f"Order {number}", "Chirp has to stop.", use=chirp.uses.first())
    page = BeautifulSoup(client.get("/search?q=acts against Nest and Flap").text, "lxml")
    assert lines_about(page, "nest")[-1] == (
        "Not decided so far, about training: B0, 2024 (Chirp); B1, 2024 (Robin); B2, 2024 (Lens)."
    )


@pytest.mark.parametrize(
    ("prefix", "typed", "unpaid"),
    [
        (
            *("", "Which authorities fined Chirp or Flap?"),
            "Chirp: 7 million euros; 25.2 million euros (reported as unpaid in October 2025)",
        ),
        (
            *("/de", "Welche Behörden haben Chirp oder Flap bestraft?"),
            "Chirp: 7 Mio. Euro; 25,2 Mio. Euro (reported as unpaid in October 2025)",
        ),
    ],
)
def test_fines_that_are_reported_as_unpaid_are_added_up_apart(client, prefix, typed, unpaid):
    chirp, flap = (make_platform(name.lower(), name=name) for name in ("Chirp", "Flap"))
    for amount in ("20 million euros; no more", "5.2 million euros; a"):
        acted(chirp, f"{amount} fine", f"{amount} stop; reported as unpaid in October 2025.")
    acted(chirp, "A paid fine", "7 million euros.")
    acted(flap, "An order", "Flap has to stop.")
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    sums = " ".join(page.select(".acts-sums")[1].text.split())
    assert unpaid in sums
    assert "unpaid" not in " ".join(lines_about(page, "chirp"))


def test_a_case_tells_what_came_of_it_in_turn(client):
    """Who acts later is named, who only complained is not, and what came later is said once."""
    place = {"kind": "regulator", "place": "IE"}
    guard, court = (
        Reference.objects.create(slug=name.lower(), name=f"Office ({name})", **place)
        for name in ("GUARD", "COURT")
    )
    birds = Reference.objects.create(slug="birds", name="Birds", kind="organisation")
    chirp, flap = (make_platform(name.lower(), name=name) for name in ("Chirp", "Flap"))
    use = make_use(chirp)

    def on_day(day, *act, **fields):
        entry = acted(chirp, *act, use=use, **fields)
        Entry.objects.filter(pk=entry.pk).update(effective_on=dt.date(2024, 1, day))
        return entry

    first = on_day(
        1, "A ban", "Chirp has to stop; the ban ended on 9 January 2024.", by=[guard, birds]
    )
    on_day(2, "A letter", "A reminder.", by=[guard], follows=first)
    on_day(9, "The end", "No stop: clearer notices; nothing else.", by=[guard], follows=first)
    fine = on_day(3, "A fine", "5 million euros; annulled on 4 January 2024.", by=[court])
    on_day(4, "A ruling", "The fine is annulled; nothing else.", by=[guard], follows=fine)
    acted(flap, "An order", "Flap has to stop.")
    page = BeautifulSoup(client.get("/search?q=Who acted against Chirp and Flap?").text, "lxml")
    assert lines_about(page, "chirp") == [
        "COURT (Ireland), 3 Jan 2024: fine: 5 million euros;"
        " GUARD (Ireland), 4 Jan 2024: The fine is annulled.",
        "GUARD (Ireland), 1 Jan 2024: Chirp has to stop; 9 Jan 2024: No stop: clearer notices.",
    ]


def test_what_ended_or_limits_a_result_is_told_with_it(client):
    """Of an order that ended in a year of which no other act tells, and of a ruling in between."""
    guard = Reference.objects.create(slug="guard", name="Guard", kind="regulator")
    chirp, flap = (make_platform(name.lower(), name=name) for name in ("Chirp", "Flap"))
    order = acted(
        *(chirp, "A ban", "Chirp has to stop; it came back on 28 April 2023; it paid."),
        by=[guard],
        use=make_use(chirp),
    )
    acted(
        *(
            chirp,
            "A ruling",
            "The ban is lifted; nothing is decided about training.",
            "court-ruling",
        ),
        by=[guard],
        use=chirp.uses.get(),
        follows=order,
    )
    acted(flap, "An order", "Flap has to stop.")
    page = BeautifulSoup(client.get("/search?q=Who acted against Chirp and Flap?").text, "lxml")
    assert lines_about(page, "chirp") == [
        "Guard, 26 Jul 2024: Chirp has to stop; it came back on 28 April 2023;"
        " 26 Jul 2024: The ban is lifted; nothing is decided about training."
    ]


def test_a_share_of_a_company_that_people_get_is_among_the_payments(client):
    chirp, flap = (make_platform(name.lower(), name=name) for name in ("Chirp", "Flap"))
    result = "A share of 23 percent, estimated at 51.75 million dollars; some appealed in 2025."
    acted(chirp, "A settlement", result, "court-ruling")
    acted(flap, "Another one", "Flap has to pay 2 million dollars.", "court-ruling")
    page = BeautifulSoup(client.get("/search?q=Fines against Chirp and Flap?").text, "lxml")
    sums = [" ".join(each.text.split()) for each in page.select(".acts-sums")]
    assert sums[2] == f"Other payments: Chirp: {result} Flap: 2 million dollars."


@pytest.mark.parametrize(
    ("prefix", "typed", "note"),
    [
        (
            *("", "Which inquiries into Chirp are still open?"),
            "Only those without a decision on record are here.",
        ),
        (
            *("/de", "Welche Verfahren gegen Chirp laufen noch?"),
            "Hier stehen nur die, zu denen keine Entscheidung verzeichnet ist.",
        ),
        (
            *("/fr", "Quelles enquêtes sur Chirp sont encore ouvertes ?"),
            "Ne figurent ici que ceux sans décision consignée.",
        ),
    ],
)
def test_who_asks_what_is_still_open_gets_no_act_that_is_decided(client, prefix, typed, note):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "An inquiry")
    acted(chirp, "A fine", "7.5 million pounds.")
    acted(chirp, "A suit", effect="lawsuit")

    def cases():
        page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
        return page.select_one("[aria-labelledby=cases]").parent.text

    assert note in cases()
    assert "An inquiry" in cases()
    assert "A suit" in cases()
    assert "A fine" not in cases()
    Entry.objects.exclude(title="A fine").delete()
    assert note not in cases()
    assert "A fine" in cases()


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "Which suits against Chirp are pending?"),
        ("", "Did the fine against Chirp stand?"),
        ("", "What settlement did Chirp reach with Texas?"),
        ("", "How much has Chirp paid over face recognition?"),
        ("/de", "Gibt es eine Sammelklage gegen Chirp?"),
        ("/de", "Hat Chirp einen Vergleich geschlossen?"),
        ("/fr", "Y a-t-il un recours collectif contre Chirp ?"),
    ],
)
def test_suits_fines_and_settlements_ask_for_acts(client, prefix, typed):
    acted(make_platform("chirp", name="Chirp"), "An inquiry")
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    cases = BeautifulSoup(page.text, "lxml").select_one("[aria-labelledby=cases]")
    assert "An inquiry" in cases.text


def test_an_act_whose_title_names_a_part_concerns_the_product_of_that_name(client):
    chirp = make_platform("chirp", name="Chirp", parts=["Robin"])
    make_platform("robin", name="Robin (Nest)")
    acted(chirp, "An inquiry into Robin on Chirp", topic="other")
    acted(chirp, "An inquiry into Chirp", topic="other")
    page = client.get("/search", {"q": "What did regulators do about Robin?"})
    cases = BeautifulSoup(page.text, "lxml").select_one("[aria-labelledby=cases]")
    assert "An inquiry into Robin on Chirp" in cases.text
    assert "An inquiry into Chirp" not in cases.text
    assert "Included are acts about Chirp that also concern Robin (Nest)." in cases.text


@pytest.mark.parametrize(
    ("prefix", "typed", "note"),
    [
        (
            *("", "Which companies had to delete models?"),
            "Only those are here whose result on record speaks of deletion as asked.",
        ),
        (
            *("/de", "Welche Firmen mussten Modelle löschen?"),
            "Hier stehen nur die, deren verzeichnetes Ergebnis von einer solchen Löschung spricht.",
        ),
        (
            *("/fr", "Quelles entreprises ont dû supprimer des modèles ?"),
            "Ne figurent ici que ceux dont le résultat consigné parle d’une telle suppression.",
        ),
    ],
)
def test_who_asks_who_had_to_delete_models_gets_the_acts_that_ordered_it(
    client, prefix, typed, note
):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "An order", "Chirp has to delete the videos and models made from them.")
    acted(chirp, "Another order", "Chirp has to delete faces.")
    acted(chirp, "An inquiry")
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]").text
    assert note in cases
    assert "videos and models" in cases
    assert "faces" not in cases
    assert "An inquiry" not in cases
    every = client.get("/search", {"q": "Who was ordered to delete anything?"})
    assert "Another order" in every.text
    assert "An inquiry" not in every.text
