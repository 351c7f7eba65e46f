"""Guides at the desk: the queue, the verification of steps, and the banner for readers."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.verification import check_surface, stored_steps
from consent.desk.guide_checks import queue_of
from consent.models import Guide, GuideSurface, Verification
from consent.public.feedback.tallies import take_answer
from consent.vocabulary import PublicationStatus, Surface, Worked
from platforms.models import RecordVersion
from platforms.versions import version_of
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

# On PostgreSQL: what is marked. The rest is about pages and forms.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def guide():
    return make_guide(make_platform(), source_changed_at=timezone.now(), verified_on=days_ago(5))


def address(guide):
    return reverse("admin:consent_guide_check", args=[guide.pk])


def check(client, guide, outcome, **fields):
    """Post the form of the first surface."""
    data = fields_of(client.get(address(guide)), "[name=outcome]") | {"outcome": outcome}
    return client.post(address(guide), data | fields, follow=True)


@pytest.mark.database
def test_the_queue_puts_changed_pages_first_then_reported_overdue_and_due_soon():
    platform, important = make_platform(), make_platform()
    make_guide(platform, title="fresh", verified_on=days_ago(50))
    make_guide(important, title="overdue where it matters", verified_on=days_ago(50))
    make_guide(platform, title="soon", verified_on=days_ago(80))
    make_guide(platform, title="overdue", verified_on=days_ago(120))
    make_guide(platform, title="changed", verified_on=days_ago(1), source_changed_at=timezone.now())
    make_guide(platform, title="never walked")
    broken = make_guide(platform, title="reported broken", verified_on=days_ago(1))
    broken.surfaces.update(reported_broken_at=timezone.now())
    due = queue_of(Guide.objects.published(), timezone.localdate(), {important.pk})
    assert [row.guide.title for row in due] == [
        "changed",
        "reported broken",
        "never walked",
        "overdue",
        "overdue where it matters",
        "soon",
    ]


def test_still_right_takes_the_banner_off_at_once(client, editor, guide):
    public = guide.get_absolute_url()
    assert "page changed since" in client.get(public).content.decode()
    check(client, guide, "still-right")
    assert "page changed since" not in client.get(public).content.decode()
    guide.refresh_from_db()
    assert guide.trust() == "verified"
    assert Verification.objects.get().curator == editor


def test_the_banner_stays_until_every_surface_was_walked(client, editor, guide):
    with arranged():
        guide.surfaces.create(surface=Surface.IOS)
    check(client, guide, "still-right")
    guide.refresh_from_db()
    assert guide.trust() == "source-changed"


def steps_before(verification):
    after = RecordVersion.objects.get(act=verification.act, kind="guide")
    before = RecordVersion.objects.get(
        kind="guide", record_id=after.record_id, version=after.version - 1
    )
    return before.declaration["surfaces"][0]["steps"]


def test_new_steps_are_kept_in_their_order_with_the_old_ones_in_the_log(client, editor, guide):
    check(
        client,
        guide,
        "steps-changed",
        order=["2", "1", "3"],
        act=["Clear the box.", "Open the new menu.", " "],
        expect=["", "A list.", ""],
    )
    surface = guide.surfaces.get()
    assert [(step.position, step.act) for step in surface.steps.all()] == [
        (1, "Open the new menu."),
        (2, "Clear the box."),
    ]
    assert steps_before(Verification.objects.get())[0]["act"] == "Open the settings."
    assert "Open the new menu." in client.get(guide.get_absolute_url()).content.decode()


def test_moving_a_step_shows_the_new_order_and_saves_nothing(client, editor, guide):
    page = check(client, guide, "", move="2:up")
    assert page.context["surfaces"][0]["preview"][0][0] == "Clear the box."
    assert guide.surfaces.get().steps.first().act == "Open the settings."
    assert not Verification.objects.exists()


@pytest.mark.parametrize("outcome", ["cannot-check", "retired"])
def test_what_is_given_up_needs_a_reason(client, editor, guide, outcome):
    assert "Say why" in check(client, guide, outcome).content.decode()
    assert not Verification.objects.exists()


def test_a_guide_without_a_surface_left_is_not_public(client, editor, guide):
    check(client, guide, "retired", note="The setting is gone.")
    guide.refresh_from_db()
    assert (guide.status, guide.status_reason) == (
        PublicationStatus.RETRACTED,
        "The setting is gone.",
    )
    assert client.get(guide.get_absolute_url()).status_code in (404, 410)
    assert len(steps_before(Verification.objects.get())) == 2


def test_the_second_of_two_who_walk_it_is_told(client, editor, guide):
    seen = client.get(address(guide)).context["surfaces"][0]["seen"]
    check(client, guide, "still-right")
    page = check(client, guide, "steps-changed", seen=seen, act=["Mine"], order=["1"], expect=[""])
    assert "Somebody else changed these steps" in page.content.decode()
    assert "Mine" in page.content.decode()
    # Pressing the button of that page again overwrites nothing either.
    again = press(client, page, "outcome", "steps-changed")
    assert "Somebody else changed these steps" in again.text
    assert Verification.objects.count() == 1


def test_steps_that_were_written_since_are_not_overwritten_though_nobody_walked_them(
    client, editor, guide
):
    seen = client.get(address(guide)).context["surfaces"][0]["seen"]
    with arranged():
        guide.surfaces.get().steps.filter(position=1).update(act="Open the new settings.")
    page = check(client, guide, "steps-changed", seen=seen, act=["Mine"], order=["1"], expect=[""])
    assert "Somebody else changed these steps" in page.content.decode()
    assert guide.surfaces.get().steps.first().act == "Open the new settings."


@pytest.mark.database
def test_of_two_who_finish_at_the_same_time_the_second_is_refused(editor, guide):
    surface = guide.surfaces.get()
    seen = version_of(*stored_steps(surface))
    check_surface(surface, "steps-changed", curator=editor, steps=[("Theirs", "")], seen=seen)
    with pytest.raises(AlreadyDecidedError, match="changed these steps"):
        check_surface(surface, "steps-changed", curator=editor, steps=[("Mine", "")], seen=seen)
    stale = GuideSurface.objects.get()
    seen = version_of(*stored_steps(surface))
    check_surface(surface, "retired", curator=editor, note="Gone.", seen=seen)
    with pytest.raises(AlreadyDecidedError, match="took this surface off"):
        check_surface(stale, "steps-changed", curator=editor, steps=[("Mine", "")])


def test_steps_are_shown_in_the_admin_and_written_where_they_are_walked(client, editor, guide):
    step = guide.surfaces.get().steps.first()
    page = client.get(reverse("admin:consent_guidesurface_change", args=[step.surface.pk]))
    assert step.act in page.text
    assert 'name="steps-0-act"' not in page.text


def test_who_may_only_look_walks_nothing(client, person, guide):
    client.force_login(person("Desk reader"))
    assert "Still right" not in client.get(address(guide)).content.decode()
    assert client.post(address(guide), {"outcome": "still-right"}).status_code == 403


def test_what_readers_said_is_shown_to_who_walks_it_and_does_no_harm(client, editor, guide):
    for _ in range(3):
        take_answer(
            guide, Worked.NO, surface="web", step=2, note="<script>alert(1)</script> no such box"
        )
    take_answer(guide, Worked.YES, surface="web")
    text = client.get(address(guide)).content.decode()
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt; no such box") == 3
    assert "<script>alert(1)" not in text
    assert "Web step 2" in text
    queue = client.get(reverse("admin:consent_guide_queue"))
    assert queue.context["due"][0].why == "page changed since we checked"
    check(client, guide, "still-right")
    guide.refresh_from_db()
    assert guide.trust() == "verified"


def test_a_guide_that_readers_reported_names_the_surface_in_the_queue(client, editor):
    guide = make_guide(make_platform(), verified_on=days_ago(1))
    for _ in range(3):
        take_answer(guide, Worked.NO, surface="web")
    (due,) = client.get(reverse("admin:consent_guide_queue")).context["due"]
    assert (due.guide, due.why, due.since) == (guide, "reported broken: Web", timezone.localdate())
    check(client, guide, "still-right")
    assert not client.get(reverse("admin:consent_guide_queue")).context["due"]


def test_new_steps_are_not_lost_under_another_button(client, editor, guide):
    for outcome in ("still-right", "cannot-check", "retired"):
        answer = check(client, guide, outcome, act=["Typed just now."], note="Why.")
        page = answer.content.decode()
        assert "You changed the steps" in page
        assert "Typed just now." in page
    assert not Verification.objects.exists()
    assert guide.surfaces.exists()


def test_saying_that_steps_changed_where_none_did_is_pointed_out(client, editor, guide):
    page = check(client, guide, "steps-changed").content.decode()
    assert "as they were" in page
    assert not Verification.objects.exists()


def test_a_script_in_a_step_is_shown_as_words(client, editor, guide):
    answer = check(client, guide, "", act=["<script>alert(1)</script>"], move="")
    assert "<script>alert" not in answer.content.decode()
    check(client, guide, "steps-changed", act=["<script>alert(1)</script>"])
    assert "<script>alert" not in client.get(guide.get_absolute_url()).content.decode()


def test_the_preview_shows_the_order_that_the_numbers_give(client, editor, guide):
    answer = check(client, guide, "", order=["2", "1"], act=["Then.", "First."], move="")
    [each] = answer.context["surfaces"]
    assert [act for act, _ in each["preview"]] == ["First.", "Then."]
    assert each["edited"]


def test_a_capture_behind_a_source_is_chosen_by_page_and_date_and_linked(client, editor):
    use = make_use(make_platform())
    make_state(use)
    guide = make_guide(use.platform, make_control(use))
    page = make_page(guide.platform, title="Help")
    capture = make_change(page, "Clear the box.", "Clear the small box.").after
    with arranged():
        guide.pages.add(page)
        source = make_source(None, guide=guide, url=page.url)
    place = reverse("admin:consent_guide_change", args=[guide.pk])
    form = client.get(place)
    box = BeautifulSoup(form.content, "lxml").select_one("[name=sources-0-snapshot]")
    assert [option.text for option in box.select("option")] == [
        "---------",
        str(capture),
        str(page.snapshots.exclude(pk=capture.pk).get()),
    ]
    typed = {"sources-0-snapshot": capture.pk, "_save": "1"}
    saved = client.post(place, fields_of(form, "[name=_save]") | typed)
    assert saved.status_code == 302, BeautifulSoup(saved.content, "lxml").select(".errorlist")
    source.refresh_from_db()
    assert source.snapshot == capture
    link = BeautifulSoup(client.get(place).content, "lxml").select_one(".field-snapshot a")
    assert link.text == str(capture)
    assert link["href"] == reverse("admin:platforms_snapshot_change", args=[capture.pk])
