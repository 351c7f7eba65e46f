"""How long a curator takes for real news, and for a platform: keys, clicks and a model of time.

The catalog has these three events; here it is loaded without them.
"""

import ipaddress

import pytest
import yaml
from django.conf import settings as project
from django.core.management import call_command

from consent.models import Entry
from platforms.models import Platform
from tests.browser.conftest import keep_screenshot
from tests.browser.effort import count_effort, effort_of, paste_here, write
from tests.browser.test_desk import at_desk  # noqa: F401  (a fixture)
from tests.databases import keep, restore
from tests.practice.site import PracticeSite
from tests.sweeps import some

pytestmark = [pytest.mark.browser]

#: What is left out of the files, by platform: these events, and what rests on them.
LEFT_OUT = {
    "x": "x-2024-07",
    "xai-grok": "x-2024-07",
    "linkedin": "linkedin-2025-11",
    "slack": "slack-2024-05",
}
#: Seconds by the model that the desk may take.
MOST_FOR_NEWS, MOST_FOR_PLATFORM = 90, 240


def without(record, left_out):
    """A part of a catalog file without the entries of these keys, and what they opened."""
    if isinstance(record, list):
        kept = (without(each, left_out) for each in record)
        return [each for each in kept if each is not None]
    if not isinstance(record, dict):
        return None if str(record).startswith(left_out) else record
    if str(record.get("key", "")).startswith(left_out):
        return None
    if "value" in record and str(record.get("opened_by", "")).startswith(left_out):
        return None
    parts = {name: without(each, left_out) for name, each in record.items()}
    if parts.get("states") == []:
        return None  # the branch came with the event
    return {name: each for name, each in parts.items() if each is not None}


@pytest.fixture
def site(transactional_db, live_server, tmp_path_factory):
    kept = tmp_path_factory.getbasetemp() / "without-news.sqlite3"
    if kept.exists():
        restore(kept)
        return live_server.url
    folder = tmp_path_factory.mktemp("without") / "catalog"
    folder.mkdir()
    references = "_references.yaml"
    (folder / references).write_bytes((project.CATALOG_DIR / references).read_bytes())
    for slug, left_out in LEFT_OUT.items():
        whole = yaml.safe_load((project.CATALOG_DIR / f"{slug}.yaml").read_text("utf-8"))
        text = yaml.safe_dump(without(whole, left_out), allow_unicode=True, sort_keys=False)
        (folder / f"{slug}.yaml").write_text(text, "utf-8")
    call_command("load_catalog", folder, verbosity=0)
    keep(kept)
    return live_server.url


def article(title, publisher, day):
    page = (
        f"<!doctype html><title>{title}</title>"
        f'<meta property="og:title" content="{title}">'
        f'<meta property="og:site_name" content="{publisher}">'
        f'<meta property="article:published_time" content="{day}T09:00:00Z">'
        f"<main><p>{title}</p></main>"
    )
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


@pytest.fixture
def newspapers(settings):
    with PracticeSite() as site:
        settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        settings.FETCH_ALLOWED_PORTS = [site.port]
        settings.FETCH_HOST_PAUSE = 0.0
        settings.CONTACT_EMAIL = "ada@example.org"
        yield site


NEWS = {
    "x": {
        "platform": "X",
        "sources": [
            ("X scrapes posts to train Grok", "9to5Mac", "2024-07-26", "the setting is on"),
            ("How to stop X", "WAVY", "2024-07-27", "X did not announce the box"),
        ],
        "title": "X users find Grok training switched on by default, without notice",
        "summary": "A user pointed to a ticked box on the website that X had not announced.",
        "ticks": ["effects=came-to-light"],
        "date": None,
        "states": 0,
        "listed": "2024-07-26",
    },
    "linkedin": {
        "platform": "LinkedIn",
        "sources": [
            ("LinkedIn will soon train", "Techcratic", "2025-09-22", "starting on 3 November"),
            ("LinkedIn to use personal data", "Helle", "2025-09-23", "unless you opt out"),
        ],
        "title": "LinkedIn now trains on posts unless members in Europe, Canada, Hong Kong opt out",
        "summary": "The switch is on there too; older content counts as well.",
        "ticks": ["effects=default-on", "uses=first"],
        "places": ["EEA", "GB", "CH", "CA", "HK"],
        "date": "11032025",
        "states": 4,
        "listed": "2025-11-03",
    },
    "slack": {
        "platform": "Slack",
        "sources": [
            ("Slack under attack", "TechCrunch", "2024-05-17", "an email to opt out"),
            ("Slack T&amp;Cs", "The Register", "2024-05-20", "opted in by default"),
        ],
        "title": "Slack users find that messages train its models unless the owner opts out",
        "summary": "Wording in place since 2023 drew attention; only an e-mail stopped it.",
        "ticks": ["effects=came-to-light", "uses=first"],
        "date": None,
        "states": 0,
        "listed": "2024-05-17",
    },
}


def tick_all(page):
    """Tick each doubt and each proposed state."""
    for _ in range(page.locator("[data-key=t]:not(:checked)").count()):
        page.keyboard.press("t")


@pytest.mark.parametrize("slug", some(NEWS, 1))
def test_real_news_is_an_entry_in_ninety_seconds(at_desk, newspapers, slug, record_property):  # noqa: F811
    news = NEWS[slug]
    page = at_desk("/admin/")
    page.set_default_navigation_timeout(120_000)  # a machine with much else to do
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    count_effort(page)
    keyboard = page.keyboard
    with page.expect_navigation():
        keyboard.press("w")
    keyboard.type(news["platform"])
    keyboard.press("Tab")
    with page.expect_navigation():
        keyboard.press("Enter")
    assert page.url.endswith(f"platform={slug}")
    for number, (title, publisher, day, words) in enumerate(news["sources"]):
        path = f"/news/{number}"
        newspapers.answers[path] = lambda _, told=(title, publisher, day): article(*told)
        row = page.locator(".desk-source").nth(number)
        if number:
            row.locator("[name$=-url]").click()
        paste_here(page, f"{newspapers.url}{path}")
        keyboard.press("Tab")
        paste_here(page, words)
        row.locator("[role=status]", has_text="Filled in from the page").wait_for()
        assert row.locator("[name$=-publisher]").input_value() == publisher
        assert row.locator("[name$=-published_on]").input_value() == day
    keyboard.press("Escape")
    keyboard.press("e")
    keyboard.type(news["title"])
    keyboard.press("Tab")
    keyboard.type(news["summary"])
    for tick in news["ticks"]:
        name, value = tick.split("=")
        which = f"[name={name}]" if value == "first" else f"[name={name}][value={value}]"
        page.locator(which).first.check()
    if places := news.get("places"):
        page.locator("[name=places]").first.click()
        for place in places:
            keyboard.type(place)
            keyboard.press("Enter")
    if news["date"]:
        write(page.locator("#id_effective_on"), news["date"])
    if news["states"]:
        keyboard.press("Escape")
        with page.expect_navigation():
            keyboard.press("P")
        assert page.locator(".desk-proposal [name$=-agreed]").count() == news["states"]
        tick_all(page)
    else:
        keyboard.press("Escape")
    with page.expect_navigation():
        keyboard.press("P")
    tick_all(page)
    with page.expect_navigation():
        keyboard.press("P")
    entry = Entry.objects.published().get(title=news["title"])
    effort = effort_of(page)
    record_property("effort", f"{effort.in_short}, {slug}")
    assert str(entry.timeline_on) == news["listed"]
    assert entry.data_kinds
    assert entry.quiet
    assert entry.opened_states.count() == news["states"]
    assert effort.seconds_at(0.2) <= MOST_FOR_NEWS


USES = [
    (
        "Posts train the models of Chirp",
        "Posts do not train Chirp",
        "Public posts.",
        "public-posts",
    ),
    ("Chats train the models of Chirp", "Chats do not train Chirp", "Chats.", "private-messages"),
]
CONTROLS = [("Improve Chirp", "Settings › Privacy › Improve Chirp"), ("Train on chats", "Settings")]
STEPS = ["Open Settings → Privacy is on the left", "Choose Privacy", "Turn off Improve Chirp"]


class Form:
    """A form of the admin, filled in by somebody who goes on with Tab where that is near.

    selects: how many lists were used, each by three keys.
    """

    #: So many fields are skipped by Tab; for more the mouse is faster.
    near, selects, pointed = 8, 0, 0

    def __init__(self, page):
        self.page = page

    def type(self, name, words):
        self.reach(self.page.locator(f"[name={name}]").first)
        self.page.keyboard.type(words)

    def choose(self, name, value):
        self.selects += 1
        self.reach(self.page.locator(f"select[name={name}]"))
        self.page.locator(f"select[name={name}]").select_option(value)

    def reach(self, field):
        """Go to a field with Tab if it is near, else with the mouse."""
        steps = field.evaluate(
            """field => {
              const all = "a[href], button, input, select, textarea, summary";
              const isOpen = (each) => each.checkVisibility({contentVisibilityAuto: true})
                && !each.disabled && each.type !== "hidden" && each.tabIndex >= 0;
              const fields = [...document.querySelectorAll(all)].filter(isOpen);
              return fields.indexOf(field) - fields.indexOf(document.activeElement);
            }"""
        )
        if 0 < steps <= self.near:
            for _ in range(steps):
                self.page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            return
        if field.evaluate("field => field.matches('select')"):
            self.pointed += 1  # a click would open the list over the page
            field.focus()
        else:
            field.click(position={"x": 14, "y": 12})

    def tick(self, name, value):
        self.page.locator(f"[name={name}][value={value}]").check()

    def save(self, key=""):
        with self.page.expect_navigation():
            if key:
                self.page.keyboard.press(key)
            else:
                self.page.locator("[name=_save]").last.click()
        assert self.page.locator(".errorlist, .errornote").all_inner_texts() == []

    def follow(self, step, words):
        """Go on from the page of the platform by a link of a step."""
        with self.page.expect_navigation():
            links = self.page.locator(".desk-chain > li", has_text=step).get_by_role("link")
            links.filter(has_text=words).first.click()


@pytest.mark.drill
def test_a_platform_with_all_it_needs_takes_four_minutes(at_desk, record_property):  # noqa: F811
    page = at_desk("/admin/platforms/platform/add/")
    page.set_default_navigation_timeout(120_000)
    count_effort(page)
    form = Form(page)
    form.type("name", "Chirp")
    form.type("operator", "Chirp Inc.")
    form.type("homepage", "chirp.example")
    form.choose("category", "social")
    for number, path in enumerate(("privacy", "terms", "help/training")):
        if number:
            page.keyboard.press("Enter")
            page.keyboard.type(f"chirp.example/{path}")
        else:
            form.type("addresses", f"chirp.example/{path}")
    form.save()
    for title, if_not, covers, kind in USES:
        form.follow("Uses of data", "Add one")
        form.type("title", title)
        form.type("title_if_not", if_not)
        form.choose("purpose", "training")
        form.type("covers", covers)
        form.tick("data_kinds", kind)
        form.choose("branches-0-states-0-value", "unless-refused")
        form.type("branches-0-states-0-starts_on", "03012026")
        form.save()
        keep_screenshot(page, f"platform-use-{kind}")
    for label, path in CONTROLS:
        form.follow("Uses of data", "add its control")
        form.type("label", label)
        form.choose("refuse", "turn-off")
        form.choose("surfaces-0-surface", "web")
        form.type("surfaces-0-path", path)
        form.save()
        form.save("P")
    form.follow("Controls", "write its guide")
    form.type("minutes", "2")
    form.type("caveats", "Posts that trained a model stay in it.")
    form.type("sources-0-url", "chirp.example/help")
    form.type("sources-0-publisher", "Chirp")
    form.choose("surfaces-0-surface", "web")
    form.type("surfaces-0-step_lines", "\n".join(STEPS))
    form.save()
    form.save("P")
    page.locator("[name=listed]").check()
    form.save()
    platform = Platform.objects.get(slug="chirp")
    effort = effort_of(page)
    seconds = effort.seconds_at(0.2) + form.selects * (1.35 + 3 * 0.2) + form.pointed * 1.7
    record_property("effort", f"{effort.in_short}, {form.selects} lists, in all {seconds:.0f} s")
    assert platform.listed
    assert list(platform.pages.order_by("pk").values_list("title", "kind")) == [
        ("Privacy policy", "privacy-policy"),
        ("Terms of service", "terms"),
        ("Training", "help"),
    ]
    assert platform.uses.published().count() == platform.controls.published().count() == 2
    guide = platform.guides.published().get()
    assert guide.title == "Turn off “Improve Chirp”"
    assert guide.surfaces.get().steps.count() == 3
    assert seconds <= MOST_FOR_PLATFORM
