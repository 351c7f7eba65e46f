"""For whom and of what a file speaks: plans, parts, ages, groups, reasons, earlier data."""

import datetime as dt

import pytest

from consent.declarations import check, export_catalog, load_catalog, read_catalog
from consent.ledger.facts import facts_of_all
from consent.vocabulary import Basis, Earlier, Friction, People, PlanKind, StateValue, Why
from platforms.declarations import CatalogError
from platforms.models import Platform
from tests.consent.declarations.conftest import FIRST_SOURCE
from tests.consent.declarations.test_catalog_export import wipe

TODAY = dt.date(2025, 6, 1)
PLANS = """\
plans:
  complete: true
  list:
  - {name: Free, people: [personal], paid: false}
  - {name: Pro, aliases: [Premium], people: [personal], paid: true, since: '2024-02',
     until: '2025-04-01'}
  - {name: Work, includes: [Team, Enterprise], people: [organisation], paid: true}
  - {name: Team, people: [organisation], former: true}
  - {name: Enterprise, people: [organisation], kind: contract}
  - {name: Chirp API, people: [personal, organisation], kind: api}
parts: [Chirp Studio, Chirp Live]
min_age:
  age: 13
  source: https://chirp.example/terms
  at_school: {source: 'https://chirp.example/schools'}
pages:
"""
#: What the records of a file say with these keys, beside what they say already.
SCOPED = (
    ("chirp", "pages:\n", PLANS),
    (
        "chirp",
        "  title_if_not: Your posts train no model\n",
        "  title_if_not: Your posts train no model\n"
        "  short: {en: public posts, de: öffentliche Beiträge, fr: publications publiques}\n"
        "  part: Chirp Studio\n",
    ),
    (
        "chirp",
        f"  states:\n  - value: not-used\n{FIRST_SOURCE}",
        "  plans: [Free, Pro]\n"
        "  who: {narrows: people who post in English}\n"
        "  adults: true\n"
        "  states:\n"
        "  - value: unclear\n"
        "    why: not-said\n"
        "  - value: not-used\n"
        "    since: '2023'\n"
        "    basis: stated\n"
        "    said_by: Chirp Labs\n"
        "    sources: [{url: 'https://labs.example', publisher: Chirp Labs, date: '2023'}]\n",
    ),
    (
        "chirp",
        "    opened_by: chirp-2025-03-01-default-off\n",
        "    opened_by: chirp-2025-03-01-default-off\n    earlier: stays-in-use\n",
    ),
    ("chirp", "  reach: future-only\n", "  reach: future-only\n  frictions: [only-at-times]\n"),
)


@pytest.fixture
def scoped(folder):
    for name, old, new in SCOPED:
        folder.replace(name, old, new)
    return folder


def problems(folder):
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder.path)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.django_db
def test_a_file_reaches_the_facts_that_answers_are_made_from(scoped):
    load_catalog(scoped.path)
    chirp = next(facts for facts in facts_of_all().values() if facts.slug == "chirp")

    assert [plan.name for plan in chirp.plans] == [
        *("Free", "Pro", "Work", "Team", "Enterprise", "Chirp API")
    ]
    _free, pro, work, team, enterprise, api = chirp.plans
    assert (pro.aliases, pro.paid, pro.people) == (("Premium",), True, (People.PERSONAL,))
    assert (pro.since, pro.until) == (dt.date(2024, 2, 1), dt.date(2025, 4, 1))
    assert (work.includes, team.former, team.paid) == (("Team", "Enterprise"), True, None)
    assert (enterprise.kind, api.kind) == (PlanKind.CONTRACT, PlanKind.API)
    assert (chirp.plans_complete, chirp.parts, chirp.min_age) == (
        True,
        ("Chirp Studio", "Chirp Live"),
        13,
    )
    assert Platform.objects.get(slug="chirp").says_of_school == chirp.name
    [use] = chirp.uses
    assert dict(use.short)["de"] == "öffentliche Beiträge"
    [branch] = use.branches
    assert (branch.who, branch.who_narrows, branch.adults) == (
        *("people who post in English", True, True),
    )
    unclear, not_used, on, off = branch.states
    assert (unclear.why, unclear.basis, unclear.said_by) == (Why.NOT_SAID, None, "")
    assert (not_used.basis, not_used.said_by) == (Basis.STATED, "Chirp Labs")
    assert (on.earlier, on.basis) == (None, Basis.STATED)  # that of its entry
    assert (off.value, off.earlier) == (StateValue.ONLY_IF_AGREED, Earlier.STAYS_IN_USE)
    [control] = chirp.controls
    assert (control.only_at_times, control.needs_payment) == (True, False)


@pytest.mark.django_db
def test_it_comes_back_byte_for_byte_from_the_database(scoped, tmp_path):
    load_catalog(scoped.path)
    first, second = tmp_path / "first", tmp_path / "second"
    export_catalog(first)
    wipe()
    load_catalog(first)
    export_catalog(second)

    written = (first / "chirp.yaml").read_text()
    assert written == (second / "chirp.yaml").read_text()
    assert read_catalog(first).uses == read_catalog(scoped.path).uses
    assert read_catalog(first).platforms == read_catalog(scoped.path).platforms
    assert load_catalog(scoped.path).conflicts == []


@pytest.mark.django_db
def test_who_in_other_words_narrows_nothing(scoped):
    scoped.replace("chirp", "narrows:", "names:")
    load_catalog(scoped.path)
    chirp = next(facts for facts in facts_of_all().values() if facts.slug == "chirp")

    assert not chirp.uses[0].branches[0].who_narrows


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("plans: [Free, Pro]", "plans: [Fre]", "no plan 'Fre'; did you mean 'Free'?"),
        ("plans: [Free, Pro]", "plans: [Premium]", "no plan 'Premium'; the list calls it 'Pro'"),
        (
            "plans: [Free, Pro]",
            "plans: [Enterprise]",
            "the plan 'Enterprise' is for organisation, but this is for personal",
        ),
        ("part: Chirp Studio", "part: Chirp Stud", "did you mean 'Chirp Studio'?"),
        ("includes: [Team,", "includes: [Teem,", "Work includes 'Teem'; name another plan of it"),
        ("aliases: [Premium]", "aliases: [free]", "the name 'free' is there twice"),
        ("until: '2025-04-01'", "until: '2024-01'", "ends 2024-01, not after it begins"),
        ("{narrows: people who", "{names: a, narrows: people who", "one of the two"),
        (
            "who: {narrows: people who post in English}",
            "who: people who post in English",
            "write who: {names: …} if these are the people and plans in other words",
        ),
        (
            "adults: true",
            "adults: true\n  people: [personal, minors]",
            "adults only, and of mino",
        ),
        ("why: not-said", "why: not-sad", "did you mean 'not-said'?"),
        ("since: '2023'\n", "since: '2023'\n    why: not-said\n", "only unclear has a why"),
        ("    earlier: stays", "    earlier: gon", "is not in the list"),
        (
            "opened_by: chirp-2024-07-default-on\n",
            "opened_by: chirp-2024-07-default-on\n    earlier: gone\n",
            "has earlier, but is unless-refused",
        ),
        (
            "since: '2023'\n",
            "since: '2023'\n    earlier: gone\n",
            "before which data was neither used nor agreed to",
        ),
        ("fr: publications publiques", "fr: ''", "short.fr"),
        ("de: öffentliche Beiträge", "de: " + "öffentliche " * 3 + "Beiträge", "short.de"),
        ("frictions: [only-at-times]", "frictions: [hidden]", "hidden is not of controls"),
        ("age: 13", "age: 130", "min_age.age"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(scoped, old, new, problem):
    scoped.replace("chirp", old, new)

    assert problem in "\n".join(problems(scoped))


def test_earlier_data_needs_a_source(scoped):
    scoped.replace("chirp", "    opened_by: chirp-2025-03-01-default-off\n    earl", "    earl")

    [problem] = problems(scoped)
    assert "has earlier without a source; add opened_by or sources" in problem


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "chirp",
            "  states:\n  - value: not-used",
            "  plans: [Pro]\n  states:\n  - value: not-used",
        ),
        ("chirp", "  minutes: 2\n", "  minutes: 2\n  plans: [Pro]\n"),
        ("chirp", "  reach: future-only\n", "  reach: future-only\n  offered: [{plans: [Pro]}]\n"),
        ("duck", "  people: [personal]\n  eff", "  people: [personal]\n  plans: [Pro]\n  eff"),
    ],
)
def test_no_record_names_a_plan_of_a_platform_without_a_list(folder, name, old, new):
    folder.replace(name, old, new)

    line = folder.line_of(name, "plans: [Pro]")
    [problem] = problems(folder)
    assert problem.startswith(f"{name}.yaml:{line} ")
    assert "no list of plans is on record; add plans to the platform" in problem


def test_an_entry_of_several_platforms_names_plans_of_each_of_them(folder):
    folder.replace(
        "duck", "  people: [personal]\n  eff", "  people: [personal]\n  plans: [Pro]\n  eff"
    )
    folder.replace("goose", "uses:\n", "plans: {list: [{name: Pro, people: [personal]}]}\nuses:\n")

    assert read_catalog(folder.path).entries["duck-2024-use"].plans == ("Pro",)


def warnings(folder, *changes):
    for change in changes:
        folder.replace(*change)
    findings = check(read_catalog(folder.path), today=TODAY)
    assert [str(finding) for finding in findings if finding.error] == []
    return [str(finding) for finding in findings]


OTHER = """\
- slug: other
  title: Your other data train Duck's model
  title_if_not: Your other data train no model
  purpose: training
  covers: Other data
  data_kinds: [profile]
  states:
  - value: {value}
    basis: stated
    {more}sources:
    - {{url: 'https://duck.example', publisher: Duck, date: '2024'}}
entries:
"""
OFF = ("duck", "value: no-way-out", "value: unclear")


def test_an_unclear_state_is_asked_why(folder):
    assert "warning: duck/chats: is unclear since the beginning; say why, if pages were read" in (
        warnings(folder, ("duck", "      why: reports-only\n", ""))
    )


def test_what_a_state_rests_on_is_asked_for_whole(folder):
    found = warnings(folder, ("duck", "      basis: reported\n", ""))
    assert "warning: duck/chats: unclear has sources, but no basis" in found
    source = "- {url: 'https://news.example/eea', publisher: The News, date: '2024'}"
    sources = f"      sources:\n      {source}\n"
    found = warnings(folder, ("duck", sources, "      basis: reported\n"))
    assert "warning: duck/chats: unclear has a basis, but no source" in found


def test_a_first_use_that_is_not_on_beside_one_that_is_needs_a_reason(folder):
    other = OTHER.format(value="not-used", more="")
    folder.replace("goose", "uses:\n", "uses:\n" + other.removesuffix("entries:\n"))
    lead = "warning: goose/other: comes first and is not on, but chats is; give the reason in its "
    assert any(finding.startswith(lead) for finding in warnings(folder))
    reason = ("goose", "  covers: Other data\n", "  covers: Other data\n  note: Most people.\n")
    assert not any(finding.startswith(lead) for finding in warnings(folder, reason))


def test_uses_that_an_answer_names_one_by_one_need_short_phrases(folder):
    other = OTHER.format(value="not-used", more="").removesuffix("entries:\n")
    folder.replace("goose", "uses:\n", "uses:\n" + other)
    asked = [each for each in warnings(folder) if each.endswith("differs by use; add short")]

    assert [each.split(": ")[1] for each in asked] == ["goose/other", "goose/chats"]


def test_uses_that_never_meet_need_no_short_phrases(folder):
    other = OTHER.format(value="not-used", more="").removesuffix("entries:\n")
    other = other.replace("  states:", "  people: [organisation]\n  states:")
    folder.replace("goose", "uses:\n", "uses:\n" + other)

    assert not [each for each in warnings(folder) if "short" in each]


def test_a_plan_is_asked_for_whom_it_is(folder):
    found = warnings(folder, ("goose", "uses:\n", "plans: {list: [{name: Pro}]}\nuses:\n"))

    assert "warning: goose: plans without people: Pro" in found


@pytest.mark.django_db
def test_a_friction_of_a_control_is_one_of_its_guide(scoped, client):
    load_catalog(scoped.path)

    page = client.get("/guides/chirp-training").text
    assert str(Friction.ONLY_AT_TIMES.label) in page
