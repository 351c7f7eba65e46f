import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as project

from tests.consent.public.site.markup import faults
from tests.styleguide import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("styleguide")]

#: Folders whose parts readers' pages are made of.
FOLDERS = ("parts", "pictures", "standing", "timeline", "guides", "checklist", "readers", "site")
#: Parts that show nothing of their own.
NOT_SHOWN = {
    "standing/_box.html",  # fields and a button, which are shown
    "standing/_examples.html",  # links
    "standing/_compare_one.html",  # fields and a button, which are shown
    "standing/_box_ways.html",  # buttons, which are shown
    "standing/_line_settings.html",  # settings, which are shown
    "standing/_sentences.html",  # a list of sentences
    "standing/_sentence_lines.html",  # its lines
    "standing/_slips.html",  # one sentence
    "timeline/_acts_table.html",  # a table of links and words
    "timeline/_fines.html",
    "timeline/_payments.html",
    "timeline/_fines_table.html",  # another
    "timeline/_act_in_brief.html",
    "timeline/_act_result.html",
    "timeline/_acts_folded.html",  # a fold around tables that are shown
    "timeline/_acts_of_company.html",  # sums in words
    "timeline/_fines_of_companies.html",  # sums in words
    "timeline/_cases.html",  # a list of words and links
    "timeline/_day_details.html",  # words and links
    "timeline/_fines_in_sum.html",  # links
    "timeline/_began.html",
    "timeline/_until_when.html",  # a sentence with links
    "timeline/_dated_alone.html",  # two sentences
    "timeline/_undated.html",  # a list of links
    "standing/_below_a_doubt.html",  # one sentence
    "parts/_print.html",  # a button, which is shown
    "guides/_open.html",  # the words of a link
    "checklist/_caveat.html",  # one sentence
    "checklist/_unknown.html",  # one sentence each
    "site/_blind.html",
    "site/_revised_day.html",
    "parts/_other_language.html",  # a sentence with a link, each
    "standing/_whose.html",
    "standing/_asked_first.html",
    "standing/_too_young.html",  # sentences
    "standing/_sellers.html",  # links
    "standing/_asked_line.html",
    "standing/_asked_parts.html",
    "standing/_asked_today.html",  # a heading
    "standing/_answer.html",  # what is said of a service, made of the parts around
    "standing/_answer_rest.html",
    "standing/_answer_headline.html",
    "standing/_answer_days.html",
    "standing/_answer_words.html",
    "standing/_asked_after.html",
    "standing/_also.html",
    "standing/_days.html",
    "standing/_answers_place.html",  # a field and a button, which are shown
    "timeline/_deadlines.html",  # names with dates
    "timeline/_acts.html",  # rows, which are shown
    "timeline/_acts_counts.html",  # a table of numbers
    "timeline/_acts_beside.html",  # sentences
    "timeline/_acts_bounds.html",
    "timeline/_acts_on_timeline.html",  # links
    "timeline/_acts_part.html",  # tables of links and words
    "timeline/_act.html",  # a row with sentences
    "timeline/_coming.html",  # sentences and dates
    "timeline/_only_what_is_known.html",  # a sentence and a date
    "timeline/_coming_day.html",
    "timeline/_overdue_day.html",
    "timeline/_at_times.html",  # sentences and links
    "timeline/_problems.html",  # a notice, which is shown, with a list
    "parts/_trap.html",  # for programs that fill in forms
    "readers/_form.html",  # a form of fields and errors, which are shown, with a token
    "guides/_count.html",  # words for a count and an answer to htmx
    "guides/_filtered.html",
    "guides/_list.html",  # the list itself, made of the parts that are shown
    "guides/_platforms.html",
    "timeline/_count.html",  # words for a heading, a count and an answer to htmx
    "timeline/_changes.html",
    "site/_wall.html",  # a section of the home page, made of parts that are shown
    "timeline/_title.html",
    "timeline/_year_months.html",  # headings, dates and links
    "timeline/_change_counts.html",  # numbers and links
    "timeline/_presets.html",  # lists of links
    "timeline/_filtered.html",
    "timeline/_results.html",  # the timeline itself, made of the parts that are shown
    "timeline/_evidence.html",  # the differences of a change under their heading
}
#: The components that the design names, and by what each is known on the page.
COMPONENTS = {
    "state chip": ".chip-unless-refused",
    "state card": ".state-card",
    "state pair": ".pair",
    "band": "#bands ~ figure svg",
    "mini band": "#minis ~ figure svg",
    "date stamp": "#dates ~ ul time",
    "date ribbon": "#ribbons ~ div svg",
    "change row": ".row",
    "kind tag": "#chips ~ .tags li",
    "direction mark": ".direction",
    "passage": ".diff-hunk",
    "diff block": "#diffs ~ .diff",
    "source item": ".source",
    "review line": ".review-line",
    "confidence word": "#evidence ~ p",
    "freshness line": "#fresh ~ p",
    "summary list": "#guide-parts ~ .guide-facts",
    "steps": ".steps",
    "caveats": ".caveat",
    "poll": "#polls ~ *",
    "task row": ".tasks > li",
    "filter form": "#filtering ~ form",
    "active filters": ".active-filters",
    "count status": ".result-count[role=status]",
    "matrix region": ".matrix",
    "figure with table": "figure details table",
    "subscribe box": ".subscribe-box",
    "notice banner": ".notice",
    "error summary": ".error-summary",
    "pagination": ".pagination",
    "empty state": ".empty",
    "share image": "#shares ~ div img",
    "desk list, item and key help": ".desk",
    "health strip": "#desk ~ *",
    "histogram": ".histogram",
}


@pytest.fixture
def page(client):
    return client.get("/styleguide")


def test_every_part_of_readers_pages_is_shown(page):
    shown = {template.name for template in page.templates}
    parts = {
        str(path.relative_to(project.BASE_DIR / "templates"))
        for folder in FOLDERS
        for path in (project.BASE_DIR / "templates" / folder).glob("_*.html")
    }
    assert parts - shown == NOT_SHOWN


def test_every_component_of_the_design_is_shown(page):
    document = BeautifulSoup(page.text, "lxml")
    missing = [name for name, selector in COMPONENTS.items() if not document.select(selector)]
    assert missing == []


def test_every_state_direction_and_trust_is_shown(page):
    for value in examples.ORDER:
        assert f'class="chip chip-{value}"' in page.text
        assert f"state-card-{value}" in page.text
    for direction in examples.Direction:
        assert f"direction-{direction}" in page.text
    for trust in examples.Trust:
        assert f"trust-{trust}" in page.text


def test_every_icon_of_an_answer_is_drawn_and_has_a_colour(page):
    document = BeautifulSoup(page.text, "lxml")
    css = Path(project.BASE_DIR / "static/css/components.css").read_text(encoding="utf-8")
    icons = {use["href"].removeprefix("#g-") for use in document.select("#answer-pairs ~ ul use")}
    assert {"on-request", "anyway", "differs", "no-way-out"} <= icons
    assert {icon for icon in icons if not document.select_one(f"symbol#g-{icon}")} == set()
    assert {icon for icon in icons if f".glyph-{icon}" not in css} == set()


def test_samples_ask_only_when_the_cited_change_was_first_shown(django_assert_num_queries):
    with django_assert_num_queries(1):
        examples.everything()


def test_the_page_asks_only_that_and_what_the_footer_of_every_page_asks(
    client, django_assert_num_queries
):
    # And who has each of the two changes in the sample of the desk's list, and the figures of the
    # day before, to cite beside those of today.
    with django_assert_num_queries(5):
        client.get("/styleguide")


def test_no_part_has_a_fault_in_its_markup(page):
    assert faults(page.text) == []
    assert page.text.count("<h1") == 1


def test_it_holds_no_inline_style_and_no_script_of_its_own(page):
    for forbidden in (" style=", "<style", " onclick="):
        assert forbidden not in page.text


def test_a_scheme_can_be_chosen_over_the_one_of_the_system(client):
    assert '<body class="scheme-dark">' in client.get("/styleguide?scheme=dark").text
    assert "<body>" in client.get("/styleguide?scheme=%22%3E").text


def test_both_schemes_have_the_colours_of_the_tokens(client):
    css = client.get("/styleguide/schemes.css").text
    light, dark = css.split(".scheme-dark")
    tokens = Path(project.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    for value in re.findall(r"--on: (.*?);", tokens):
        assert value in css
    assert "--ground: #fbfaf6" in light
    assert "--ground: #14171a" in dark
