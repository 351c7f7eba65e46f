"""The tasks of a reader, done in a real browser."""

import gzip
import io
from collections import Counter

import pytest
from pypdf import PdfReader

from tests.browser.accessibility import VIEWS, broken_in_each_view, open_details, resize
from tests.browser.conftest import follow, keep_screenshot
from tests.sweeps import some

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "timeline": "/timeline",
    "timeline-filtered": "/timeline?platform=x&direction=less-control",
    "timeline-empty": "/timeline?platform=clearview-ai&kind=postponed",
    "change": "/changes/89ef30442b",
    "change-with-notice": "/changes/afd2594ca4",
    "platforms": "/platforms",
    "platform": "/platforms/x",
    "platform-asof": "/platforms/x?asof=2024-06-01",
    "search": "/search?q=is+x+training+on+my+posts",
    "search-empty": "/search?q=zzzzzz",
    "matrix": "/matrix?category=assistant",
    "matrix-list": "/matrix?view=list&place=EU",
    "compare": "/compare?p=x&p=facebook&p=threads",
    "checklist-picker": "/checklist",
    "checklist": "/checklist?p=x&p=facebook&place=EU",
    "checklist-unknown": "/checklist?names=x,+chirp",
    "guides": "/guides",
    "guides-filtered": "/guides?q=x&category=social",
    "guide": "/guides/x-grok-training",
    "corrections": "/corrections",
    "answers": "/answers?q=x,+facebook,+slack",
    "next": "/next",
    "numbers": "/numbers",
    "then-and-now": "/numbers/then-and-now",
    "claims": "/claims",
    "claim": "/claims/gmail-trains-gemini",
    "roles": "/for",
    "role": "/for/parents",
    "acts": "/search?q=which+authorities+acted+against+facebook+or+x",
    "reports": "/reports",
    "feeds": "/feeds",
    "status": "/status",
    "about": "/about",
    "privacy": "/privacy",
    "methodology": "/methodology",
    "not-found": "/nowhere",
}
#: Their own tests ask for the rest.
FOR_PROGRAMS = {"api": "/api", "data": "/data", "evidence": "/evidence", "year": "/2024"}
#: Forms that are sent hold a cookie against forgery.
FORMS = {"subscribe": "/subscribe", "manage-link": "/alerts"}


@pytest.mark.parametrize(
    ("width", "script"), some([(360, False), (1280, False), (1280, True), (360, True)], 2)
)
def test_is_x_training_on_my_posts_since_when_and_how_do_i_stop_it(open_page, width, script):
    page = open_page("/", width=width, script=script)
    page.get_by_label("What do you use?").fill("X")
    follow(page.get_by_role("button", name="Answer"))
    follow(page.get_by_role("main").get_by_role("link", name="X", exact=True))
    assert "Yes, as reported, unless you opt out" in page.locator(".verdict").inner_text()
    use = page.locator("#grok-training")
    assert "On unless you refuse" in use.inner_text()
    assert "since 16 July 2024" in use.inner_text()
    follow(use.get_by_role("link", name="How to say no").first)
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Turn off AI training on your X posts and Grok chats"
    )
    assert page.locator(".steps .step").first.is_visible()
    keep_screenshot(page, f"two-clicks-{width}-{'script' if script else 'plain'}")


@pytest.mark.parametrize(
    ("language", "places"), [("", ("", "?place=GB", "?place=DE")), ("/de", ("?place=DE",))]
)
def test_the_answer_since_when_and_the_way_out_are_seen_without_scrolling(
    open_page, language, places
):
    screen = 740  # the height of a small phone in pixels
    page = open_page(f"{language}/about", width=360)
    for name in some(("x", "facebook", "whatsapp", "chatgpt", "linkedin"), 2):
        for query in places:
            page.goto(f"{language}/platforms/{name}{query}")
            parts = (".verdict-answer", ".verdict-since", ".way-buttons .button", ".verdict-way")
            for part in parts:
                for box in (each.bounding_box() for each in page.locator(part).all()):
                    assert box["y"] + box["height"] <= screen, (name, query, part)


ROOM_BESIDE_PLACEHOLDER = """box => {
  const style = getComputedStyle(box), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const inside = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return inside - pen.measureText(box.placeholder).width - 20;  // the browser's own cross
}"""


@pytest.mark.parametrize("language", ["", "/de", "/fr"])
def test_the_first_screen_says_the_number_the_way_out_who_says_so_and_how_all_divide(
    open_page, language
):
    screen = 740
    page = open_page(f"{language}/", width=360)
    number = page.locator(".answer-figure a").first.bounding_box()
    assert number["y"] + number["height"] <= screen / 2
    for line in (page.locator(".opening .promise"), page.locator(".opening .who")):
        box = line.bounding_box()
        assert box["y"] + box["height"] <= screen
        assert box["height"] < 32  # one line
    way_out = page.locator(".opening .promise").bounding_box()
    assert number["y"] - way_out["y"] - way_out["height"] >= 12
    assert page.locator("#box").evaluate(ROOM_BESIDE_PLACEHOLDER) >= 0
    for each in [page.locator(".shares-bar"), *page.locator(".shares-key li").all()[:2]]:
        box = each.bounding_box()
        assert box["y"] + box["height"] <= screen
    page.locator(".opening .promise a").click()
    assert page.url.endswith(f"{language}/guides")


def test_the_way_out_is_reached_by_few_keys(open_page):
    page = open_page("/platforms/x")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips the menu
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.way-buttons')"):
            return
    pytest.fail("no way out after 8 keys")


@pytest.mark.parametrize("language", ["", "/de"])
def test_a_change_says_what_this_site_is_the_state_and_the_way_out_above_the_fold(
    open_page, language
):
    screen = 740
    page = open_page(f"{language}/timeline", width=360)
    links = page.locator("#results .row-title a").all()
    addresses = list(dict.fromkeys(link.get_attribute("href") for link in links))[:12]
    assert addresses
    ways = 0
    for address in addresses:
        page.goto(address)
        # A change with a guide leads to it; one without leads to the answer of its platform.
        guide = page.locator(".change-way .button")
        way = guide if guide.count() else page.locator(".change-platform").first
        ways += guide.count()
        for part in (page.locator(".about-us"), page.locator(".change-states"), way):
            for box in (each.bounding_box() for each in part.all()):
                assert box["y"] + box["height"] <= screen, (address, part)
    assert ways


# The views asked for most come before the changes; the second way to skip passes them.
@pytest.mark.parametrize(
    ("skip", "most"), [("Skip to the content", 22), ("Skip to the changes", 3)]
)
def test_the_first_change_is_reached_by_few_keys(open_page, skip, most):
    page = open_page("/timeline")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != skip:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.row')"):
            return
    pytest.fail(f"no change after {most} keys")


@pytest.mark.parametrize("width", [360, 700, 1280])
def test_a_comparison_says_whether_its_columns_go_on(open_page, width):
    for names in (("x", "facebook"), ("x", "facebook", "threads", "linkedin")):
        page = open_page(f"/compare?{'&'.join(f'p={name}' for name in names)}", width=width)
        goes_on = page.locator(".compared-platforms").evaluate(
            "it => it.scrollWidth > it.clientWidth"
        )
        assert page.get_by_text("The table goes on to the right.").is_visible() == goes_on


def test_one_box_answers_for_several_services(open_page):
    page = open_page("/", width=360, script=False)
    page.get_by_label("What do you use?").fill("is x training on my posts, facebook")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answers?*")
    line = page.locator(".box-line").first
    assert line.get_by_role("link", name="X", exact=True).is_visible()
    assert "unless you opt out" in line.inner_text()
    assert page.locator(".box-line").count() == 2
    line.locator(".button").click()
    page.wait_for_url("**/guides/x-grok-training#steps")
    assert page.locator(".steps .step").first.is_visible()


def test_the_box_suggests_the_last_of_several_names(open_page):
    page = open_page("/")
    page.get_by_label("What do you use?").press_sequentially("x, face")
    options = page.locator("#box-names option")
    assert [each.get_attribute("value") for each in options.all()] == ["x, Facebook"]


def test_on_a_phone_a_comparison_is_below_each_other_and_names_the_platforms(open_page):
    page = open_page("/compare?p=x&p=facebook", width=360)
    boxes = [each.bounding_box() for each in page.locator(".compared-platforms tbody td").all()[:2]]
    assert boxes[0]["y"] < boxes[1]["y"]
    shown = page.locator(".compared-platforms tbody td").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert shown == '"X"'


def test_a_checklist_is_made_ticked_and_kept_by_its_address_without_script(open_page):
    page = open_page("/checklist", script=False)
    page.get_by_label("X", exact=True).check()
    page.get_by_label("You live in").select_option("EU")
    follow(page.get_by_role("button", name="Make my checklist").last)
    tasks = page.locator("section[aria-labelledby=open] > .tasks > .task")
    before = tasks.count()
    follow(page.get_by_role("link", name="Mark as done").first)
    assert "d=" in page.url
    assert f"1 of {before} done" in page.get_by_role("status").inner_text()
    page.goto(page.url)
    assert page.locator(".task-done").count() == 1


def test_the_matrix_on_a_small_screen_keeps_its_heads_in_view_and_is_reached_by_keyboard(
    open_page,
):
    page = open_page("/matrix", width=800)
    region = page.get_by_role("region", name="Matrix of platforms and kinds of data")
    region.focus()
    page.keyboard.press("End")
    region.evaluate(
        """region => new Promise((done, fail) => {
            region.addEventListener('scroll', done, {once: true});
            if (region.scrollTop > 0) done();
            setTimeout(fail, 10000, 'the matrix did not scroll');
        })"""
    )
    edge = region.bounding_box()
    head = page.get_by_role("columnheader", name="Platform").bounding_box()
    assert abs(head["y"] - edge["y"]) < 4
    assert page.evaluate("document.documentElement.scrollHeight") < 3000


def test_the_matrix_scrolls_with_the_page_where_all_columns_fit(open_page):
    page = open_page("/matrix", width=1280)
    page.get_by_role("link", name="X", exact=True).scroll_into_view_if_needed()
    page.mouse.wheel(0, 3000)
    head = page.get_by_role("columnheader", name="Platform")
    page.wait_for_function(
        "document.querySelector('.matrix thead th').offsetParent && scrollY > 400"
    )
    assert abs(head.bounding_box()["y"]) < 4
    assert page.get_by_role("columnheader").last.bounding_box()["x"] < 1280


@pytest.mark.parametrize("width", some([768, 1024, 1200, 1280], 2))
def test_the_menu_is_one_line_on_tablets_and_wider_screens(open_page, width):
    for language in ("", "/de", "/fr"):
        page = open_page(f"{language}/about", width=width)
        lines = {each.bounding_box()["y"] for each in page.locator(".nav li").all()}
        assert max(lines) - min(lines) < 8, (language, lines)


def test_the_matrix_on_a_phone_goes_down_by_platform_and_letter(open_page, whole_site):
    page = open_page("/matrix", width=360, script=False)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    heights = [line.bounding_box()["height"] for line in page.locator(".matrix tbody tr").all()]
    assert sum(heights) / len(heights) < 48
    assert page.locator(".matrix-region").evaluate("it => it.scrollWidth <= it.clientWidth")
    row = page.locator(".matrix tbody tr").filter(has=page.get_by_role("link", name="Airbnb"))
    assert not any(each.is_visible() for each in row.locator("td").all())
    row.locator("th summary").click()
    cells = [each for each in row.locator("td").all() if each.is_visible()]
    kinds = [each.evaluate("cell => getComputedStyle(cell, '::before').content") for each in cells]
    assert '"images and video"' in kinds
    assert "–" not in row.inner_text()
    boxes = [each.bounding_box() for each in cells]
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes})
    page.get_by_role("navigation", name="Platforms by letter").get_by_role("link", name="W").click()
    page.wait_for_function("scrollY > 3000")
    reached = page.locator(":target")
    assert reached.locator("th").inner_text().startswith("W")
    assert -1 <= reached.bounding_box()["y"] < 700


@pytest.mark.parametrize("script", [True, False])
def test_two_platforms_are_compared_side_by_side_by_typing_their_names(open_page, script):
    page = open_page("/matrix", width=360, script=script)
    page.get_by_role("link", name="Compare two to five platforms side by side").click()
    page.get_by_label("Platform 1", exact=True).fill("Twitter")
    page.get_by_label("Platform 2", exact=True).fill("Facebook")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url("**/compare?p=x&p=facebook")
    table = page.locator(".compared-platforms table")
    assert table.locator("thead th").all_inner_texts() == ["X", "Facebook"]
    assert "Yes, unless you opt out" in table.inner_text()


def test_the_comparison_is_printed_whole_as_a_list(open_page):
    page = open_page("/matrix")
    names = page.locator(".matrix tbody th").all_inner_texts()
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert [name for name in names if name not in words] == []
    assert "Yes, unless you opt out" in words
    assert "train the models behind Grok" in words


def test_the_july_2024_default_of_x_is_found_by_the_filter_of_the_timeline(open_page):
    page = open_page("/timeline", script=False)
    page.get_by_label("Platform", exact=True).select_option("X")
    page.get_by_text("More filters").click()
    page.get_by_role("checkbox", name="turned on by default").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**kind=default-on*")
    first = page.locator(".row").first
    assert "16 July 2024" in first.inner_text()
    assert "it starts ticked" in first.inner_text()
    assert "On unless you refuse" in first.inner_text()


def test_a_reader_without_a_mouse_gets_past_the_menu_and_sees_where_they_are(open_page):
    page = open_page("/platforms/x")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.evaluate("element => document.querySelector('main').contains(element)")
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


class Walk:
    """Opens every page once and notes what is wrong with any of them."""

    NARROW = (320, 360)  # widths of small phones in pixels

    def __init__(self, page):
        self.page = page
        self.too_wide = {width: {} for width in self.NARROW}
        self.small_words = {}
        self.broken_rules = {width: {} for width, _ in VIEWS}
        for name, path in some((PAGES | FOR_PROGRAMS).items(), 6):
            page.goto(path)
            self.measure(name)
            if name in PAGES:
                self.read(name)
                self.ask_axe(name)
        self.asked_elsewhere = page.asked_elsewhere.copy()
        self.cookies = page.context.cookies()
        for name, path in FORMS.items():
            page.goto(path)
            self.ask_axe(name)

    def measure(self, name):
        for width in self.NARROW:
            resize(self.page, width)
            content = self.page.evaluate("document.documentElement.scrollWidth")
            if content > width:
                self.too_wide[width][name] = content

    def read(self, name):
        open_details(self.page)
        found = self.page.evaluate(
            """[...document.querySelectorAll('body *')].filter(element =>
                [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
                && parseFloat(getComputedStyle(element).fontSize) < 12
                && !['SCRIPT', 'STYLE', 'TEMPLATE'].includes(element.tagName)
            ).map(element => element.outerHTML.slice(0, 120))"""
        )
        if found:
            self.small_words[name] = found

    def ask_axe(self, name):
        broken = broken_in_each_view(
            self.page, lambda width: keep_screenshot(self.page, f"{name}-{width}")
        )
        for width, rules in broken.items():
            self.broken_rules[width][name] = rules


@pytest.fixture
def walk(open_page, seen):
    if "reading" not in seen:
        seen["reading"] = Walk(open_page("/"))
    return seen["reading"]


@pytest.mark.xdist_group("walk")
@pytest.mark.parametrize("width", Walk.NARROW)
def test_no_page_has_to_be_scrolled_sideways_on_a_small_screen(walk, width):
    assert not walk.too_wide[width]


@pytest.mark.xdist_group("walk")
def test_nothing_is_asked_of_anybody_else_and_no_cookie_is_kept(walk):
    assert walk.asked_elsewhere == []
    assert walk.cookies == []


@pytest.mark.xdist_group("walk")
@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_no_page_breaks_a_rule_of_accessibility(walk, width, scheme):
    assert not walk.broken_rules[width]


@pytest.mark.parametrize(
    ("address", "links"), [("/for/teachers?p=x&p=slack", ".leave-out"), ("/timeline", ".tags a")]
)
def test_links_in_a_row_are_large_enough_for_a_finger(open_page, address, links):
    heights = [each.bounding_box()["height"] for each in open_page(address).locator(links).all()]
    assert heights
    assert min(heights) >= 24


@pytest.mark.parametrize("name", ["home", "timeline", "matrix", "platform"])
def test_the_first_view_is_light_and_asks_for_few_files(whole_site, open_page, name):
    page = open_page("/about")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(PAGES[name], wait_until="networkidle")
    assert 1 < len(answers) <= 10
    assert {answer.status for answer in answers} <= {200, 304}
    weights = Counter()
    for answer in answers:
        kind = answer.headers.get("content-type", "").split(";")[0]
        weights[kind] += len(gzip.compress(page.request.get(answer.url).body()))
    assert weights["text/html"] <= 40_000
    assert weights["text/css"] <= 20_200
    assert weights["text/javascript"] <= 25_000
    assert weights.total() <= 100_000


@pytest.mark.parametrize("name", ["timeline-filtered", "change", "platform", "guide"])
def test_paper_gets_the_facts_their_colours_and_the_address_but_no_controls(open_page, name):
    page = open_page(PAGES[name])
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    words = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert "Printed from" in words
    assert PAGES[name].split("?")[0].rsplit("/", 1)[-1] in words
    for control in ("Methodology", "Search", "More filters", "Older changes", "Did this work?"):
        assert control not in words
    # The colour of what is on, of which the switch in the masthead is as well.
    assert any(b".7843 .3137 .0392 rg" in sheet.get_contents().get_data() for sheet in paper.pages)
    assert len(paper.pages) <= 8


@pytest.mark.parametrize(
    "address", ["/for/teachers?p=chatgpt&p=gemini&people=organisation", "/de/for/teachers"]
)
def test_a_printed_sheet_has_no_line_without_the_name_of_its_service(open_page, address):
    page = open_page(address)
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    names = page.locator(".box-name, main h2, .letter strong").all_inner_texts()
    first_lines = [sheet.extract_text().splitlines()[0].strip() for sheet in paper.pages[1:]]
    assert [line for line in first_lines if line not in names] == []
    page.emulate_media(media="print")
    pieces = "boxes => boxes.map(box => box.getClientRects().length)"
    assert set(page.locator(".box-line").evaluate_all(pieces)) == {1}


@pytest.mark.xdist_group("walk")
def test_words_stay_large_enough_to_read_in_pictures_too(walk):
    assert not walk.small_words


def test_each_picture_has_its_finding_and_its_figures_and_weighs_little(open_page):
    page = open_page("/")
    weights = {}
    for name in ("home", "platforms", "platform", "change-with-notice"):
        page.goto(PAGES[name])
        for figure in page.locator("figure.picture").all():
            assert figure.locator("figcaption").inner_text()
            assert figure.locator("details table, dl").count() == 1
            weights[name, len(weights)] = figure.evaluate(
                """figure => [...figure.querySelectorAll('svg')]
                    .filter(svg => !svg.parentElement.closest('svg'))
                    .reduce((sum, svg) => sum + svg.outerHTML.length, 0)"""
            )
    assert len(weights) == 7
    assert max(weights.values()) < 12_000


def test_a_tick_of_the_band_leads_to_its_change_and_is_reached_by_keyboard(open_page):
    page = open_page("/platforms/x", width=360)
    tick = page.locator(".lane a").first
    tick.focus()
    assert tick.evaluate("element => document.activeElement === element")
    box = tick.bounding_box()
    assert (box["width"], box["height"]) >= (24, 24)
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/*")


def test_pictures_are_told_apart_by_shape_where_the_system_chooses_all_colours(open_page):
    page = open_page("/platforms/x")
    page.emulate_media(forced_colors="active")
    strokes = page.locator(".bar").evaluate_all(
        "bars => bars.map(bar => getComputedStyle(bar).stroke)"
    )
    assert "none" not in strokes
    heights = page.locator(".bar").evaluate_all("bars => bars.map(bar => bar.getBBox().height)")
    assert len(set(heights)) > 1
    keep_screenshot(page, "platform-forced-colors")
