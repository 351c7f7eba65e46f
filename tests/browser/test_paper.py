"""What people print: lists, sheets and guides, as a browser sets them on A4."""

import io

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser


@pytest.fixture
def printed(open_page):
    """Return a function that prints an address of the site: the words on each side of paper."""

    def on_paper(address):
        paper = PdfReader(io.BytesIO(open_page(address).pdf(format="A4")))
        return [" ".join(side.extract_text().split()) for side in paper.pages]

    return on_paper


class TestAChecklist:
    @pytest.mark.parametrize(
        "address",
        [
            "/checklist?p=instagram&p=linkedin&p=whatsapp",
            "/de/checklist?p=x&p=facebook&p=chatgpt&place=DE",
            "/fr/checklist?p=instagram&p=chatgpt&people=minors&place=FR",
        ],
    )
    def test_ends_with_its_address_which_is_not_alone_on_a_side(self, printed, address):
        *_, last = printed(address)
        assert address.split("?")[0] in last
        assert len(last) > 400

    def test_says_nothing_of_ticks_and_each_thing_once(self, printed):
        words = " ".join(printed("/checklist?p=instagram&p=linkedin&p=whatsapp"))
        assert "Nothing done yet" not in words
        assert words.count("Nothing you can do") == 1
        assert words.count("Instagram trains on public posts") == 1
        # Once at the form that refuses it elsewhere, and not again below it.
        assert words.count("Your public posts train Meta's models, and there is no way out") == 1

    def test_has_a_box_and_a_line_for_each_act_and_where_it_is_done(self, open_page, printed):
        page = open_page("/checklist?p=instagram&p=linkedin")
        page.emulate_media(media="print")
        heads = page.locator(".task-head").all_inner_texts()
        assert "LinkedIn Turn off Data for Generative AI Improvement" in [
            " ".join(head.split()) for head in heads
        ]
        assert page.locator(".task-head .task-box").evaluate_all(
            "boxes => boxes.every(box => box.getBoundingClientRect().width > 0)"
        )
        words = " ".join(printed("/checklist?p=instagram&p=linkedin"))
        assert "Web: Settings & Privacy › Data privacy" in words
        assert "https://www.linkedin.com/mypreferences/d/settings/data-for-ai-improvement" in words
        assert "open on" not in words
