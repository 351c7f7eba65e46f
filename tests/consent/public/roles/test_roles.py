"""Sheets for kinds of people, from data alone, and what an admin is asked for."""

import datetime as dt
from urllib.parse import quote, unquote

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings as project

from consent.ledger.question import plans_of
from consent.models import Control
from consent.public.roles.roles import roles
from platforms.models import Platform
from tests.arranging import arranged
from tests.consent.ledger.catalog_facts import read
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.few_cases

SLUGS = ["teachers", "parents", "photographers", "writers", "companies", "developers"]


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


class TestData:
    def test_there_are_six_and_each_has_all_its_texts_in_every_language(self):
        assert list(roles()) == SLUGS
        languages = {code for code, _name in project.LANGUAGES}
        for role in roles().values():
            texts = [role.title, role.lead, role.advice]
            if role.letter:
                texts += [role.letter.subject, role.letter.body, role.letter.called]
            for each in texts:
                assert set(each) == languages
                assert all(each.values())

    @pytest.mark.parametrize("slug", SLUGS)
    def test_each_platform_and_plan_is_in_the_catalog(self, slug):
        for each in roles()[slug].platforms:
            facts = read(project.CATALOG_DIR / f"{each.slug}.yaml")
            assert set(each.plans) <= set(plans_of(facts))


@pytest.mark.django_db
class TestSheet:
    @pytest.fixture(autouse=True)
    def platforms(self):
        plans = [
            {"name": "Free", "people": ["personal"]},
            {"name": "Edu", "people": ["organisation"]},
            {"name": "Teachers", "people": ["personal", "organisation"], "kind": "education"},
        ]
        chatgpt = make_platform("chatgpt", name="ChatGPT", operator="OpenAI", plans=plans)
        use = make_use(chatgpt, plans=["Free"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"], plans=["Edu"]), "not-used")
        own = make_branch(use, people=["personal", "organisation"], plans=["Teachers"])
        make_state(own, "only-if-agreed")
        make_state(make_use(make_platform("zoom", name="Zoom")), "unless-refused")
        make_guide(chatgpt, make_control(use), minutes=1, slug="off")

    def test_parents_see_the_switch_for_minors_though_it_is_not_known_what_happens(self, client):
        snap = make_platform("snap", name="Snap")
        posts = make_use(snap, title="Posts train models", short={"en": "posts"})
        make_state(posts, "unless-refused")
        youngest = make_branch(posts, people=["minors"], who={"names": "people from 13 to 15"})
        make_state(youngest, "not-offered")
        older = make_branch(posts, people=["minors"], who={"names": "people from 16 to 17"})
        make_state(older, "unclear")
        chats = make_use(snap, title="Chats train models", short={"en": "chats"})
        make_state(chats, "unless-refused")
        note = "The policy says it of all, and that less may be used of under-18s."
        make_state(make_branch(chats, people=["minors"]), "unclear", note=note)
        family = make_control(chats)
        family.offers.create(people=["minors"])
        make_guide(snap, family, minutes=5, slug="family-center")
        pictures = make_use(snap, title="Selfies train models", short={"en": "selfies"})
        make_state(pictures, "no-way-out")
        make_control(pictures, refuse="delete", name="My Selfie", path="").offers.create()
        for address in ("/for/parents?p=snap", "/platforms/snap?people=minors"):
            main = shown(client, address).main
            first = main.select_one(".box-way a.button, .way-buttons a.button")
            assert first["href"].startswith("/guides/family-center"), address
            assert "only for: chats" in words(first.find_parent(["p", "li"]))
            said = words(main.select_one(".sentences, .verdict-sentences"))
            assert "people from 13 to 15" in said
            assert "Not so, as the feature is not offered: Posts train models" in said
            assert note in words(main)
        assert note in words(shown(client, "/answers?q=Does Snap train on my 16 year old?").main)
        assert note not in words(shown(client, "/answers?q=Does Snap train on me?").main)
        assert "Chats: We do not know" in words(shown(client, "/for/parents?p=snap").main)

    def test_without_a_plan_for_schools_it_has_the_answer_for_organisations(self, client):
        use = make_use(make_platform("gemini", name="Google Gemini"))
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"]), "not-used")
        gemini = next(
            line
            for line in map(words, shown(client, "/for/teachers").select(".box-line"))
            if "Gemini" in line
        )
        assert "No plan for schools is on record" not in gemini
        assert (
            "With an account of an organisation, such as a school: No, source not on record"
            in gemini
        )
        for_schools = shown(client, "/for/teachers?p=gemini&people=organisation")
        card = words(for_schools.select_one(".box-line"))
        assert card.count("No, source") == 1
        assert "With an account of an organisation, such as a school: No, source" in card

    def test_a_school_is_called_a_school_and_gets_the_plan_that_only_schools_have(self, client):
        page = shown(client, "/for/teachers?p=chatgpt&people=organisation")
        assert words(page.select_one("#services ~ p")).startswith("Answers for: schools.")
        card = words(page.select_one(".box-line"))
        assert "With an account on Edu: No" in card
        assert "Teachers" not in card
        asked = words(shown(client, "/answers?q=my+pupils+use+chatgpt+with+school+accounts").main)
        assert "Plans meant for this: Edu" in asked
        assert "Teachers" not in asked.partition("Plans meant for this: ")[2][:20]
        companies = shown(client, "/for/companies?p=chatgpt")
        assert "Answers for: organisations." in words(companies.select_one("#services ~ p"))

    @pytest.fixture
    def dated(self):
        """ChatGPT with a start for each plan of organisations."""
        chatgpt = Platform.objects.get(slug="chatgpt")
        chatgpt.plans += [{"name": "Clinic", "people": ["organisation"]}]
        chatgpt.save()
        use = chatgpt.uses.get()
        edu, clinic = chatgpt.plans[1], chatgpt.plans[-1]
        for branch in use.branches.all():
            if branch.plans == [edu["name"]]:
                branch.states.all().update(starts_on="2024-05-07")
        branch = make_branch(use, people=["organisation"], plans=[clinic["name"]])
        make_state(branch, "not-used", starts_on="2026-01-08")
        return use

    def test_a_school_is_told_since_when_its_own_plan_is_so_and_not_that_of_others(
        self, client, dated
    ):
        line = shown(client, "/for/teachers?p=chatgpt&people=organisation").select_one(".box-line")
        assert "7 May 2024" not in words(line).partition("With an account on Edu")[0]
        of_plan = words(line).partition("With an account on Edu: ")[2]
        assert of_plan.startswith("No, source not on record (Edu) · said since 7 May 2024")
        assert "8 January 2026" not in words(line)
        asked = shown(client, "/answers?q=my+pupils+use+chatgpt+with+school+accounts")
        card = words(asked.select_one(".box-line"))
        assert "Edu: said since 7 May 2024" in card
        assert "8 January 2026" not in card
        asked = shown(client, "/answers?q=since+when+has+chatgpt+this+rule+for+school+accounts")
        card = words(asked.select_one(".box-line"))
        assert "Edu: No; said since 7 May 2024" in card
        assert card.count("7 May 2024") == 1
        assert "8 January 2026" not in card
        assert "8 janvier 2026" not in words(shown(client, "/fr/for/teachers?people=organisation"))

    def test_an_office_is_told_since_when_all_plans_of_organisations_are_so(self, client, dated):
        line = words(shown(client, "/for/companies?p=chatgpt").select_one(".box-line"))
        assert "said since 7 May 2024; on other plans later, last on 8 January 2026" in line
        asked = shown(client, "/answers?q=our+company+uses+chatgpt")
        assert "last on 8 January 2026" in words(asked.select_one(".box-line"))

    def test_a_school_whose_plan_has_another_answer_is_told_it(self, client, dated):
        dated.branches.get(plans=["Clinic"]).states.update(value="unless-refused")
        asked = shown(client, "/answers?q=my+pupils+use+chatgpt+with+school+accounts")
        card = words(asked.select_one(".box-line"))
        assert "Edu: No, source not on record (Edu) · said since 7 May 2024" in card

    def test_a_plan_that_teachers_get_themselves_is_called_in_full_with_whom_it_is_for(
        self, client
    ):
        chatgpt = Platform.objects.get(slug="chatgpt")
        chatgpt.plans[2]["aliases"] = ["ChatGPT for Teachers"]
        chatgpt.save()
        use = chatgpt.uses.get()
        use.short = {"en": "chats", "de": "Chats", "fr": "les échanges"}
        use.save()
        own = use.branches.get(plans=["Teachers"])
        own.who = "verified teachers of US schools"
        own.save()
        voice = make_use(chatgpt, slug="voice")
        make_state(make_branch(voice, people=["personal"]), "unless-refused")
        card = words(shown(client, "/for/teachers?p=chatgpt").select_one(".box-line"))
        whole = "ChatGPT for Teachers (verified teachers of US schools), chats"
        assert f"With an account on {whole}: Only if you agree" in card
        assert "for personal accounts" not in card

    def test_it_says_since_when_and_what_holds_for_the_pupils_themselves(self, client):
        use = make_use(make_platform("gemini", name="Google Gemini"))
        make_state(use, "unless-refused", starts_on="2024-05-01")
        make_state(make_branch(use, people=["minors"]), "not-used")
        page = shown(client, "/for/teachers")
        gemini = next(line for line in map(words, page.select(".box-line")) if "Gemini" in line)
        assert "since 1 May 2024" in gemini
        assert "For minors, with an account of their own: No, source not on record" in gemini
        assert "For minors" not in words(shown(client, "/for/teachers?people=minors").main)

    def test_an_answer_that_is_the_same_for_all_on_a_plan_is_printed_once(self, client):
        people = ["personal", "organisation", "minors"]
        plans = [{"name": "Canva Education", "people": people, "kind": "education"}]
        use = make_use(make_platform("canva", name="Canva", plans=plans))
        make_state(make_branch(use, people=people, plans=["Canva Education"]), "not-used")
        page = shown(client, "/for/teachers")
        (canva,) = [each for each in map(words, page.select(".box-line")) if "Canva" in each]
        assert canva.count("With an account on Canva Education") == 1

    def test_services_that_somebody_names_are_the_sheet(self, client):
        make_state(make_use(make_platform("padlet", name="Padlet")), "only-if-agreed")
        page = shown(client, "/for/teachers?p=padlet&p=zoom&p=unheard-of")
        names = [words(each) for each in page.select(".box-name")]
        assert names == ["Padlet", "Zoom"]
        assert page.select_one('meta[name="robots"]')["content"] == "noindex"
        kept = page.select('.reader-form input[name="p"]')
        assert [each["value"] for each in kept] == ["padlet", "zoom"]
        asked = shown(client, "/answers?q=padlet+at+school")
        links = [a["href"] for a in asked.select("main .views a")]
        assert "/for/teachers?p=padlet&people=organisation" in links

    def test_the_usual_services_are_added_on_request_and_each_can_be_left_out(self, client):
        make_state(make_use(make_platform("padlet", name="Padlet")), "only-if-agreed")
        address = "/for/teachers?p=padlet&p=zoom&place=DE"
        page = shown(client, address)
        more = page.find("a", string="Add the usual services of this sheet")
        added = shown(client, more["href"])
        assert [words(each) for each in added.select(".box-name")] == ["Padlet", "Zoom", "ChatGPT"]
        assert "Germany" in words(added.select_one("#services ~ p"))
        assert not added.find("a", string="Add the usual services of this sheet")
        without = page.select_one(".box-line .leave-out")
        assert words(without) == "Leave out : Padlet"
        fewer = shown(client, without["href"])
        assert [words(each) for each in fewer.select(".box-name")] == ["Zoom"]
        assert "Germany" in words(fewer.select_one("#services ~ p"))
        assert not fewer.select(".leave-out")

    def test_a_sheet_that_names_nothing_known_has_the_usual_services(self, client):
        page = shown(client, "/for/teachers?p=unheard-of")
        assert [words(each) for each in page.select(".box-name")] == ["ChatGPT", "Zoom"]

    def test_a_service_that_nobody_knows_is_named_and_another_name_of_one_is_understood(
        self, client
    ):
        make_platform("talk", name="Talk", aliases=["Talk Meetings"])
        page = shown(client, "/for/teachers?p=talk+meetings&p=nonsense")
        assert [words(each) for each in page.select(".box-name")] == ["Talk"]
        notice = words(page.select_one(".notice"))
        assert notice.startswith("We have nothing on record under this name: nonsense")

    def test_who_trains_is_beside_each_service(self, client):
        use = make_use(make_platform("talk", name="Talk", operator="Talk Ltd."))
        make_state(use, "unless-refused")
        plain = make_use(make_platform("mute", name="Mute", operator="Mute Inc."))
        make_state(plain, "not-used")
        page = shown(client, "/for/teachers?p=talk&p=mute")
        companies = [words(each) for each in page.select(".box-who")]
        assert companies == ["Who trains: Talk Ltd.", "Company: Mute Inc."]

    def test_pupils_have_a_page_of_their_own(self, client):
        use = make_use(make_platform("talk", name="Talk"), people=["minors"])
        make_state(use, "unless-refused", basis="stated")
        make_guide(use.platform, make_control(use), minutes=5, slug="teens")
        pupils = shown(client, "/for/teachers?p=talk").select_one(".pupils-page")
        told = [words(each) for each in pupils.select(".pupils-services li")]
        assert told == [
            "Nothing is on record for an account from the school.",
            "With your own account, training happens unless it is turned off.",
            f"What you can do together with your parents: {project.SITE_URL}/guides/teens",
        ]
        assert not shown(client, "/for/parents?p=talk").select(".pupils-page")

    @pytest.mark.parametrize(
        ("place", "expected"),
        [
            ("FR", "from the age of 15, before that together with a parent."),
            ("DE", "from the age of 16; before that, a parent must agree."),
            ("EU", "from an age between 13 and 16, which each country sets."),
            ("DK", "from an age between 13 and 16, which each country sets."),
            ("GB", "from the age of 13; before that, a parent must agree."),
        ],
    )
    def test_parents_are_told_from_which_age_a_child_consents_alone(self, client, place, expected):
        law = shown(client, f"/for/parents?place={place}").select_one(".sheet-law")
        assert expected in words(law)
        assert "does not say that training needs consent" in words(law)
        assert law.select_one("a[href^=https]")
        assert law.select_one("time")

    @pytest.mark.parametrize("address", ["/for/parents", "/for/parents?place=US", "/for/teachers"])
    def test_where_no_such_age_is_on_record_none_is_told(self, client, address):
        assert not shown(client, address).select(".sheet-law")

    @pytest.mark.parametrize("address", ["/for/parents?p=clips", "/answers?q=clips+14+years+old"])
    def test_parents_read_what_is_known_of_adults_below_the_date(self, client, address):
        platform = make_platform("clips", name="Clips")
        chats = make_use(platform, short={"en": "chats"}, people=["minors"])
        make_state(chats, "not-used", starts_on="2025-01-01")
        make_state(make_branch(chats, people=["personal"]), "unless-refused")
        voice = make_use(platform, short={"en": "voice"}, people=["personal"])
        make_state(voice, "unless-refused")
        card = words(shown(client, address).select_one(".box-line"))
        assert "1 January 2025" in card.partition("Adults:")[0]
        assert "Yes" in card.partition("Adults:")[2]

    def test_a_plan_for_persons_and_organisations_answers_for_those_who_ask(self, client):
        plans = [{"name": "Education", "people": ["personal", "organisation"]}]
        use = make_use(make_platform("claude", name="Claude", plans=plans), plans=["Education"])
        make_state(use, "only-if-agreed")
        make_state(make_branch(use, people=["organisation"], plans=["Education"]), "not-used")
        line = words(shown(client, "/for/teachers?p=claude").select_one(".box-line"))
        assert "On Education, for personal accounts: Only if you agree" in line
        assert "On Education, for organisations: No" in line
        asked = shown(client, "/for/teachers?p=claude&people=organisation")
        line = words(asked.select_one(".box-line"))
        assert line.count("Education:") == 1
        assert "With an account on Education: No" in line

    def test_it_says_that_the_answer_for_pupils_is_about_their_own_accounts(self, client):
        make_state(make_branch(Platform.objects.get(slug="chatgpt").uses.get(), people=["minors"]))
        page = shown(client, "/for/teachers?p=chatgpt&people=organisation")
        line = words(page.select_one(".box-line"))
        assert "For minors, with an account of their own: Yes" in line
        assert line.index("With an account on Edu") < line.index("For minors")

    def test_what_holds_for_pupils_comes_before_the_answer_of_adults(self, client):
        use = Platform.objects.get(slug="chatgpt").uses.get()
        make_state(make_branch(use, people=["minors"]))
        line = words(shown(client, "/for/teachers?p=chatgpt").select_one(".box-line"))
        assert line.index("For minors") < line.index("With an account of your own")

    def test_the_page_for_the_class_names_no_source_of_an_age(self, client):
        platform = make_platform("talk", name="Talk")
        platform.min_age, platform.min_age_source = 13, "https://talk.example/terms"
        platform.min_age_at_school = {"source": "https://reader.example", "said_by": "The Reader"}
        platform.save()
        make_state(make_use(platform, people=["minors"]), "unless-refused", basis="stated")
        page = shown(client, "/for/teachers?p=talk")
        told = words(page.select_one(".pupils-services li"))
        assert told.endswith("through a school also for younger children, as reported.")
        assert "says The Reader" in words(page.select_one(".role-sheet"))

    def test_an_answer_that_names_a_plan_of_schools_is_not_about_their_own_accounts(self, client):
        plans = [
            {"name": "Canva Education", "people": ["minors"], "kind": "education"},
            {"name": "Free", "people": ["personal"]},
        ]
        use = make_use(make_platform("canva", name="Canva", plans=plans), people=["personal"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["minors"], plans=["Canva Education"]), "not-used")
        line = words(shown(client, "/for/teachers?p=canva").select_one(".box-line"))
        assert "For minors: No on Canva Education" in line

    def test_a_button_comes_below_the_answer_of_those_for_whom_it_is(self, client):
        chatgpt = Platform.objects.get(slug="chatgpt")
        chatgpt.min_age = 13
        chatgpt.save()
        use = chatgpt.uses.get()
        make_state(make_branch(use, people=["minors"]), "unless-refused")
        use.controls.get().offers.create(people=["personal"])
        parental = make_control(use, label="Model training")
        parental.offers.create(people=["minors"])
        make_guide(chatgpt, parental, minutes=5, slug="parental")
        line = shown(client, "/for/teachers?p=chatgpt").select_one(".box-line")
        plan = next(each for each in line.select(".role-plan") if "For minors" in words(each))
        theirs, of_adults = plan.find_all_next("a", class_="button")[:2]
        assert theirs["href"].startswith("/guides/parental?people=minors")
        assert of_adults["href"].startswith("/guides/off")
        told = words(line)
        assert "Accounts are for people of 13 and older." in told
        assert told.index("For minors") < told.index("Accounts are for people of 13 and older.")
        assert "Accounts are for people" in words(shown(client, "/for/parents?p=chatgpt").main)
        assert "Accounts are for people" not in words(shown(client, "/for/companies").main)

    def test_a_doubt_about_minors_alone_is_on_the_sheets_of_teachers_and_parents(self, client):
        use = Platform.objects.get(slug="chatgpt").uses.get()
        doubt = "Whether teens can refuse themselves, no source says."
        make_state(make_branch(use, people=["minors"]), "unless-refused", note=doubt)
        assert words(shown(client, "/for/teachers?p=chatgpt").main).count(doubt) == 1
        assert words(shown(client, "/for/parents?p=chatgpt").main).count(doubt) == 1
        assert doubt not in words(shown(client, "/for/companies?p=chatgpt").main)

    @pytest.mark.parametrize("language", ["", "/fr"])
    def test_a_sheet_for_a_child_of_an_age_has_the_headline_of_the_answer(self, client, language):
        snap = make_platform("snap", name="Snap", min_age=13)
        posts = make_use(snap, title="Posts train models", short={"en": "posts"})
        make_state(posts, "unless-refused")
        youngest = make_branch(posts, people=["minors"], who={"names": "people from 13 to 15"})
        make_state(youngest, "not-offered")
        older = make_branch(posts, people=["minors"], who={"names": "people from 16 to 17"})
        make_state(older, "unclear", basis="reported")
        chats = make_use(snap, title="Chats train models", short={"en": "chats"})
        make_state(make_branch(chats, people=["minors"]), "unclear", why="permission-only")
        asked = {"": "Does Snap train on my son aged 14?", "/fr": "mon fils de 14 ans et Snap"}
        answer = shown(client, f"{language}/answers?q={asked[language]}")
        sheet = shown(client, answer.select_one(".answers-sheet a")["href"])
        headlines = [words(each.select_one(".box-answer")) for each in (answer, sheet)]
        assert headlines[0] == headlines[1]
        assert "14" in words(sheet.select_one("#services ~ p"))
        page = shown(client, sheet.select_one(".box-name a")["href"])
        assert words(page.select_one(".verdict-answer")) == headlines[0]
        told = words(sheet.select_one(".box-line"))
        assert "from 16 to 17" not in told
        assert language or "Posts: No, the feature is not offered" in told
        for link in sheet.select(f'a[href^="{language}/for/"][href*="p=snap"]'):
            assert "age=14" in link["href"]

    @pytest.mark.parametrize("age", ["x", "-1", "18", "1e1"])
    def test_an_age_that_is_none_of_a_minor_changes_nothing(self, client, age):
        said = [
            words(shown(client, f"/for/parents?p=zoom{more}").select_one("#services ~ p"))
            for more in ("", f"&age={age}")
        ]
        assert said[0] == said[1]

    def test_parents_find_on_the_sheet_what_they_can_refuse_at_home(self, client):
        use = Platform.objects.get(slug="zoom").uses.get()
        make_state(make_branch(use, people=["minors"]), "unless-refused")
        control = make_control(use, label="Model training")
        make_guide(use.platform, control, minutes=5, slug="teens")
        make_state(make_use(make_platform("gemini")), "not-used")
        page = shown(client, "/for/teachers?p=gemini&p=zoom&people=organisation")
        home = page.select_one("section[aria-labelledby=at-home]")
        told = [words(each) for each in home.select("li")]
        assert len(told) == 1
        assert told[0].startswith("Zoom : ")
        assert "Model training" in told[0]
        assert "/guides/teens" in told[0]  # written out for paper
        assert home.a["href"].startswith("/guides/teens")
        (line,) = [each for each in page.select(".box-line") if "Zoom" in words(each)]
        assert [each["href"] for each in line.select("a.button")] == [
            "/guides/teens?people=minors#steps"
        ]
        letter = words(page.select_one(".letter"))
        assert (
            "With an account of your child’s own, training happens unless it is turned off, source"
            f" not on record. How to refuse: {project.SITE_URL}/guides/teens"
        ) in letter
        assert "refuser" not in words(
            shown(client, "/fr/for/teachers?p=gemini").select_one(".letter")
        )
        assert not shown(client, "/for/parents").select("#at-home")

    def test_the_letter_leaves_out_no_chosen_service_and_ends_with_a_line_to_sign(self, client):
        refusable = make_use(make_platform("gemini", name="Gemini"), people=["minors"])
        make_state(refusable, "unless-refused")
        make_guide(refusable.platform, make_control(refusable), minutes=5, slug="teens")
        plain = make_use(make_platform("claude", name="Claude"), people=["minors"])
        make_state(plain, "not-used")
        plans = [{"name": "School", "people": ["minors"]}, {"name": "Free", "people": ["personal"]}]
        open_use = make_use(make_platform("canva", name="Canva", plans=plans), people=["personal"])
        make_state(open_use, "unless-refused")
        make_state(make_branch(open_use, people=["minors"], plans=["School"]), "not-used")
        make_guide(open_use.platform, make_control(open_use), minutes=5, slug="designs")
        page = shown(client, "/for/teachers?p=gemini&p=claude&p=canva")
        letter = [words(each) for each in page.select(".letter > p")]
        site = project.SITE_URL
        at_school = "Nothing is on record for an account from the school."
        own = "With an account of your child’s own,"
        assert letter[-5:] == [
            f"Gemini: {at_school} {own} training happens unless it is turned off, source not on"
            f" record. How to refuse: {site}/guides/teens",
            f"Claude: {at_school} {own} no training happens, source not on record.",
            f"Canva: {at_school} {own} no training happens on School, source not on record. On all"
            " plans but School, it is not known whether training happens. With an adult’s own"
            " account, training happens unless it is turned off, source not on record. Adults can"
            " refuse training; whether children can is not known. How adults do it:"
            f" {site}/guides/designs",
            "Kind regards,",
            "_" * 30,
        ]

    def test_the_letter_says_of_each_use_and_plan_what_holds_in_sentences(self, client):
        plans = [{"name": "Free", "people": ["minors"]}, {"name": "Pro", "people": ["minors"]}]
        platform = make_platform("copilot", name="Copilot", plans=plans)
        for short, on_free in {"text chats": "not-used", "voice chats": "unclear"}.items():
            use = make_use(platform, short={"en": short}, people=["minors"], plans=["Free"])
            make_state(use, on_free, basis="stated")
            on_pro = make_branch(use, people=["minors"], plans=["Pro"])
            make_state(on_pro, "not-used", basis="stated")
        letter = words(shown(client, "/for/teachers?p=copilot").select_one(".letter"))
        assert "With an account of your child’s own, no training happens" in letter
        assert "For voice chats on Free, it is not known whether training happens." in letter
        service = letter.partition("Copilot: ")[2]
        assert "(" not in service
        assert ";" not in service

    def test_the_letter_says_what_holds_with_an_account_from_the_school(self, client):
        plans = [
            {"name": "Canva Education", "people": ["minors", "organisation"]},
            {"name": "Free", "people": ["personal"]},
        ]
        use = make_use(make_platform("canva", name="Canva", plans=plans), people=["personal"])
        make_state(use, "unclear")
        at_school = make_branch(use, people=["minors"], plans=["Canva Education"])
        make_state(at_school, "not-used", basis="reported")
        letter = words(shown(client, "/for/teachers?p=canva").select_one(".letter"))
        assert (
            "Canva: With an account from the school on Canva Education, no training happens, as"
            " reported. With an account of your child’s own, it is not known whether training"
            " happens."
        ) in letter
        letter = words(shown(client, "/de/for/teachers?p=canva").select_one(".letter"))
        assert "Mit einem Konto der Schule bei Canva Education findet kein Training statt" in letter

    def test_the_letter_says_what_is_known_of_adults_where_nothing_is_of_children(self, client):
        plans = [
            {"name": "Canva Education", "people": ["minors", "organisation"]},
            {"name": "Free", "people": ["personal"]},
        ]
        canva = make_platform("canva", name="Canva", plans=plans)
        designs = make_use(canva, short={"en": "designs"}, people=["personal"], plans=["Free"])
        make_state(designs, "unclear")
        at_school = make_branch(designs, people=["minors"], plans=["Canva Education"])
        make_state(at_school, "not-used", basis="reported")
        usage = make_use(canva, short={"en": "usage data"}, people=["personal"], plans=["Free"])
        make_state(usage, "unless-refused", basis="reported")
        make_control(usage)
        letter = words(shown(client, "/for/teachers?p=canva").select_one(".letter"))
        school = "With an account from the school on Canva Education, no training happens"
        assert f"{school} for designs, as reported." in letter
        assert (
            "With an account of your child’s own, it is not known whether training happens. With"
            " an adult’s own account, training happens for usage data unless it is turned off, as"
            " reported. For designs, it is not known whether training happens."
        ) in letter

    def test_the_letter_tells_what_is_used_of_the_main_data_and_leaves_the_rest_to_the_sheet(
        self, client
    ):
        """An adult's account and further uses are left out where the child's own is known."""
        platform = make_platform("talk", name="Talk")
        chats = make_use(platform, short={"en": "chats"}, people=["personal", "minors"])
        make_state(chats, "unless-refused", basis="stated")
        make_control(chats)
        voice = make_use(platform, short={"en": "voice"}, people=["personal"])
        make_state(voice, "only-if-agreed", basis="stated")
        page = shown(client, "/for/teachers?p=talk")
        assert (
            "With an account of your child’s own, training happens for chats unless it is turned"
            " off. The enclosed sheet says what holds for the rest. How to refuse"
        ) in words(page.select_one(".letter"))
        assert "voice" not in words(page.select_one(".letter"))
        assert "voice" in words(page.select_one(".role-sheet")).lower()

    def test_the_letter_leaves_accounts_that_teachers_open_themselves_to_the_sheet(self, client):
        chatgpt = Platform.objects.get(slug="chatgpt")
        chatgpt.plans[2]["aliases"] = ["ChatGPT for Teachers"]
        chatgpt.save()
        own = chatgpt.uses.get().branches.get(plans=["Teachers"])
        own.who = "verified teachers of US schools"
        own.save()
        page = shown(client, "/for/teachers?p=chatgpt")
        assert "ChatGPT for Teachers" in words(page.select_one(".role-sheet"))
        letter = words(page.select_one(".letter"))
        assert "ChatGPT for Teachers" not in letter
        assert "The enclosed sheet says what holds for the rest." in letter

    def test_what_is_inferred_from_adults_is_no_switch_for_a_child(self, client):
        make_state(make_use(make_platform("drawn", name="Drawn")), "unless-refused")
        use = Platform.objects.get(slug="drawn").uses.get()
        make_guide(use.platform, make_control(use), minutes=5, slug="drawings")
        page = shown(client, "/for/teachers?p=drawn")
        letter = words(page.select_one(".letter"))
        assert "your child’s own" not in letter
        assert (
            "With an adult’s own account, training happens unless it is turned off, source not on"
            " record. Nothing on record says that children are treated differently. How adults"
            f" refuse it: {project.SITE_URL}/guides/drawings"
        ) in letter
        home = words(page.select_one("section[aria-labelledby=at-home]"))
        assert "nothing on record says that minors are treated differently" in home

    def test_addresses_for_several_plans_are_printed_each_after_its_plan(self, client):
        plans = [{"name": name, "people": ["personal"]} for name in ("Free", "Pro")]
        use = make_use(make_platform("gram", name="Gram", plans=plans))
        make_state(use, "unless-refused")
        for plan in ("Free", "Pro"):
            control = make_control(use, label="Training")
            with arranged():
                control.offers.create(plans=[plan])
            make_guide(use.platform, control, slug=f"gram-{plan.lower()}")
        (home,) = shown(client, "/for/teachers?p=gram").select(".at-home li")
        for each in home.select(".no-print"):
            each.decompose()
        address = f"{project.SITE_URL}/guides/gram"
        assert words(home).endswith(
            "; nothing on record says that minors are treated differently"
            f" · only with Free: {address}-free · only with Pro: {address}-pro"
        )

    def test_what_a_way_out_is_for_is_printed_once(self, client):
        canvas = make_platform("canvas", name="Canvas")
        make_state(make_use(canvas, short={"en": "designs"}), "unclear")
        clicks = make_use(canvas, title="Clicks train models", short={"en": "usage data"})
        make_state(clicks, "unless-refused")
        make_guide(canvas, make_control(clicks), slug="clicks", minutes=1)
        line = shown(client, "/for/writers?p=canvas").select_one(".box-line")
        for each in line.select(".no-print"):
            each.decompose()
        assert words(line).count("only for: usage data") == 1

    def test_what_only_an_admin_can_refuse_is_nothing_for_home(self, client):
        use = Platform.objects.get(slug="zoom").uses.get()
        make_state(make_branch(use, people=["minors"]), "unless-refused")
        make_control(use, by="admin")
        page = shown(client, "/for/teachers?p=zoom")
        home = page.select_one("section[aria-labelledby=at-home]")
        assert "Nothing that can be refused is on record." in words(home)

    def test_the_letter_is_printed_on_a_page_of_its_own(self, client):
        (letter,) = shown(client, "/for/teachers").select("section.letter-page")
        assert "Dear parents" in words(letter.select_one(".letter"))
        assert not letter.find_parents(class_="no-print")
        letter.select_one("h2.no-print").decompose()
        letter.select_one(".no-print a[href^=mailto]").parent.decompose()
        assert words(letter).startswith("Which AI services we use in class Dear parents")

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            ("", "As of 2 March 2026, according to Default On ({}):"),
            ("/de", "Stand 2. März 2026, laut Default On ({}):"),
            ("/fr", "Selon Default On ({}), le 2 mars 2026\N{NO-BREAK SPACE}:"),
        ],
    )
    def test_what_leaves_the_teacher_says_of_which_day_it_is_and_whose(
        self, client, language, told
    ):
        with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False):
            page = shown(client, f"{language}/for/teachers?p=zoom")
        for each in (".pupils-page", ".letter"):
            lines = [line.text.strip() for line in page.select(f"{each} p")]
            assert sum(told.format(project.SITE_URL) in line for line in lines) == 1, each

    def test_a_button_without_a_guide_has_its_menus_beside_it(self, client):
        use = Platform.objects.get(slug="zoom").uses.get()
        control = make_control(use, slug="data-switch")
        control.surfaces.filter(surface="web").update(path="Settings › Privacy")
        zoom = shown(client, "/for/teachers?p=zoom").select_one(".box-line")
        assert zoom.select_one(".button")["href"] == "/platforms/zoom#data-switch"
        assert "Web: Settings › Privacy" in words(zoom)
        printed = [words(each) for each in zoom.select(".print-only")]
        assert f"{project.SITE_URL}/platforms/zoom#data-switch" in printed
        chatgpt = shown(client, "/for/teachers?p=chatgpt").select_one(".box-line")
        assert "Web:" not in words(chatgpt)

    def test_an_office_is_told_who_can_set_what(self, client):
        use = make_use(make_platform("mail", name="Mail"), people=["organisation"])
        make_state(use, "unless-refused")
        console = make_control(use, by="admin", label="Model training")
        make_guide(use.platform, console, minutes=2, slug="console")
        mail = shown(client, "/for/companies?p=mail").select_one(".box-line")
        assert "Who can set it Administrators : Turn off Model training" in words(mail)
        printed = [words(each) for each in mail.select(".print-only")]
        assert printed.count(f"{project.SITE_URL}/guides/console") == 1
        teachers = shown(client, "/for/teachers?p=mail&people=organisation")
        assert "Who can set it" in words(teachers.select_one(".box-line"))
        writers = shown(client, "/for/writers?p=zoom&people=personal")
        assert "Who can set it" not in words(writers.main)

    def test_an_office_that_decides_by_itself_is_told_that_no_switch_is_on_record(self, client):
        use = make_use(make_platform("mail", name="Mail"), people=["organisation"])
        make_state(use, "only-if-agreed")
        page = shown(client, "/for/companies?p=mail")
        assert "agreement of your organisation; no switch for giving it is on record" in words(
            page.select_one(".box-line")
        )
        assert "forward the text" not in words(page.main)

    @pytest.mark.parametrize(
        ("question", "sheet"),
        [
            (
                "I teach; my pupils use ChatGPT and Zoom with school accounts",
                "/for/teachers?p=chatgpt&p=zoom&people=organisation",
            ),
            ("my child uses zoom", "/for/parents?p=zoom&people=minors"),
        ],
    )
    def test_a_question_leads_to_the_sheet_for_exactly_its_services(self, client, question, sheet):
        asked = shown(client, f"/answers?q={quote(question)}")
        (link,) = asked.select(".answers-sheet a")
        assert link["href"] == sheet
        page = shown(client, link["href"])
        names = [words(each) for each in page.select(".box-name")]
        assert names == [each for each in ("ChatGPT", "Zoom") if each.lower() in sheet]
        assert page.select_one("button[data-print]")
        people = page.select_one("select[name=people] option[selected]")["value"]
        assert f"people={people}" in sheet

    @pytest.mark.parametrize(
        ("language", "question", "told"),
        [
            (
                "",
                "I teach and need a letter to parents about ChatGPT and Zoom",
                "For teachers: a sheet with these services and a letter to the parents, to print",
            ),
            (
                "/de",
                "Ich bin Lehrer: ChatGPT und Zoom im Unterricht, mit Brief an die Eltern",
                "Für Lehrkräfte: ein Blatt mit diesen Diensten und ein Brief an die Eltern",
            ),
            (
                "/fr",
                "Je suis enseignante, ChatGPT et Zoom, une lettre aux parents",
                "Pour les enseignants : une feuille avec ces services et une lettre aux parents",
            ),
            ("", "ChatGPT, letter to the parents", "and a letter to the parents, to print"),
            ("", "I teach with ChatGPT and Zoom", "and a letter to the parents, to print"),
        ],
    )
    def test_whoever_teaches_is_led_to_the_letter_to_the_parents(
        self, client, language, question, told
    ):
        page = shown(client, f"{language}/answers?q={quote(question)}")
        (link,) = page.select(".answers-sheet a")
        assert told in words(link).replace("\u202f", " ").replace("\xa0", " ")
        letter = shown(client, link["href"]).select_one("#letter")
        assert letter
        others = [each["href"] for each in page.select(".views a")]
        assert not [each for each in others if "/for/parents" in each]

    @pytest.mark.parametrize(
        "question", ["My son's teacher uses ChatGPT in school", "parents: ChatGPT at school"]
    )
    def test_a_parent_who_asks_about_school_is_led_to_the_sheet_for_parents(self, client, question):
        page = shown(client, f"/answers?q={quote(question)}")
        assert page.select('.views a[href^="/for/parents"]')

    def test_a_sheet_without_a_letter_promises_none(self, client):
        page = shown(client, "/answers?q=I am a photographer and use ChatGPT")
        assert "letter" not in words(page.select_one(".answers-sheet"))

    def test_an_answer_that_names_no_role_has_no_sheet_above_it(self, client):
        assert not shown(client, "/answers?q=zoom").select(".answers-sheet")

    def test_uses_of_one_name_are_told_apart_by_their_titles(self, client):
        khan = make_platform("khan-academy", name="Khan Academy")
        first = make_use(khan, title="Conversations train models", part="Khanmigo")
        second = make_use(khan, title="Makers train on conversations", part="Khanmigo")
        make_state(first, "unless-refused")
        make_state(second, "not-used")
        told = [words(each) for each in shown(client, "/for/teachers").select(".answer-uses li")]
        assert told == ["Conversations train models: Yes", "Makers train on conversations: No"]

    def test_it_has_the_answer_the_way_out_and_the_plan_that_is_meant(self, client):
        page = shown(client, "/for/teachers")
        line = words(page.select_one(".box-line"))
        assert "Yes, source not on record, unless you opt out" in line
        assert "With an account on Edu: No, source not on record" in line
        assert "With an account on Teachers: Only if you agree" in line
        assert "With an account of your own: Yes" in line.replace("ChatGPT ", "")
        zoom = words(page.select(".box-line")[1])
        assert "No plan for schools is on record" in zoom
        assert "of an organisation" not in zoom
        assert page.select_one(".box-line .button")["href"] == "/guides/off#steps"
        assert page.select_one(".letter")

    def test_it_says_for_whom_it_is_and_answers_for_the_place_and_people_of_the_question(
        self, client
    ):
        zoom = make_platform("zoom-eu", name="Zoom EU")
        use = make_use(zoom, places=["DE"])
        make_state(use, "not-used")
        page = shown(client, "/for/teachers")
        assert "Answers for everybody, wherever they live" in words(
            page.select_one("#services ~ p")
        )
        page = shown(client, "/for/teachers?place=DE&people=organisation")
        said = words(page.select_one("#services ~ p"))
        assert "Answers for: schools, Germany" in said
        chatgpt = page.select_one(".box-line")
        assert "No, source not on record" in words(chatgpt.select_one(".box-answer"))
        assert chatgpt.a["href"] == "/platforms/chatgpt?place=DE&people=organisation"
        others = [a["href"] for a in page.select(".views a") if "/for/" in a["href"]]
        assert others
        assert all(each.endswith("?place=DE&people=organisation") for each in others)
        chosen = page.select(".reader-form option[selected]")
        assert [each["value"] for each in chosen] == ["DE", "organisation"]

    @pytest.mark.parametrize(
        "address",
        [
            "/for/companies?p=mail&people=organisation",
            "/answers?q=mail+for+companies",
        ],
    )
    def test_a_headline_that_says_that_it_differs_has_the_places_and_plans_below(
        self, client, address
    ):
        platform = make_platform("mail", name="Mail", operator="Mail Works")
        people = ["personal", "organisation"]
        make_state(make_use(platform, title="Mail trains models", people=people), "only-if-agreed")
        smart = make_use(platform, title="Mail improves suggestions", people=people, places=["EEA"])
        make_state(smart, "only-if-agreed")
        elsewhere = make_branch(smart, people=people, except_places=["EEA"])
        make_state(elsewhere, "unclear")
        card = next(
            each
            for each in shown(client, address).select(".box-line")
            if words(each.select_one(".box-name")) == "Mail"
        )
        below = [words(each) for each in card.select(".verdict-sentences li")]
        assert "EU and EEA: Mail improves suggestions only if you agree" in below
        assert "Outside the EU and EEA: Unclear whether Mail improves suggestions" in below

    def test_a_way_out_that_differs_by_place_is_told_for_each(self, client):
        use = make_use(make_platform("mail", name="Mail"), title="Mail trains", places=["EU"])
        make_state(use, "unless-refused")
        make_control(use)
        make_state(make_branch(use, except_places=["EU"]), "no-way-out")
        (card,) = shown(client, "/for/writers?p=mail&people=personal").select(".box-line")
        assert "what you can refuse depends on your country" in words(card)
        below = [words(each) for each in card.select(".verdict-sentences li")]
        assert below == [
            "Outside the EU: Mail trains, and there is no way out",
            "EU: Mail trains unless you refuse",
        ]

    def test_a_list_of_uses_does_not_repeat_what_sentences_say(self, client):
        zoom = Platform.objects.get(slug="zoom")
        Platform.objects.filter(pk=zoom.pk).update(operator="Zoom Communications")
        make_platform("zoom-x", operator="Zoom Communications")
        make_control(make_use(zoom, title="Speech trains models"), binding=False)
        make_state(zoom.uses.last(), "unless-refused")
        make_control(zoom.uses.first())
        make_state(make_use(zoom, title="Files train", short={"en": "files"}), "not-used")
        for address in (
            "/for/writers?p=zoom&people=personal",
            "/answers?q=zoom",
            "/operators/zoom",
        ):
            page = shown(client, address)
            said = [words(each) for each in page.select(".verdict-sentences li")]
            assert "Speech trains models unless Zoom Communications accepts your objection" in said
            assert [words(each) for each in page.select(".answer-uses li")] == ["Files: No"]

    @pytest.mark.parametrize("address", ["/for/teachers", "/operators/zoom"])
    def test_a_card_names_each_use_where_their_answers_differ(self, client, address):
        zoom = Platform.objects.get(slug="zoom")
        Platform.objects.filter(pk=zoom.pk).update(operator="Zoom Communications")
        make_platform("zoom-x", operator="Zoom Communications")
        make_state(make_use(zoom, short={"en": "AI Companion"}), "only-if-agreed")
        told = [words(each) for each in shown(client, address).select(".answer-uses li")]
        assert "AI Companion: Only if you agree" in told

    def test_a_sheet_for_one_kind_of_people_leads_to_their_answers(self, client):
        make_state(make_use(make_platform("roblox", name="Roblox")), "unless-refused")
        page = shown(client, "/for/parents")
        (link,) = [a for a in page.select(".box-name a") if a.text == "Roblox"]
        assert link["href"] == "/platforms/roblox?people=minors"
        assert page.select_one("select[name=people] option[selected]")["value"] == "minors"

    @pytest.mark.parametrize(
        ("question", "teachers"),
        [
            ("/answers?q=chatgpt+for+pupils&place=DE", "/for/teachers?place=DE&people=minors"),
            ("/answers?q=chatgpt+at+school", "/for/teachers"),
            ("/de/answers?q=chatgpt+schule", "/de/for/teachers"),
            ("/fr/answers?q=chatgpt+eleves", "/fr/for/teachers"),
        ],
    )
    def test_an_answer_for_pupils_or_schools_leads_to_the_sheet_and_the_plans_for_schools(
        self, client, question, teachers
    ):
        page = shown(client, question)
        hrefs = [a["href"] for a in page.select("main a")]
        named = teachers.replace("/teachers", "/teachers?p=chatgpt").replace("chatgpt?", "chatgpt&")
        assert any(each.startswith((teachers, named)) for each in hrefs)
        prefix = teachers.partition("/for")[0]
        place = "&place=DE" if "place=DE" in question else ""
        assert f"{prefix}/platforms/chatgpt?plan=Edu{place}" in hrefs

    def test_minors_who_may_be_at_home_are_led_to_the_sheets_and_to_no_plan_for_schools(
        self, client
    ):
        page = shown(client, "/platforms/chatgpt?people=minors&place=DE")
        hrefs = [
            a["href"] for a in page.select("main a") if "plan=" in a["href"] or "/for/" in a["href"]
        ]
        assert hrefs == [f"/for/{slug}?place=DE&people=minors" for slug in ("parents", "teachers")]

    @pytest.mark.parametrize(
        "address", ["/answers?q=is+chatgpt+safe+for+my+son", "/platforms/chatgpt?people=minors"]
    )
    def test_no_plan_of_schools_is_meant_for_a_child_at_home(self, client, address):
        page = shown(client, address)
        assert "Plans meant for this" not in words(page.main)
        assert page.select_one('main a[href^="/for/teachers"]')

    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize("language", ["", "/de", "/fr"])
    def test_every_sheet_is_shown_in_every_language(self, client, slug, language):
        page = shown(client, f"{language}/for/{slug}")
        assert page.h1.text in roles()[slug].title.values()

    def test_the_home_page_leads_to_them(self, client):
        assert shown(client, "/").select_one('a[href="/for"]')
        assert len(shown(client, "/for").select(".role-list a")) == len(SLUGS)

    def test_another_role_is_not_found(self, client):
        assert client.get("/for/astronauts").status_code == 404


@pytest.mark.django_db
class TestAskYourAdmin:
    @pytest.fixture
    def slack(self):
        slack = make_platform("slack", name="Slack", operator="Slack Technologies")
        use = make_use(slack, people=["organisation"])
        make_state(use, "unless-refused")
        make_control(
            use,
            name="E-mail from an owner",
            refuse="write",
            by="admin",
            to="feedback@slack.example",
            subject="Slack Global model opt-out request",
            must_name=["The address of our workspace"],
        )
        return slack

    def test_it_says_who_may_ask_to_whom_and_in_which_words(self, client, slack):
        page = shown(client, "/platforms/slack/ask-your-admin")
        facts = {words(each.dt): words(each.dd) for each in page.select(".facts > div")}
        assert facts["Exact subject"] == "Slack Global model opt-out request"
        assert facts["Who can do it"] == "whoever runs it for your organisation"
        assert facts["What the letter must name"] == "The address of our workspace"
        forward, letter = (words(each) for each in page.select(".letter"))
        assert "Subject: Slack Global model opt-out request" in forward
        assert "The address of our workspace:" in letter

    def test_it_says_once_to_whom_to_write(self, client, slack):
        page = shown(client, "/platforms/slack/ask-your-admin")
        assert words(page.h2) == "Write to feedback@slack.example"
        assert "feedback@slack.example" not in words(page.select_one(".facts"))
        assert words(page.select_one(".letter")).count("feedback@slack.example") == 1

    def test_who_can_do_it_is_whom_the_guide_is_for(self, client, slack):
        guide = make_guide(slack, Control.objects.get())
        guide.who = "owners of a workspace or org"
        guide.save()
        facts = shown(client, "/platforms/slack/ask-your-admin").select(".facts > div")
        assert "Who can do it owners of a workspace or org" in [words(each) for each in facts]

    def test_what_the_letter_must_name_is_in_the_language_of_the_page(self, client):
        use = make_use(make_platform("slack"), people=["organisation"])
        make_state(use, "unless-refused")
        asked_for = "The address of our workspace or org"
        make_control(use, refuse="write", by="admin", to="a@b.example", must_name=[asked_for])
        for letter in shown(client, "/de/platforms/slack/ask-your-admin").select(".letter"):
            assert "Die Adresse unseres Arbeitsbereichs" in words(letter)
            assert asked_for not in words(letter)

    def test_the_text_is_ready_in_ones_own_mail_program(self, client, slack):
        page = shown(client, "/platforms/slack/ask-your-admin")
        mail = unquote(page.select_one('a.button[href^="mailto:"]')["href"])
        assert "subject=Please refuse AI training on our data: Slack" in mail
        assert "Name in it: The address of our workspace" in mail

    def test_the_answer_leads_there_by_a_button(self, client, slack):
        page = shown(client, "/platforms/slack")
        links = {words(each): each["href"] for each in page.select(".way-buttons a")}
        assert links["Ask your admin"] == "/platforms/slack/ask-your-admin"

    def test_where_people_can_refuse_themselves_there_is_no_such_page(self, client):
        use = make_use(make_platform("x"))
        make_state(use, "unless-refused")
        make_control(use)
        assert client.get("/platforms/x/ask-your-admin").status_code == 404
