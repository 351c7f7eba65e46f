"""A curator's day in a real browser: by keyboard alone, and by whatever means people need."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from consent.curation import decisions
from consent.curation.cited_words import cite_words
from consent.desk import two_factors
from consent.models import (
    Change,
    Control,
    Decision,
    Entry,
    Guide,
    ReaderReport,
    ReportRuling,
    Suggestion,
    Use,
)
from consent.public.feedback.tallies import take_answer
from consent.vocabulary import ChangeStatus, Ruling, Worked
from platforms.models import Document, LentSession, Page, Platform, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import CaptureSource
from tests.arranging import arranged
from tests.browser.accessibility import broken_in_each_view, open_details
from tests.browser.conftest import follow, keep_screenshot
from tests.browser.effort import (
    NEWSPAPERS,
    count_effort,
    effort_of,
    paste,
    paste_here,
    require_little_effort,
    write,
    write_next,
)
from tests.databases import fill_once
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_platform,
    make_report,
    make_source,
    make_state,
    make_use,
)
from tests.practice.backlog import load_backlog
from tests.practice.site import PracticeSite
from tests.practice.watched import Clock, chirp, watcher
from tests.shared_data import shared_file
from tests.sweeps import DRILL, some

pytestmark = [pytest.mark.browser, pytest.mark.shared]

CASES = "data/changes-dev.jsonl.xz"


@pytest.fixture
def load_changes(transactional_db, shared_folder):
    """Let so many real changes wait, and nothing else: each of these texts as often."""

    def load(number, texts):
        kept = shared_folder / f"backlog-{number}.sqlite3"
        fill_once(kept, lambda: load_backlog(shared_file(CASES), number, texts))

    return load


@pytest.fixture
def backlog(load_changes):
    load_changes(12, texts=12)


#: How many changes wait in a long queue, how many of them one import brought, and how many of those
#: are irrelevant: more than the list has on a page.
WAITING, IMPORTED, IRRELEVANT = (300, 200, 150) if DRILL else (90, 80, 60)


@pytest.fixture
def long_backlog(load_changes):
    load_changes(WAITING, texts=WAITING // 3)


#: How many changes are published and dismissed by keyboard.
PUBLISHED, DISMISSED = (5, 20) if DRILL else (1, 3)


@pytest.fixture
def site(transactional_db, live_server):
    return live_server.url


@pytest.fixture
def at_desk(open_page, site):
    """Open a page of the desk as somebody who is logged in, by default as the editor Ada."""
    cookies = {}

    def log_in(name, role):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": site,
        }

    cookies["ada"] = log_in("ada", "Editor")

    def opener(path="/admin/consent/change/", *, name="ada", role="Editor", **window):
        if name not in cookies:
            cookies[name] = log_in(name, role)
        return open_page(path, cookies=[cookies[name]], **window)

    return opener


class Hands:
    """Fingers on a keyboard: presses keys, waits for the page that follows, counts."""

    def __init__(self, page):
        self.page = page
        self.pressed = Counter()

    def press(self, *keys, opens=""):
        for number, key in enumerate(keys, 1):
            self.pressed[key] += 1
            if opens and number == len(keys):
                with self.page.expect_navigation(url=opens):
                    self.page.keyboard.press(key)
            else:
                self.page.keyboard.press(key)

    def tick_doubts(self):
        """Tick each doubt that blocks publishing; return how many there were."""
        doubts = self.page.locator("[name=checked]:not(:checked)")
        found = doubts.count()
        for left in range(found, 0, -1):
            assert doubts.count() == left
            self.press("t")
        return found


def test_a_queue_of_hundreds_is_worked_through_by_keyboard_alone(long_backlog, at_desk):
    page = at_desk()
    hands = Hands(page)
    assert Change.objects.waiting().count() == WAITING
    hands.press("j", "Enter", opens="**/change/")
    for _ in range(PUBLISHED):
        before = hands.pressed.total()
        hands.press("P", opens="**/publish/")
        hands.press("t", "P", opens="**/publish/")
        doubts = hands.tick_doubts()
        hands.press("P", opens="**/change/")
        assert hands.pressed.total() - before <= 6 + doubts
    hands.press("u", opens="**/change/")
    hands.press("P", opens="**/publish/")
    hands.press("t", "P", opens="**/publish/")
    hands.tick_doubts()
    hands.press("P", opens="**/change/")
    shown = set(Entry.objects.published().values_list("platforms", flat=True))
    like = next(each for each in Change.objects.waiting() if each.page.platform_id in shown)
    page.goto(f"/admin/consent/change/{like.pk}/change/")
    hands.press("m", "1", opens="**/change/")
    for number in range(DISMISSED):
        hands.press("d", str(number % 5 + 1), opens="**/change/")
    hands.press("d", "1", opens="**/change/")
    hands.press("u", opens="**/change/")
    assert "Taken back" in page.locator(".messagelist").inner_text()
    rulings = Counter(Decision.objects.values_list("ruling", flat=True))
    # Each text waits three times, the merged one twice more: what says the same is decided once.
    dismissed = rulings.pop(Ruling.DISMISS)
    assert dismissed in (3 * (DISMISSED + 1), 3 * (DISMISSED + 1) - 1)
    assert rulings == {Ruling.PUBLISH: PUBLISHED + 1, Ruling.MERGE: 1, Ruling.UNDO: 1 + 3}
    assert Entry.objects.published().count() == PUBLISHED
    assert Change.objects.filter(status=ChangeStatus.DISMISSED).count() == dismissed - 3
    assert Change.objects.waiting().count() == WAITING - PUBLISHED - 1 - (dismissed - 3)


def test_keys_are_still_while_somebody_types_and_when_they_are_turned_off(backlog, at_desk):
    page = at_desk(f"/admin/consent/change/{Change.objects.waiting().by_weight()[0].pk}/change/")
    page.keyboard.press("d")
    note = page.locator(".desk-ruling[open] input[name=note]")
    note.focus()
    page.keyboard.type("1 2 d u P")
    assert note.input_value() == "1 2 d u P"
    assert not Decision.objects.exists()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys on").click()
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.reload()
    assert page.get_by_role("button", name="Keys off").is_visible()
    page.keyboard.press("d")
    page.keyboard.press("1")
    assert page.locator(".desk-ruling[open]").count() == 0
    assert not Decision.objects.exists()


def test_a_key_that_is_held_down_decides_once(backlog, at_desk):
    first = Change.objects.waiting().by_weight()[0]
    page = at_desk(f"/admin/consent/change/{first.pk}/change/")
    dismiss = page.locator(".desk-ruling", has=page.locator('summary[data-key="d"]'))
    page.keyboard.down("d")
    assert dismiss.get_attribute("open") is not None
    for _ in range(3):
        page.keyboard.down("d")  # the browser marks it as a repeat
    assert dismiss.get_attribute("open") is not None
    page.keyboard.up("d")
    with page.expect_navigation():
        page.keyboard.down("1")
    for _ in range(5):
        page.keyboard.down("1")
    page.keyboard.up("1")
    assert Decision.objects.count() == 1


def test_the_keys_are_explained_on_every_page_and_put_away_again(backlog, at_desk):
    page = at_desk("/admin/platforms/page/")
    page.keyboard.press("?")
    keys = page.get_by_text("undo your last decision, for ten minutes")
    assert keys.is_visible()
    assert keys.bounding_box()["y"] < 900  # without scrolling
    page.keyboard.press("Escape")
    assert not keys.is_visible()


@pytest.mark.parametrize("width", [1280, 1024, 360])
def test_the_words_about_training_come_first_with_the_suggestion_beside_them(
    backlog, at_desk, width
):
    first = Change.objects.waiting().by_weight()[0]
    page = at_desk(f"/admin/consent/change/{first.pk}/change/", width=width)
    words, suggestion, waiting = (
        page.locator(selector).bounding_box()
        for selector in ("#words", ".desk-beside", ".desk-signals")
    )
    assert words["y"] < 600
    if width == 360:
        assert words["y"] < suggestion["y"] < waiting["y"]
    else:
        assert words["y"] == pytest.approx(suggestion["y"], abs=80)
        assert waiting["x"] < words["x"] < suggestion["x"]
        assert waiting["width"] < 250
    assert not page.locator("#difference").is_visible()
    fold = page.locator(".desk-whole > summary").inner_text()
    words, _, count = fold.partition(": ")
    assert words == "The whole difference"
    # A long one is shown in parts.
    assert int(count.split()[0]) >= page.locator(".desk-whole .diff-hunk").count() > 0
    page.keyboard.press("a")
    assert page.locator("#difference").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 360])
def test_the_form_has_the_words_beside_or_above_it_and_the_frame_is_low(backlog, at_desk, width):
    first, second = Change.objects.waiting().by_weight()[:2]
    decisions.dismiss(second, curator=User.objects.get(username="ada"), reason="noise")
    page = at_desk(f"/admin/consent/change/{first.pk}/publish/", width=width)
    frame = [page.locator(part).bounding_box() for part in (".masthead", ".desk-bar", ".desk-undo")]
    words, title = (page.locator(part).bounding_box() for part in ("#words", "#id_title"))
    if width == 360:
        assert max(box["height"] for box in frame) < 60  # one line each, with buttons
        assert words["y"] < title["y"]
    else:
        assert words["x"] > title["x"] + title["width"]
        assert words["y"] < 900
    counted = page.locator("#id_title + span")
    page.locator("#id_title").fill("Chirp trains")
    assert counted.inner_text() == "12 of 140"


def test_the_keys_for_passages_pass_over_dates(backlog, at_desk):
    change = Change.objects.waiting().by_weight()[0]
    before, after = (
        "\n\n".join((f"Last updated: {day} May 2026", *(f"Paragraph {n}." for n in range(9)), end))
        for day, end in ((3, "We do not train."), (9, "We train our models on posts."))
    )
    for document, text in ((change.before_document, before), (change.after_document, after)):
        Document.objects.filter(pk=document.pk).update(text=text)
    Suggestion.objects.filter(change=change).update(passages=[])
    page = at_desk(f"/admin/consent/change/{change.pk}/change/")
    page.keyboard.press("n")
    assert "train our models on posts." in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("p")
    assert "Last updated" not in page.evaluate("document.activeElement.textContent")


def test_reports_are_ruled_on_by_keyboard_alone_one_at_a_time(transactional_db, at_desk):
    oldest, address, kept, newest = (
        make_report(text=f"report {days}", address="a@b.example", sent_at=days_ago(days))
        for days in (4, 3, 2, 1)
    )
    page = at_desk("/admin/consent/readerreport/queue/")
    hands = Hands(page)
    hands.press("d", "1")  # on none of them yet
    assert not ReportRuling.objects.exists()
    hands.press("j", "j", "Enter", "d", "d", "2", opens="**/queue/")
    assert statuses() == {oldest: "open", address: "answered", kept: "open", newest: "open"}
    hands.press("k", "d", "4", opens="**/queue/")
    assert statuses()[newest] == "spam"
    hands.press("u", opens="**/queue/")
    assert statuses()[newest] == "open"
    hands.press("j", "d", "1", opens="**/queue/")
    assert statuses() == {oldest: "acted-on", address: "answered", kept: "open", newest: "open"}
    hands.press("?")
    assert page.get_by_text("rule on a report").is_visible()


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def statuses():
    return {report: report.status for report in ReaderReport.objects.order_by("sent_at")}


def test_every_key_has_a_button_or_a_link_that_can_be_seen(backlog, at_desk):
    page = at_desk(f"/admin/consent/change/{Change.objects.waiting().by_weight()[1].pk}/change/")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for key in ("j", "k", "n", "p", "v", "P,e", "d", "z", "m", "?", "d 1", "d 5", "z 1"):
        assert page.locator(f'[data-key="{key}"]').first.is_visible(), key


def test_a_change_is_dismissed_and_published_without_script(backlog, at_desk):
    first = Change.objects.waiting().by_weight()[0]
    page = at_desk(f"/admin/consent/change/{first.pk}/change/", script=False)
    page.locator("summary", has_text="Dismiss").click()
    follow(page.get_by_role("button", name="Wording"))
    assert Decision.objects.get().reason == "wording"
    follow(page.get_by_role("link", name="Draft or publish an entry"))
    for proposal in page.locator("[name$=-agreed]").all():
        proposal.check()
    follow(page.get_by_role("button", name="Look at what readers will get"))
    follow(page.get_by_role("button", name="Publish now"))
    assert Entry.objects.published().count() == 1


@pytest.fixture
def desk_pages(backlog, at_desk):
    change = Change.objects.waiting().by_weight()[0]
    use = make_use(change.page.platform, data_kinds=["public-posts"], except_places=["EEA"])
    make_state(use)
    with arranged():
        make_branch(use, places=["EEA"])
        use.pages.add(change.page)
    make_state(use.branches.last(), "only-if-agreed")
    control = make_control(use)
    guide = make_guide(change.page.platform, control)
    draft = make_control(use, status="draft", name="Objection form", refuse="submit")
    with arranged():
        guide.pages.add(change.page)
    make_report(about="/platforms/x", url="https://news.example/", address="ada@mail.example")
    make_report(kind="platform", name="Chirp", text="")
    for _ in range(3):
        take_answer(guide, Worked.NO, surface="web", step=1, note="There is no such menu.")
    page = change.page
    page.health, page.gaps_in_a_row = "failing", 4
    page.save()
    visited(page)
    proposed = propose(make_platform("chirp"))
    by_hand = make_entry(change.page.platform, status="draft", published_at=None)
    make_source(by_hand)
    published = make_entry(change.page.platform)
    make_source(published)
    two_factors.begin(User.objects.get(username="ada"))
    return {
        "desk-list": "/admin/consent/change/",
        "desk-item": f"/admin/consent/change/{change.pk}/change/",
        "desk-item-side": f"/admin/consent/change/{change.pk}/change/?view=side",
        "desk-publish": f"/admin/consent/change/{change.pk}/publish/",
        "desk-guides": "/admin/consent/guide/queue/",
        "desk-guide": f"/admin/consent/guide/{guide.pk}/check/",
        "desk-health": "/admin/consent/change/health/",
        "desk-dates": "/admin/consent/change/dates/",
        "desk-reports": "/admin/consent/readerreport/queue/",
        "desk-numbers": "/admin/consent/change/numbers/",
        "desk-by-hand": f"/admin/consent/entry/{by_hand.pk}/publish/",
        "desk-choose": "/admin/consent/entry/write/",
        "desk-write": f"/admin/consent/entry/write/?platform={by_hand.platforms.get().slug}",
        "desk-revise": f"/admin/consent/entry/{published.pk}/revise/",
        "desk-mail": "/admin/consent/change/mail/",
        "desk-reviews": "/admin/consent/entry/reviews/",
        "desk-review": f"/admin/consent/entry/{proposed.pk}/review/",
        "desk-record": f"/admin/consent/control/{draft.pk}/publish/",
        "desk-withdraw": f"/admin/consent/use/{use.pk}/withdraw/",
        "desk-page-health": f"/admin/platforms/page/{page.pk}/health/",
        "desk-preview": f"/admin/platforms/page/{page.pk}/preview/",
        "desk-noise": f"/admin/platforms/page/{page.pk}/noise/",
        "desk-two-factors": "/admin/two-factors/",
    }


def visited(page):
    """A month of visits, good and bad, and a capture that was held back."""
    outcomes = [Outcome.READ] * 6 + [Outcome.TIMEOUT, Outcome.BOT_WALL]
    for number in range(50):
        at = timezone.now() - timedelta(hours=14 * number)
        make_fetch(page, outcomes[number % len(outcomes)], at=at)
    page.snapshots.filter(pk=page.snapshots.last().pk).update(
        quarantined_as=Outcome.BOT_WALL, quarantine_detail="a challenge instead of the page"
    )


def propose(platform):
    """An entry that another editor sent to a second reviewer."""
    with arranged():
        Platform.objects.filter(pk=platform.pk).update(second_review=True)
    entry = make_entry(platform, status="draft", published_at=None)
    cite_words(make_source(entry), "We use your posts to improve our models.")
    first = User.objects.create_user("grace", is_staff=True)
    return decisions.publish_by_hand(entry, curator=first)


def test_no_page_of_the_desk_breaks_a_rule_of_accessibility(desk_pages, at_desk):
    page = at_desk()
    found = {}
    for name, path in some(desk_pages.items(), 5):
        page.goto(path)
        if name in ("desk-publish", "desk-by-hand"):
            follow(page.get_by_role("button", name="Look at what readers will get"))
        if name == "desk-revise":
            page.locator("summary", has_text="Move its date").click()
            page.get_by_label("New date").fill("2099-05-01")
            page.locator("#id_postpone-reason").fill("Put off.")
            follow(page.get_by_role("button", name="Look at what changes: move its date"))
        broken = broken_in_each_view(page, picture(page, name))
        if broken:
            found[name] = broken
    assert not found


def picture(page, name):
    return lambda width: keep_screenshot(page, f"{name}-{width}", full_page=False)


@pytest.fixture
def admin_pages(desk_pages):
    """The admin's own pages that curators and administrators use."""
    ada = User.objects.get(username="ada")
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    page, use = Page.objects.filter(health="failing").get(), Use.objects.get()
    control, guide = Control.objects.filter(status="draft").get(), Guide.objects.get()
    draft = Entry.objects.filter(status="draft", reviewer=None).get()
    LentSession.objects.create(
        platform=page.platform, cookies=b"x", lent_by=ada, expires_at=days_ago(1)
    )
    return {
        "index": "/admin/",
        "pages": "/admin/platforms/page/",
        "page": f"/admin/platforms/page/{page.pk}/change/",
        "new-page": "/admin/platforms/page/add/",
        "platforms": "/admin/platforms/platform/",
        "platform": f"/admin/platforms/platform/{page.platform_id}/change/",
        "captures": "/admin/platforms/snapshot/",
        "capture": f"/admin/platforms/snapshot/{page.snapshots.last().pk}/change/",
        "sessions": "/admin/platforms/lentsession/",
        "lend": "/admin/platforms/lentsession/add/",
        "ended": "/admin/consent/change/health/?all",
        "uses": "/admin/consent/use/",
        "use": f"/admin/consent/use/{use.pk}/change/",
        "history": f"/admin/consent/use/{use.pk}/history/",
        "control": f"/admin/consent/control/{control.pk}/change/",
        "delete": f"/admin/consent/control/{control.pk}/delete/",
        "guides": "/admin/consent/guide/",
        "guide": f"/admin/consent/guide/{guide.pk}/change/",
        "entries": "/admin/consent/entry/",
        "draft": f"/admin/consent/entry/{draft.pk}/change/",
        "outbox": "/admin/consent/alert/",
        "users": "/admin/auth/user/",
        "user": f"/admin/auth/user/{ada.pk}/change/",
        "invite": "/admin/auth/user/invite/",
        "password": "/admin/password_change/",
        "samples": "/admin/consent/change/samples/",
        "nowhere": "/admin/nowhere/",
    }


def test_no_page_of_the_admin_breaks_a_rule_of_accessibility(admin_pages, at_desk):
    page = at_desk()
    found = {}

    def look(name):
        def measure(width):
            keep_screenshot(page, f"admin-{name}-{width}", full_page=False)
            open_details(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[name, width, "too wide"] = True

        if broken := broken_in_each_view(page, measure):
            found[name] = broken

    for name, path in some(admin_pages.items(), 3):
        page.goto(path)
        look(name)
    follow(page.get_by_role("button", name="Log out"))
    look("logged-out")
    assert not found


def test_the_door_breaks_no_rule_of_accessibility(open_page):
    ada = User.objects.create_superuser("ada", password="a right good password")
    two_factors.finish(two_factors.begin(ada), code_of(ada))
    page = open_page("/admin/login/?next=/admin/")
    found = {}

    def look(name):
        if broken := broken_in_each_view(page, picture(page, name)):
            found[name] = broken

    def log_in(name):
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill("a right good password")
        follow(page.get_by_role("button", name="Log in"))

    log_in("ada")
    page.get_by_label("Code from your phone").wait_for()
    look("desk-code")
    for _ in range(5):
        page.goto("/admin/login/")
        log_in("eve")
    page.get_by_text("Too many attempts").first.wait_for()
    look("desk-locked-out")
    assert not found


def code_of(user):
    """What the phone of somebody shows now."""
    totp = TOTP(TOTPDevice.objects.get(user=user).bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


def test_an_entry_from_three_articles_is_published_and_a_wrong_retraction_undone(
    transactional_db, at_desk
):
    """As a person does it: every field is typed once, every button is on the page shown last."""
    make_platform("chirp", name="Chirp")
    page = at_desk("/admin/consent/change/dates/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    count_effort(page)
    follow(page.get_by_role("link", name="Write an entry from outside sources"))
    page.get_by_label("Platforms").locator("option", has_text="Chirp").click()
    follow(page.get_by_role("button", name="Go on"))
    for number, newspaper in enumerate(NEWSPAPERS):
        row = page.locator(".desk-source").nth(number)
        paste(row.locator("[name$=-url]"), f"https://{newspaper.address}/2026/03/01/chirp-trains")
        page.keyboard.press("Tab")
        paste_here(page, newspaper.words)
        write_next(row.locator("[name$=-publisher]"), newspaper.name)
    write(page.locator("#id_title"), "Chirp trains its models on posts")
    write_next(page.locator("#id_summary"), "Three newspapers report it.")
    page.get_by_label("turned on by default").check()
    page.get_by_label("public posts").check()
    write(page.locator("#id_effective_on"), "03012026")
    follow(page.get_by_role("button", name="Look at what readers will get"))
    follow(page.get_by_role("button", name="Publish now"))
    entry = Entry.objects.published().get()
    assert entry.sources.count() == 3
    assert {str(source.published_on) for source in entry.sources.all()} == {"2026-03-01"}
    assert str(entry.effective_on) == "2026-03-01"
    require_little_effort(effort_of(page))
    follow(page.locator(".messagelist a"))
    assert page.get_by_role("heading", name=entry.title).first.is_visible()
    page.goto(f"/admin/consent/entry/{entry.pk}/revise/")
    page.locator("summary", has_text="Retract it").click()
    page.locator("#id_retract-reason").fill("It was a hoax.")
    follow(page.get_by_role("button", name="Look at what changes: retract it"))
    follow(page.get_by_role("button", name="Make it public"))
    entry.refresh_from_db()
    assert entry.status == "retracted"
    follow(page.get_by_role("button", name="Undo"))
    entry.refresh_from_db()
    assert entry.status == "published"


@pytest.fixture
def imported(long_backlog):
    """All but some changes of one import are irrelevant; others of our own visits wait too."""
    keys = list(Change.objects.waiting().order_by("pk").values_list("pk", flat=True))[:IMPORTED]
    with arranged():
        Snapshot.objects.filter(change__in=keys).update(source=CaptureSource.OPEN_TERMS_ARCHIVE)
        found = Suggestion.objects.filter(change__in=keys)
        found.update(relevant=True, direction="less-control", confidence=0.9)
        found.filter(change__in=keys[:IRRELEVANT]).update(relevant=False, direction="neutral")
    return keys


def test_the_irrelevant_changes_of_an_import_are_dismissed_together_and_undone(imported, at_desk):
    """The browser counts: keys, clicks, pages."""
    page = at_desk()
    count_effort(page)
    for filter_ in ("Open Terms Archive, ", "below 0.5"):
        follow(page.locator("#changelist-filter").get_by_role("link", name=filter_))
    page.locator("#action-toggle").check()
    page.get_by_text(f"Select all {IRRELEVANT}").click()
    action = page.locator("select[name=action]")
    # By keys, for a list that is opened is a window of its own, whose events no page sees.
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    for _ in range(3):  # past noise and wording
        page.keyboard.press("ArrowDown")
    assert action.input_value() == "dismiss-not-training"
    follow(page.locator("button[name=index]"))
    dismissed = Decision.objects.filter(ruling=Ruling.DISMISS).values_list("change", flat=True)
    assert set(dismissed) == set(imported[:IRRELEVANT])
    assert len(dismissed) == IRRELEVANT
    follow(page.get_by_role("button", name="Undo"))
    assert Change.objects.waiting().count() == WAITING
    effort = effort_of(page)
    assert effort.keys == 5
    assert effort.keys + effort.clicks <= 60
    assert effort.loads <= 12


@pytest.mark.drill  # each step without a browser: tests/consent/desk/test_versions.py
def test_a_draft_is_sent_back_sent_again_and_published_again_after_an_undo(backlog, at_desk):
    with arranged():
        Platform.objects.update(second_review=True)
    address = f"/admin/consent/change/{Change.objects.waiting().by_weight()[0].pk}/change/"
    cy = at_desk(address, name="cy", role="Curator")
    follow(cy.get_by_role("link", name="Draft or publish an entry"))
    cy.locator("#id_summary").fill("What the curator wrote.")
    follow(cy.get_by_role("button", name="Save as draft"))

    ada = at_desk(address)
    hands = Hands(ada)
    hands.press("P", opens="**/publish/")
    assert ada.locator("#id_summary").input_value() == "What the curator wrote."
    hands.press("t", "P", opens="**/publish/")
    hands.press("P", opens="**/change/")

    bob = at_desk(name="bob")

    def open_review():
        bob.goto("/admin/")
        follow(bob.get_by_role("link", name="Second review (1)"))
        follow(bob.locator("#content tbody th a"))

    open_review()
    bob.locator("[name=note]").fill("Wrong region.")
    follow(bob.get_by_role("button", name="Send back to the drafts"))
    ada.goto(address)
    hands.press("P", opens="**/publish/")
    hands.press("t", "P", opens="**/publish/")
    hands.press("P", opens="**/change/")
    open_review()
    follow(bob.get_by_role("button", name="Confirm and publish"))
    assert Entry.objects.published().count() == 1
    follow(bob.get_by_role("button", name="Undo"))
    assert not Entry.objects.published().exists()
    open_review()
    follow(bob.get_by_role("button", name="Confirm and publish"))
    assert Entry.objects.published().get().summary == "What the curator wrote."


@pytest.fixture
def two_steps(transactional_db):
    return make_guide(make_platform(), source_changed_at=timezone.now())


def shown(page):
    return page.locator(".desk-preview .desk-act").all_text_contents()


def test_the_preview_of_a_guide_follows_what_is_typed_and_moved(two_steps, at_desk):
    page = at_desk(f"/admin/consent/guide/{two_steps.pk}/check/")
    assert shown(page) == ["Open the settings.", "Clear the box."]
    assert page.get_by_text("Not saved yet.").is_hidden()
    page.get_by_label("Do", exact=True).nth(2).fill("Press <b>Save</b>.")
    assert shown(page) == ["Open the settings.", "Clear the box.", "Press <b>Save</b>."]
    assert page.get_by_text("Not saved yet.").is_visible()
    up = page.get_by_role("button", name="Up step 3")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the focus went with the step
    assert shown(page) == ["Press <b>Save</b>.", "Open the settings.", "Clear the box."]
    assert page.get_by_role("status").text_content() == "It is step 1 now."
    follow(page.get_by_role("button", name="Steps changed: save these"))
    acts = two_steps.surfaces.get().steps.values_list("act", flat=True)
    assert list(acts) == ["Press <b>Save</b>.", "Open the settings.", "Clear the box."]
    assert page.locator("text=Walked before").count() == 1


def test_a_guide_is_edited_without_script_too(two_steps, at_desk):
    page = at_desk(f"/admin/consent/guide/{two_steps.pk}/check/", script=False)
    page.get_by_label("Do", exact=True).nth(2).fill("Press Save.")
    follow(page.get_by_role("button", name="Up step 3"))
    assert shown(page) == ["Open the settings.", "Press Save.", "Clear the box."]
    assert page.get_by_text("Not saved yet.").is_visible()
    follow(page.get_by_role("button", name="Steps changed: save these"))
    assert two_steps.surfaces.get().steps.count() == 3


def test_rows_of_a_list_are_added_moved_and_removed(transactional_db, at_desk):
    with arranged():
        use = make_use(make_platform("chirp"))
        guide = make_guide(use.platform, make_control(use), caveats=["One.", "Two."])
        Guide.objects.update(status="draft", status_reason="Not walked yet.")
    page = at_desk(f"/admin/consent/guide/{guide.pk}/change/")
    rows = page.locator("[data-rows]", has=page.locator("[name=caveats]"))
    box, press = rows.locator("[name=caveats]"), rows.get_by_role("button")
    assert box.count() == 4
    press.filter(has_text="Add a row").click()
    assert page.evaluate("document.activeElement.name") == "caveats"
    page.keyboard.type("Five.")
    press.filter(has_text="Remove").nth(0).click()
    press.filter(has_text="↑").nth(3).click()
    follow(page.locator("[name=_save]"))
    guide.refresh_from_db()
    assert guide.caveats == ["Two.", "Five."]
    page.goto(f"/admin/consent/use/{use.pk}/change/")
    assert page.locator("#place-names option[value=Germany]").count() == 1
    assert page.locator("[name=branches-0-places]").first.get_attribute("list") == "place-names"


def test_selectors_are_tried_on_the_stored_capture_while_they_are_typed(transactional_db, at_desk):
    with PracticeSite() as practice:
        page = chirp(practice)
        watcher(practice, Clock()).check_due(page.pk, page.next_visit_at)
        practice.requests.clear()
        window = at_desk(f"/admin/platforms/page/{page.pk}/preview/")
        text = window.locator("#found pre")
        added = window.locator("[name=remove]").nth(1)
        added.fill("h2")
        text.wait_for()
        assert "##" not in text.text_content()
        window.get_by_role("button", name="Remove", exact=True).nth(4).click()
        window.locator("#found pre", has_text="##").wait_for()
        assert practice.requests == []
    page.refresh_from_db()
    assert page.remove == [".votes"]
