"""What people print: lists, sheets and guides, as a browser sets them on A4."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from consent.public.roles.roles import roles
from tests.sweeps import in_turn, some

pytestmark = pytest.mark.browser


@pytest.fixture
def printed(open_page):
    """Return a function that prints an address of the site: the words on each side of paper."""

    def on_paper(address, size="A4"):
        paper = PdfReader(io.BytesIO(open_page(address).pdf(format=size)))
        return [" ".join(side.extract_text().split()) for side in paper.pages]

    return on_paper


class TestAChecklist:
    @pytest.mark.parametrize(
        "address",
        [
            "/checklist?p=instagram&p=linkedin&p=whatsapp",
            "/de/checklist?p=x&p=facebook&p=chatgpt&place=DE",
            "/fr/checklist?p=instagram&p=chatgpt&people=minors&place=FR",
            "/fr/checklist?p=x&p=facebook&p=chatgpt&place=DE",  # just fits
        ],
    )
    def test_begins_with_its_address_and_its_day_and_ends_on_no_side_of_few_words(
        self, printed, address
    ):
        sides = printed(address)
        first = sides[0].replace(" ", "")
        assert address in first
        assert str(timezone.localdate().year) in first.partition(address)[2][:40]
        made_for = ("Answers for:", "Antworten für:", "Réponses pour")
        assert any(each in sides[0] for each in made_for)
        assert len(sides[-1]) > 300

    def test_of_six_services_is_one_leaf_of_paper(self, whole_site, printed):
        slugs = ("instagram", "facebook", "whatsapp", "chatgpt", "linkedin", "gmail-workspace")
        services = "&".join(f"p={slug}" for slug in slugs)
        queries = (f"?{services}", f"?{services}&place=DE", f"?{services}&place=US")
        addresses = [f"{prefix}/checklist{query}" for prefix in ("", "/de") for query in queries]
        for address in some(addresses, 2):
            sides = printed(address)
            assert len(sides) == 2, address
            assert all(len(side) > 400 for side in sides)

    def test_of_five_services_in_one_country_leaves_no_entry_alone(self, whole_site, printed):
        slugs = ("instagram", "gmail-workspace", "chatgpt", "linkedin", "whatsapp")
        query = f"place=GB&{'&'.join(f'p={slug}' for slug in slugs)}"
        (side,) = printed(f"/checklist?{query}")
        assert len(printed(f"/checklist?{query}", size="Letter")) == 1
        assert "Gmail › Settings › See all settings › General" in side
        for language in ("/de", "/fr"):
            assert len(printed(f"{language}/checklist?{query}")[-1]) > 300

    def test_cuts_no_caveat(self, whole_site, open_page):
        slugs = ("instagram", "gmail-workspace", "chatgpt", "linkedin", "whatsapp")
        page = open_page(f"/fr/checklist?place=GB&{'&'.join(f'p={slug}' for slug in slugs)}")
        page.emulate_media(media="print")
        notes = page.locator(".task-note")
        assert notes.count() > 1
        cut = "notes => notes.filter(note => note.scrollHeight > note.clientHeight + 1).length"
        assert notes.evaluate_all(cut) == 0

    def test_tears_no_thing_to_do_apart(self, open_page):
        slugs = ("instagram", "gmail-workspace", "chatgpt", "linkedin", "whatsapp")
        page = open_page(f"/checklist?place=GB&{'&'.join(f'p={slug}' for slug in slugs)}")
        page.emulate_media(media="print")
        tasks = page.locator(".task")
        assert tasks.count() > 5
        torn = "tasks => tasks.filter(task => task.getClientRects().length > 1).length"
        assert tasks.evaluate_all(torn) == 0

    def test_says_nothing_of_ticks_and_each_thing_once(self, printed):
        words = " ".join(printed("/checklist?p=instagram&p=linkedin&p=whatsapp"))
        assert "Nothing done yet" not in words
        assert words.count("What you cannot refuse") == 1
        assert words.count("Instagram trains on") == 1
        # Told below the tasks, and not again at the form that refuses it elsewhere.
        assert "Your public posts train Meta's models, and there is no way out" not in words
        assert words.count("South Korea") <= 4  # the form, its doubts, where there is none

    def test_has_a_box_and_a_line_for_each_act_and_where_it_is_done(self, open_page, printed):
        page = open_page("/checklist?p=instagram&p=linkedin")
        page.emulate_media(media="print")
        heads = page.locator(".task-head").all_inner_texts()
        assert (
            "LinkedIn · 1 minute · from now on only"
            " Stop your profile and posts from training LinkedIn's generative AI"
        ) in [" ".join(head.split()) for head in heads]
        assert page.locator(".task-head .task-box").evaluate_all(
            "boxes => boxes.every(box => box.getBoundingClientRect().width > 0)"
        )
        words = " ".join(printed("/checklist?p=instagram&p=linkedin"))
        assert "Web: Settings & Privacy › Data privacy" in words
        address = "https://www.linkedin.com/mypreferences/d/settings/data-for-ai-improvement"
        assert address in words.replace(" ", "")
        assert "open on" not in words


def test_paper_is_light_for_who_reads_in_the_dark(open_page):
    page = open_page("/platforms/x", scheme="dark")
    ground = "card => getComputedStyle(card).backgroundColor"
    card = page.locator(".state-card").first
    assert card.evaluate(ground) != "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert card.evaluate(ground) == "rgb(255, 255, 255)"


def test_the_list_of_guides_is_a_list_on_five_sides(whole_site, printed):
    for address in some(["/de/guides", "/guides", "/fr/guides"], 1):
        sides = printed(address)
        assert len(sides) <= 5
        assert "WhatsApp" in sides[0]
        assert "Keep Activity" in sides[0]


class TestASheet:
    def test_is_a_leaf_of_paper_for_everybody_in_every_language(self, whole_site, printed):
        in_languages = in_turn(["", "/de", "/fr"], [*roles()])
        sheets = [f"{language}/for/{slug}" for language, slug in some(in_languages, 3)]
        others = {slug: bool(role.letter) + bool(role.pupils) for slug, role in roles().items()}
        sides = {sheet: len(printed(sheet)) - others[sheet.rpartition("/")[2]] for sheet in sheets}
        assert {sheet: count for sheet, count in sides.items() if count > 2} == {}

    @pytest.mark.parametrize(
        ("services", "most"),
        [
            ("p=grammarly", 1),
            ("p=chatgpt&p=canva&p=grammarly&place=US-OH", 1),
            ("p=gemini&p=adobe&p=zoom", 1),
            ("p=chatgpt&p=canva&p=grammarly&p=claude&p=gemini&place=US-OH", 2),
            ("p=grammarly&p=deepl&p=roblox&p=canva&p=claude", 2),
        ],
    )
    def test_has_no_side_of_a_few_lines_and_a_letter_of_one_side(
        self, whole_site, printed, services, most
    ):
        for language, size in some(in_turn(["", "/de", "/fr"], ["A4", "Letter"]), 2):
            *sheet, pupils, letter = printed(f"{language}/for/teachers?{services}", size)
            assert len(sheet) <= most, (language, size)
            assert len(pupils) > 300
            assert all(len(side) > 900 for side in sheet), (language, size)
            assert "____" in letter
            assert "____" not in " ".join(sheet)

    def test_says_what_to_do_and_where(self, printed):
        words = " ".join(printed("/for/teachers?p=chatgpt"))
        assert "/guides/chatgpt-improve-model" in words
        assert "With an account on Edu" in words
        assert "Printed from" in words

    def test_has_a_page_for_pupils_and_the_letter_behind_it(self, printed):
        *sheet, pupils, letter = printed("/for/teachers?p=chatgpt")
        assert "Printed from" in sheet[0]
        assert pupils.startswith("For the class")
        assert "Dear parents" not in " ".join(sheet)
        assert letter.startswith("Which AI services we use in class Dear parents")
        assert "Open it in" not in letter

    def test_leads_to_the_page_where_an_answer_is_too_long_for_it(
        self, whole_site, open_page, printed
    ):
        page = open_page("/for/teachers?p=microsoft-copilot")
        long = ".verdict-sentences:has(> li:nth-child(6)) li"
        told = page.locator(long).all_inner_texts()
        assert len(told) > 5
        words = " ".join(printed("/for/teachers?p=microsoft-copilot"))
        assert told[1] not in words
        assert "More on its page: http" in words
        # The answer to a question leaves out nothing.
        answer = " ".join(printed("/answers?q=microsoft+copilot,+instagram"))
        page = open_page("/answers?q=microsoft+copilot,+instagram")
        for sentence in page.locator(".verdict-sentences li").all_inner_texts():
            assert " ".join(sentence.split()) in answer
