"""The question "Did this work?": the answers, what everybody sees of them, and what follows."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from consent.curation.verification import check_surface
from consent.models import Answer, Guide, Letter
from consent.public.feedback.retention import forget_readers
from consent.public.feedback.tallies import take_answer, tally
from consent.tasks import delete_old_feedback
from consent.vocabulary import CheckOutcome, Surface, Worked
from tests.arranging import arranged
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_control, make_guide, make_platform, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    """On the web and on Android, verified ten days ago."""
    guide = make_guide(
        make_platform("x", name="X"),
        slug="x-off",
        verified_on=timezone.localdate() - dt.timedelta(days=10),
    )
    with arranged():
        android = guide.surfaces.create(
            surface=Surface.ANDROID, verified_on=timezone.localdate() - dt.timedelta(days=10)
        )
        android.steps.create(position=1, act="Tap your picture.")
    return guide


def send(client, worked, network=1, **fields):
    return client.post(
        f"/guides/x-off/answer?worked={worked}", fields, REMOTE_ADDR=f"198.51.{network}.7"
    )


def say_no(guide, times, surface="web", **fields):
    for _ in range(times):
        take_answer(guide, Worked.NO, surface=surface, **fields)


def walk(guide, surface, outcome=CheckOutcome.STILL_RIGHT, **more):
    curator, _ = User.objects.get_or_create(username="ada")
    return check_surface(guide.surfaces.get(surface=surface), outcome, curator=curator, **more)


class TestAnswering:
    def test_the_guide_asks_by_links_and_stays_a_page_for_all_caches(self, client, guide):
        page = client.get("/guides/x-off")
        links = BeautifulSoup(page.text, "lxml").select(".poll-answers a")
        assert [link["href"] for link in links] == [
            f"/guides/x-off/answer?worked={worked}" for worked in ("yes", "partly", "no")
        ]
        assert not page.cookies
        assert "public" in page["Cache-Control"]
        assert "csrfmiddlewaretoken" not in page.text

    def test_yes_asks_for_nothing_that_must_be_given(self, client, guide):
        assert "What did you see" not in client.get("/guides/x-off/answer?worked=yes").text
        answer = send(client, "yes", place="")
        assert (answer.status_code, answer["Location"]) == (
            302,
            "/guides/x-off/answered?worked=yes",
        )
        assert "Thank you" in client.get(answer["Location"]).text
        kept = Answer.objects.get()
        assert (kept.guide, kept.worked, kept.surface, kept.step) == (guide, "yes", "", None)

    @pytest.mark.parametrize("worked", ["no", "partly"])
    def test_who_did_not_get_through_names_surface_and_step_in_one_choice(
        self, client, guide, worked
    ):
        page = client.get(f"/guides/x-off/answer?worked={worked}").text
        assert "Step 2: Clear the box." in page
        assert "Android: at no step in particular" in page
        send(client, worked, place="web-2", note="There is no box.")
        kept = Answer.objects.get()
        assert (kept.worked, kept.surface, kept.step, kept.note) == (
            worked,
            "web",
            2,
            "There is no box.",
        )

    def test_a_form_without_a_place_is_shown_again_with_every_word(self, client, guide):
        answer = send(client, "no", place="", note="The menu is gone & <b>I am lost</b>")
        assert answer.status_code == 422
        assert '<a href="#id_place">Where did it stop?</a>' in answer.text
        assert "The menu is gone &amp; &lt;b&gt;I am lost&lt;/b&gt;" in answer.text
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("place", ["web-9", "ios", "nowhere", "web-1-1"])
    def test_a_place_that_the_guide_does_not_have_is_refused(self, client, guide, place):
        assert send(client, "no", place=place).status_code == 422
        assert not Answer.objects.exists()

    def test_an_answer_that_is_none_asks_the_question_again(self, client, guide):
        assert client.get("/guides/x-off/answer?worked=maybe").status_code == 200
        assert send(client, "maybe").status_code == 400
        assert not Answer.objects.exists()

    def test_looking_counts_nothing(self, client, guide):
        for method in (client.get, client.head):
            method("/guides/x-off/answer?worked=yes")
            method("/guides/x-off/answered?worked=no")
        assert not Answer.objects.exists()
        assert client.post("/guides/x-off/answered").status_code == 405

    def test_a_form_that_this_site_did_not_give_out_is_refused(self, guide):
        assert send(Client(enforce_csrf_checks=True), "yes").status_code == 403
        assert not Answer.objects.exists()

    def test_a_program_that_fills_in_everything_is_thanked_and_not_counted(self, client, guide):
        assert send(client, "no", place="web", website="https://spam.example").status_code == 302
        assert not Answer.objects.exists()

    @pytest.mark.database
    def test_one_network_is_counted_twice_a_day_and_cannot_mark_a_guide_alone(self, client, guide):
        statuses = [send(client, "no", place="web").status_code for _ in range(3)]
        assert statuses == [302, 302, 429]
        assert send(client, "no", network=2, place="android").status_code == 302
        guide.refresh_from_db()
        assert guide.trust() == "verified"

    def test_a_form_with_a_mistake_does_not_use_up_an_answer(self, client, guide):
        statuses = [send(client, "no", place="").status_code for _ in range(3)]
        assert [*statuses, send(client, "no", place="web").status_code] == [422, 422, 422, 302]

    def test_nothing_of_the_reader_is_kept_and_the_form_is_in_no_cache(self, client, guide):
        page = client.get("/guides/x-off/answer?worked=no")
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex"
        send(client, "no", place="web")
        assert set(client.cookies) == {"csrftoken"}
        assert client.cookies["csrftoken"]["max-age"] == ""  # it ends with the browser
        fields = {field.name for field in Answer._meta.get_fields()}
        assert fields == {"id", "guide", "worked", "surface", "step", "note", "answered_at"}

    @pytest.mark.parametrize("status", ["draft", "retracted"])
    def test_a_guide_that_is_not_public_takes_no_answers(self, client, guide, status):
        with arranged():
            Guide.objects.update(status=status)
        assert client.get("/guides/x-off/answer?worked=no").status_code == 404
        assert send(client, "no", place="web").status_code == 404
        assert client.get("/guides/x-off/answered").status_code == 404


class TestCounts:
    def test_four_answers_say_nothing_and_five_are_shown_with_their_day(self, client, clock, guide):
        for worked in ("yes", "yes", "yes", "partly"):
            take_answer(guide, Worked(worked), surface="web")
        assert "readers answered" not in client.get("/guides/x-off").text
        take_answer(guide, Worked.NO, surface="android")
        text = " ".join(BeautifulSoup(client.get("/guides/x-off").text, "lxml").get_text().split())
        assert "5 readers answered in the last 30 days: 3 yes, 1 partly, 1 no." in text
        assert "Where it stopped: Android (1), Web (1)." in text
        assert "Counted 24 November 2026" in text

    @pytest.mark.database
    def test_only_the_last_thirty_days_count(self, clock, guide):
        for _ in range(4):
            take_answer(guide, Worked.YES)
        clock.move(days=20)
        for _ in range(4):
            take_answer(guide, Worked.YES)
        assert tally(guide, timezone.now()).total == 8
        clock.move(days=11)
        assert tally(guide, timezone.now()) is None

    def test_another_guide_has_its_own(self, guide):
        other = make_guide(guide.platform)
        for _ in range(5):
            take_answer(guide, Worked.YES)
        assert tally(other, timezone.now()) is None

    def test_notes_are_shown_to_nobody_in_public(self, client, guide):
        say_no(guide, 6, note="secret words")
        for path in ("/guides/x-off", "/guides/x-off/answered", "/guides", "/platforms/x"):
            assert "secret words" not in client.get(path).text

    @pytest.mark.database
    def test_many_answers_take_one_question(self, client, guide, django_assert_num_queries):
        with django_assert_num_queries(1):
            tally(guide, timezone.now())
        for number in range(40):
            take_answer(guide, list(Worked)[number % 3], surface="web")
        with django_assert_num_queries(1):
            assert tally(guide, timezone.now()).total == 40


class TestReportedBroken:
    def test_three_no_in_fourteen_days_put_up_the_banner(self, client, guide):
        say_no(guide, 2)
        assert "Several readers report" not in client.get("/guides/x-off").text
        say_no(guide, 1)
        page = client.get("/guides/x-off").text
        assert page.index("Several readers report that these steps do not work.") < page.index(
            "Open the settings."
        )
        assert Guide.objects.get().trust() == "reported-broken"
        assert "Reported broken" in client.get("/guides").text

    @pytest.mark.parametrize("others", [Worked.PARTLY, Worked.YES])
    def test_other_answers_do_not_mark_it(self, guide, others):
        say_no(guide, 2)
        for _ in range(3):
            take_answer(guide, others, surface="web")
        assert Guide.objects.get().trust() == "verified"

    def test_three_no_on_different_surfaces_are_not_three_on_one(self, guide):
        say_no(guide, 2, "web")
        say_no(guide, 2, "android")
        assert not Guide.objects.get().broken_surfaces()

    def test_no_longer_apart_than_fourteen_days(self, clock, guide):
        say_no(guide, 2)
        clock.move(days=15)
        say_no(guide, 1)
        assert not Guide.objects.get().broken_surfaces()
        say_no(guide, 2)
        assert [one.surface for one in Guide.objects.get().broken_surfaces()] == ["web"]

    def test_the_mark_stays_until_somebody_walked_it_however_long_that_takes(self, clock, guide):
        say_no(guide, 3)
        clock.move(days=60)
        assert Guide.objects.get().trust() == "reported-broken"
        walk(guide, "android")
        assert Guide.objects.get().trust() == "reported-broken"
        walk(guide, "web")
        assert Guide.objects.get().trust() == "verified"

    def test_who_could_not_check_takes_nothing_back(self, clock, guide):
        say_no(guide, 3)
        clock.move(hours=1)
        walk(guide, "web", CheckOutcome.CANNOT_CHECK, note="No account.")
        assert Guide.objects.get().trust() == "reported-broken"

    def test_answers_from_before_a_walk_do_not_count_after_it(self, clock, guide):
        say_no(guide, 3)
        clock.move(hours=1)
        walk(guide, "web")
        clock.move(hours=1)
        say_no(guide, 2)
        assert Guide.objects.get().trust() == "verified"
        say_no(guide, 1)
        assert Guide.objects.get().trust() == "reported-broken"

    def test_a_later_date_of_verification_takes_the_mark_off_wherever_it_comes_from(
        self, clock, guide
    ):
        say_no(guide, 3)
        surface = guide.surfaces.get(surface="web")
        surface.refresh_from_db()
        surface.verified_on = timezone.localdate()
        assert surface.is_reported_broken()
        surface.verified_on += dt.timedelta(days=1)
        assert not surface.is_reported_broken()

    def test_a_guide_that_readers_and_a_changed_page_speak_against_shows_both(self, client, guide):
        guide.source_changed_at = timezone.now()
        guide.save()
        say_no(guide, 3)
        page = client.get("/guides/x-off").text
        assert "Several readers report" in page
        assert "The page changed since we checked these steps." in page


class TestNewSteps:
    @pytest.fixture
    def notified(self, guide):
        """A reader who had a mail about the use that the guide refuses."""
        use = make_use(guide.platform)
        control = make_control(use)
        with arranged():
            guide.controls.add(control)
        reader = make_reader()
        entry = publish(guide.platform)
        with arranged():
            entry.uses.add(use)
        reader.alerts.update(sent_at=timezone.now())
        return reader

    def letters(self):
        return Letter.objects.filter(kind="new-steps")

    def test_a_broken_guide_verified_again_is_told_to_those_who_heard_of_its_change(
        self, clock, guide, notified
    ):
        walk(guide, "web")
        assert not self.letters().exists()
        say_no(guide, 3)
        clock.move(hours=1)
        walk(guide, "web", CheckOutcome.STEPS_CHANGED, steps=[("Open the new menu.", "")])
        assert self.letters().get().subscriber == notified

    def test_nothing_is_told_while_another_surface_is_broken(self, clock, guide, notified):
        say_no(guide, 3, "web")
        say_no(guide, 3, "android")
        walk(guide, "web")
        assert not self.letters().exists()
        walk(guide, "android", CheckOutcome.STEPS_CHANGED, steps=[("Open the new menu.", "")])
        assert self.letters().count() == 1

    def test_nothing_is_told_when_the_steps_are_still_right(self, clock, guide, notified):
        say_no(guide, 3)
        with arranged():
            Guide.objects.update(source_changed_at=timezone.now())
        clock.move(hours=1)
        for surface in guide.surfaces.all():
            walk(guide, surface.surface)
        assert Guide.objects.get().trust() == "verified"
        assert not self.letters().exists()

    def test_nothing_is_told_when_the_broken_surface_is_taken_off(self, guide, notified):
        say_no(guide, 3, "android")
        walk(guide, "android", CheckOutcome.RETIRED, note="The app is gone.")
        assert Guide.objects.get().trust() == "verified"
        assert not self.letters().exists()


class TestForgetting:
    def test_answers_and_their_notes_are_erased_after_ninety_days(self, clock, guide):
        say_no(guide, 1, note="first")
        clock.move(days=89)
        say_no(guide, 1, note="second")
        forget_readers(timezone.now())
        assert Answer.objects.count() == 2
        clock.move(days=2)
        delete_old_feedback()
        assert Answer.objects.get().note == "second"
