"""Questions in a reader's own words: fines, rumours, work against free, accounts of schools."""

import pytest
from bs4 import BeautifulSoup

from consent.ledger.asked_place import asked_place
from consent.search.plain_words import words
from platforms.models import Platform
from tests.sweeps import some

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_catalog"),
    pytest.mark.few_cases,
]
#: Rows of a table of acts that courts and regulators did; those of others are below a heading.
OWN_ACTS = "tbody:not(:has(.acts-head)) tr"


def page(client, question, address="/answers", **more):
    response = client.get(address, {"q": question, **more}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml").select_one("main")


def headings(main):
    return [heading["id"] for heading in main.select("h2[id]")]


@pytest.mark.parametrize(
    "question",
    [
        "free chatgpt vs the company version my employer pays for, same for claude",
        "kostenloses ChatGPT oder die Firmenversion, dasselbe bei Claude",
        "chatgpt gratuit ou la version entreprise, et claude",
    ],
)
def test_free_is_weighed_against_work_for_each_service(client, question):
    main = page(client, question)
    assert [name.text for name in main.select(".box-name")] == ["ChatGPT"] * 2 + ["Claude"] * 2
    answers = [answer.text for answer in main.select(".box-answer")]
    assert "(Free)" in answers[0]
    assert "(Free)" in answers[2]
    assert "organisations" in answers[1]
    assert "organisations" in answers[3]
    (compare,) = [link["href"] for link in main.select("a") if "/compare" in link["href"]]
    columns = BeautifulSoup(client.get(compare).text, "lxml").select("thead th")
    assert [column.text.strip() for column in columns if column.text.strip()] == [
        *("ChatGPT · Free", "ChatGPT · organisations", "Claude · Free", "Claude · organisations"),
    ]


def test_the_work_version_alone_is_weighed_against_free(client):
    main = page(client, "is the work version of claude safer than the free one?")
    free, work = [answer.text for answer in main.select(".box-answer")]
    assert "(Free)" in free
    assert "organisations" in work


@pytest.mark.parametrize(
    "question",
    some(
        [
            "my friend posted that thing on facebook saying meta is not allowed to use her photos, "
            "does that work?",
            "does posting that you forbid facebook to use your photos work?",
            "is that copy and paste message on facebook against meta ai legal?",
            "facebook status declaration privacy hoax",
            "Hilft der Kettenbrief auf Facebook gegen Meta?",
            "Hilft ein Statuspost gegen die KI von Meta?",
            "le message à copier-coller sur facebook contre meta, est-ce valable ?",
        ],
        3,
    ),
)
def test_the_rumour_of_the_forbidding_post_is_answered_by_its_claim_first(client, question):
    main = page(client, question)
    first = main.select_one("#claims, .box-name, #platforms")
    assert first["id"] == "claims"
    assert main.select_one(".hit-title")["href"].startswith("/claims/forbidding-post")


@pytest.mark.parametrize(
    "question",
    some(
        [
            "which posting times does facebook prefer",
            "does youtube train on my channel",
            "facebook posts",
            "nutzt facebook mein posting",
            "facebook utilise-t-il mes annonces",
        ],
        2,
    ),
)
def test_other_questions_about_posts_begin_with_no_claim(client, question):
    main = page(client, question)
    assert main.select_one("#claims, .box-name, #platforms").get("id") != "claims"


@pytest.mark.parametrize(
    ("question", "claim"),
    some(
        [
            ("is slack feeding our messages to ai", "slack-trains-on-messages"),
            ("trainiert slack ki mit unseren nachrichten", "slack-trains-on-messages"),
            ("linkedin private messages lawsuit", "linkedin-trained-on-private-messages"),
            ("advanced chat privacy whatsapp needed against ai?", "whatsapp-reads-all-chats"),
            ("chatgpt payant entraîne-t-il", "paying-for-chatgpt-stops-training"),
            ("is the opt out retroactive", "opting-out-takes-back"),
            ("does that goodbye meta ai post do anything", "forbidding-post"),
            (
                "is it true linkedin gave private inmails to ai",
                "linkedin-trained-on-private-messages",
            ),
            ("le message à copier sur facebook est-il efficace contre meta ?", "forbidding-post"),
        ],
        4,
    ),
)
def test_a_claim_is_found_in_other_words_than_its_own(client, question, claim):
    links = [link["href"] for link in page(client, question).select("#claims ~ ul .hit-title")]
    assert any(claim in link for link in links)


def test_the_first_claim_that_is_found_gives_its_reason(client):
    main = page(client, "is it true that global privacy control opts me out")
    assert headings(main)[0] == "claims"
    assert "sharing and advertising" in main.select_one(".claim-rating ~ p").text


@pytest.mark.parametrize(
    "question",
    some(
        [
            "has anyone fined meta, x or clearview over ai training",
            "which watchdogs went after meta",
            "wer hat Meta und X bestraft",
            "Bußgeld gegen Clearview",
            "meta, x et clearview condamnés ?",
        ],
        3,
    ),
)
def test_who_was_fined_is_answered_by_acts(client, question):
    main = page(client, question)
    assert headings(main)[0] == "cases"
    assert len(main.select("section[aria-labelledby=platforms] .hit")) <= 1
    counted = main.select_one(".result-count").get_text()
    listed = len(main.select(f".acts-table:not(.fines) {OWN_ACTS}"))
    assert counted.startswith(f"{listed} ac")  # of acts, not of platforms, and without suits
    assert "Nothing found" not in main.text


@pytest.mark.parametrize(
    ("language", "question", "who"),
    some(
        [
            ("", "Irish Data Protection Commission decision on Meta AI training", "DPC"),
            ("", "PIPC DeepSeek", "PIPC"),
            ("", "dutch data protection authority clearview", "AP"),
            ("", "Privacy Commissioner of Canada and X", "OPC"),
            ("/de", "irische Datenschutzbehörde und X", "DPC"),
            ("/de", "Hamburgischer Datenschutzbeauftragter Meta", "HmbBfDI"),
            ("/de", "EDÖB X", "EDÖB"),
            ("/fr", "commission irlandaise de protection des données et Meta", "DPC"),
            ("/fr", "le CEPD et X", "CEPD"),
        ],
        4,
    ),
)
def test_an_authority_that_is_named_leads_to_its_acts(client, language, question, who):
    main = page(client, question, f"{language}/answers")
    assert headings(main)[0] == "cases"
    named = main.select_one("#cases ~ p.small")
    assert f"({who})" in named.text
    assert named.a["href"].startswith("https://")
    assert main.select(".act, .acts-table")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What has the BfDI done about Meta?", "acts of others about it"),
        ("Did the HDPA act against Zoom?", "are about others"),
        ("Has the PDPC acted?", "No act of PDPC (Singapore) about this is on record here."),
    ],
)
def test_what_an_authority_did_not_do_is_said_before_what_others_did(client, question, words):
    main = page(client, question)
    assert words in " ".join(main.select_one("#cases + p").text.split())
    assert bool(main.select(".act, .acts-table")) is ("others" in words)


@pytest.mark.parametrize(
    ("language", "question"),
    some(
        [
            ("", "How do I complain to the DPC about LinkedIn?"),
            ("", "how do I opt out of LinkedIn, as the ICO advises?"),
            ("", "Which authority is in charge of LinkedIn?"),
            ("/de", "Wo kann ich mich beim BfDI über LinkedIn beschweren?"),
            ("/de", "Wie widerspreche ich bei LinkedIn, wenn noyb recht hat?"),
            ("/fr", "porter plainte auprès de la CNIL contre LinkedIn"),
            ("/fr", "Comment refuser chez LinkedIn selon la CNIL ?"),
        ],
        3,
    ),
)
def test_who_asks_for_a_way_beside_an_authority_gets_the_answer(client, language, question):
    main = page(client, question, f"{language}/answers")
    assert main.select_one(".box-name").text == "LinkedIn"
    assert "cases" not in headings(main)


def test_acts_against_several_companies_are_counted_and_listed_for_each(client):
    main = page(client, "Which authorities acted against Meta, X or Clearview, with what result?")
    headings = main.select("#cases ~ .acts-group > h3")
    assert {each.text for each in headings} == {"Meta", "X", "Clearview AI"}
    for heading in headings:
        assert main.select_one(f".acts-sums a[href='#{heading['id']}']").text == heading.text
        folded = heading.find_next_sibling("details")
        total = len(folded.select("tbody tr:not(.acts-head)"))
        assert folded.summary.text.startswith(f"List of all {total} ")
        assert len(heading.find_next_sibling(class_="acts-lines").select("li")) > 2


@pytest.mark.parametrize(
    "question",
    some(
        [
            "my students use chatgpt and gemini with their school logins",
            "chatgpt and gemini with a school email",
            "class accounts on chatgpt and gemini",
            "ChatGPT und Gemini mit dem Schul-Login",
            "chatgpt et gemini avec le compte du lycée",
        ],
        2,
    ),
)
def test_accounts_of_a_school_are_those_of_an_organisation(client, question):
    main = page(client, question)
    assert "Answers for accounts of a school" in main.text
    assert "organisation" in main.select_one(".box-answer").text


@pytest.mark.parametrize(
    "question",
    [
        "X: did they tell anyone?",
        "was it announced on X",
        "Hat X das jemandem gesagt?",
        "X a-t-il prévenu quelqu'un ?",
    ],
)
def test_whether_people_were_told_is_in_the_answer(client, question):
    lines = [line.text for line in page(client, question).select(".box-first")]
    assert lines[0].startswith("Announced 30 August 2023")
    assert any("People were not told (7 May 2024)" in line for line in lines)
    assert any("Came to light 26 July 2024" in line for line in lines)


def test_how_people_were_told_is_beside_the_change_on_the_page_of_a_platform(client):
    main = page(client, "", "/platforms/x")
    since = main.select_one("#grok-training > .branch")
    assert "checkbox against Grok" in since.text
    assert "People were not told" in since.text


@pytest.mark.parametrize(
    ("question", "names", "first"),
    [
        (
            "does Google read our company email to train Gemini",
            {"Gmail & Google Workspace", "Google Gemini"},
            "",
        ),
        ("who is behind Grok on X", {"X", "Grok (xAI)"}, "Who trains: SpaceXAI (owner: SpaceX"),
        (
            "wer steckt hinter Grok",
            {"Grok (xAI)"},
            "Who runs Grok (xAI): SpaceXAI LLC (owner: SpaceX since 2 February 2026, before that",
        ),
        (
            "who trains on my x posts",
            {"X"},
            "Who trains: SpaceXAI (owner: SpaceX since 2 February 2026, before that xAI Holdings",
        ),
    ],
)
def test_who_reads_and_who_trains_is_told_of_all_that_is_meant(client, question, names, first):
    main = page(client, question)
    assert {each.text for each in main.select(".box-name")} == names
    if first:
        assert main.select_one(".box-first").text.startswith(first)


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("xAI", "Grok (xAI)"),
        ("SpaceXAI", "Grok (xAI)"),
        ("does X.AI LLC train on my chats", "Grok (xAI)"),
        ("Twitter", "X"),
        ("X Corp", "X"),
    ],
)
def test_names_of_a_company_before_and_today_lead_to_its_platform(client, name, platform):
    main = page(client, name)
    assert main.select_one(".box-name").text == platform


def test_who_runs_a_platform_is_told_in_the_language_of_the_page(client):
    main = page(client, "wem gehört x", "/de/answers")
    told = " ".join(each.text for each in main.select(".box-first"))
    assert "X Corp. (Eigentümer: SpaceX seit 2. Februar 2026, davor xAI Holdings seit" in told
    assert main.select_one(".box-first strong").text == "Wer trainiert: SpaceXAI"
    assert (
        "Betreiber: X Corp. (Eigentümer: SpaceX seit 2. Februar 2026"
        in page(client, "", "/de/platforms/x").text
    )


@pytest.mark.parametrize(
    "question",
    [
        "is the paid ChatGPT for firms safer than the free one",
        "ist das bezahlte ChatGPT für Firmen sicherer als das kostenlose",
        "chatgpt payant pour les entreprises ou la version gratuite",
    ],
)
def test_what_firms_pay_for_is_weighed_against_the_free_plan(client, question):
    free, work = [answer.text for answer in page(client, question).select(".box-answer")]
    assert "(Free)" in free
    assert "organisations" in work


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("I have LinkedIn and live in Sao Paulo", "Brazil"),
        ("I have LinkedIn and live in São Paulo", "Brazil"),
        ("Facebook in Bayern", "Germany"),
        ("Instagram aus Nordrhein-Westfalen", "Germany"),
    ],
)
def test_a_part_of_a_country_is_in_that_country(client, question, place):
    response = client.get("/answers", {"q": question}, headers={"accept-language": "en-US"})
    main = BeautifulSoup(response.text, "lxml").main
    assert f"Answers for people in {place}" in main.text
    assert not main.select(".box-place")


def test_a_group_of_countries_with_several_names_is_named_by_all(client):
    main = page(client, "LinkedIn in the EEA")
    assert "Answers for people in the EU and EEA." in main.text


@pytest.mark.parametrize(
    "question", ["Snapchat in most cases", "is Slack for sale", "zoom in store", "Meta in general"]
)
def test_words_that_are_places_somewhere_name_none(client, question):
    assert "Answers for people in" not in page(client, question).text


@pytest.mark.parametrize(
    "question",
    ["how do I stop the alert mails", "Wie kann ich die Mails abbestellen?", "me désabonner"],
)
def test_who_wants_no_more_mails_comes_to_the_page_that_ends_them(client, question):
    response = client.get("/answers", {"q": question}, follow=True)
    assert response.request["PATH_INFO"] == "/alerts"


def test_who_wants_a_service_to_read_no_mails_stays_with_its_answer(client):
    main = page(client, "stop Gmail from scanning my mails")
    assert main.select_one(".box-name").text == "Gmail & Google Workspace"


def test_no_name_of_a_service_is_read_as_a_part_of_a_country():
    spelled = {
        " ".join(words(name))
        for platform in Platform.objects.listed()
        for name in (platform.name, *platform.aliases)
    }
    assert not [name for name in spelled if asked_place(["slack", "in", *name.split()]).code]


def test_a_year_long_ago_is_told_as_a_year(client):
    main = page(
        client, "remember the Zoom fuss three years ago - are they still training on meetings?"
    )
    days = [" ".join(day.text.split()) for day in main.select(".box-day")]
    assert any(day.startswith("From 7 August 2023") for day in days)
    heads = [each.text for each in main.select(".box-line .small-head")]
    assert heads == ["Today"]


def test_code_that_is_given_to_codex_is_answered_for_beside_that_of_others(client):
    compared = BeautifulSoup(client.get("/compare?p=claude&p=chatgpt").text, "lxml")
    heads = compared.select(".compared-platforms th[scope=row]")
    (row,) = [each.parent for each in heads if "code" in each.text.lower().replace(",", "").split()]
    answers = [cell.get_text(" ", strip=True) for cell in row.select("td")]
    assert all(each.startswith("Yes, unless you opt out") for each in answers)


def test_when_chats_are_gone_is_told_of_each_guide_to_delete_them(client):
    told = page(client, "Can I delete my Grok conversations and when are they gone?", "/answers")
    *lines, of_training = [
        line.text for line in told.select(".box-first") if "Deleting" in line.text
    ]
    assert len(lines) == 2
    assert all("within 30 days" in line for line in lines)
    assert "already used for training is not said" in of_training


def test_linkedin_in_brazil_is_told_no_data_that_its_list_names_for_other_places(client):
    told = " ".join(page(client, "", "/platforms/linkedin", place="BR").text.split())
    assert "Data: public posts, usage and feedback and profile" in told
    assert "Whether LinkedIn uses the further data of its list of autumn 2025 here is not" in told
    assert "group messages" in page(client, "", "/platforms/linkedin", place="DE").text


def test_a_german_reads_what_an_objection_at_meta_covers_and_no_limits_of_other_places(client):
    for slug in ("facebook-object-to-ai-training", "instagram-object-to-ai-training"):
        guide = page(client, "", f"/de/guides/{slug}", place="DE")
        limits = " ".join(guide.select_one(".caveat").text.split())
        assert "begann das Training am 27. Mai 2025" in limits
        assert "hält nur heraus, was nach ihm veröffentlicht wird" in limits
        for part in (".caveat", ".guide-control", "#steps"):
            told = guide.select_one(part).text
            assert not [name for name in ("Brasil", "Korea", "Japan") if name in told], part


@pytest.mark.parametrize(
    ("language", "question", "app", "set_there"),
    [
        (
            *("", "does Gemini in Google Workspace train on our company documents"),
            *("Turn off the Gemini app for an organisation", "Where it is set"),
        ),
        (
            *("/de", "trainiert Gemini mit unseren Firmendokumenten in der Arbeit"),
            *("Die Gemini-App für eine Organisation ausschalten", "Wo es eingestellt wird"),
        ),
    ],
)
def test_turning_an_app_off_is_not_where_permission_is_given(
    client, language, question, app, set_there
):
    main = page(client, question, f"{language}/answers")
    ways = {link["href"].partition("?")[0]: link.text for link in main.select(".box-way a")}
    guide = f"{language}/guides/gemini-app-off-for-an-organisation"
    assert ways[guide].startswith(app)
    assert ways[f"{language}/platforms/gemini"].startswith(set_there)
