"""Reports of errors and requests for platforms: what is taken, what is refused, what is kept."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from consent.curation.reports import decide_report
from consent.models import ReaderReport
from consent.public.feedback.own_pages import own_path
from consent.public.feedback.retention import forget_readers
from consent.vocabulary import ReportStatus
from tests.factories import make_entry, make_guide, make_platform, make_report
from tests.services import free_port

pytestmark = pytest.mark.django_db


def value_of(page, name):
    return BeautifulSoup(page.text, "lxml").select_one(f"[name={name}]").get("value", "")


class TestTheFileOfARecord:
    """What a page shows can be found in the catalog, and a change to it proposed."""

    @pytest.fixture
    def addresses(self):
        x = make_platform("x")
        entry = make_entry(x, key="x-2024-on", origin="catalog")
        guide = make_guide(x, slug="off-on-x")
        return {
            x.get_absolute_url(): ("x.yaml", None),
            entry.get_absolute_url(): ("x.yaml", "x-2024-on"),
            guide.get_absolute_url(): ("x.yaml", "off-on-x"),
            "/claims/forbidding-post": ("_claims.yaml", "forbidding-post"),
        }

    def test_is_named_where_the_site_has_no_public_place_of_its_files(self, client, addresses):
        for address, (file, key) in addresses.items():
            page = BeautifulSoup(client.get(address).text, "lxml")
            report = page.select_one('main a[href^="/report?about="]').find_parent("p")
            assert report.find("a").text.endswith("Suggest a correction")
            fold = report.find_next_sibling("details")
            assert fold.summary.text == "For developers: the file of this record"
            named = [code.text for code in fold.select("code")]
            assert named == [f"platforms/catalog/{file}", *([key] if key else [])]

    def test_is_not_among_the_words_for_readers(self, client, addresses):
        for address in addresses:
            page = BeautifulSoup(client.get(address).text, "lxml")
            for fold in page.select("main details:not([open])"):
                fold.decompose()
            assert "CONTRIBUTING" not in page.get_text()
            assert ".yaml" not in page.get_text()

    def test_is_a_link_where_it_has_one(self, client, addresses, settings):
        settings.CATALOG_URL = "https://git.example/catalog"
        for address, (file, _key) in addresses.items():
            page = BeautifulSoup(client.get(address).text, "lxml")
            link = page.find("code", string=f"platforms/catalog/{file}").find_parent("a")
            assert link["href"] == f"https://git.example/catalog/{file}"

    def test_is_not_named_for_what_curators_wrote_at_the_desk(self, client):
        entry = make_entry(make_platform("x"), origin="desk")
        assert "platforms/catalog" not in client.get(entry.get_absolute_url()).text


class TestAReportAboutAnAnswer:
    @pytest.mark.parametrize("address", ["/answers", "/search"])
    def test_begins_with_what_was_asked(self, client, address):
        make_platform("x", name="X Platform")
        question = "does X Platform train on “my” posts & <photos>?"
        page = BeautifulSoup(client.get(address, {"q": question}).text, "lxml")
        for link in page.select('a[href^="/report?about="]'):
            form = BeautifulSoup(client.get(link["href"]).text, "lxml")
            assert form.select_one("[name=about]")["value"] == address
            assert form.select_one("[name=text]").text.strip() == f"I asked: “{question}”"

    def test_is_offered_below_the_answers(self, client):
        make_platform("x", name="X Platform")
        page = BeautifulSoup(client.get("/answers", {"q": "X Platform"}).text, "lxml")
        assert page.select_one('main a[href^="/report?about="]').text.endswith("Report it")

    def test_carries_nothing_of_other_pages(self, client):
        page = BeautifulSoup(client.get("/platforms?q=mine").text, "lxml")
        assert page.select_one('footer a[href^="/report"]')["href"] == "/report?about=%2Fplatforms"


class TestWhatBecomesOfAReport:
    def lines(self, client):
        page = BeautifulSoup(client.get("/report").text, "lxml")
        return [" ".join(line.text.split()) for line in page.select(".form-page > ul li")]

    def test_is_said_beside_the_form_with_no_day_promised(self, client):
        number, when, about_oneself = self.lines(client)
        assert "you see what became of it" in number
        assert "the correction and its reason are public" in number
        assert when == (
            "Curators read the oldest first; we promise no day. 0 wait now."
            " None has been decided yet."
        )
        assert "within a month" in about_oneself

    def test_is_measured_by_those_that_were_decided(self, client):
        now = timezone.now()
        for days in (1, 4, 30):
            sent = {"sent_at": now - dt.timedelta(days=days), "settled_at": now}
            make_report(status=ReportStatus.ACTED_ON, **sent)
        make_report(status=ReportStatus.SPAM, sent_at=now, settled_at=now)
        make_report()
        assert self.lines(client)[1].endswith(
            "One waits now. Half of those decided took 4 days at most."
        )


class TestReporting:
    def test_a_report_is_kept_with_its_page_source_and_address(self, client, fill_in):
        answer = fill_in(
            "/report?about=/platforms/x",
            text="It was July, not June.",
            url="news.example/x",
            address="ada@mail.example",
        )
        assert answer.status_code == 302
        assert answer["Location"].startswith("/report/sent?number=")
        assert "Thank you" in client.get("/report/sent").text
        kept = ReaderReport.objects.get()
        assert (kept.kind, kept.about, kept.text, kept.url, kept.address, kept.status) == (
            "error",
            "/platforms/x",
            "It was July, not June.",
            "https://news.example/x",
            "ada@mail.example",
            "open",
        )

    def test_what_is_wrong_is_all_that_must_be_said(self, fill_in):
        assert fill_in("/report", text="Too late by a month.").status_code == 302
        assert ReaderReport.objects.get().about == ""

    def test_a_report_is_taken_while_the_cache_is_away(self, fill_in, settings):
        nobody_listens = f"redis://127.0.0.1:{free_port()}"
        away = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": nobody_listens,
        }
        settings.CACHES = {"default": away, "pages": away}
        assert fill_in("/report", text="Too late by a month.").status_code == 302
        assert ReaderReport.objects.exists()

    def test_mistakes_are_listed_with_links_and_every_word_comes_back(self, fill_in):
        answer = fill_in(
            "/report",
            about="https://elsewhere.example/",
            text="A long story & more.",
            url="not an address",
            address="ada@",
        )
        assert answer.status_code == 422
        summary = BeautifulSoup(answer.text, "lxml").select_one(".error-summary")
        assert [link["href"] for link in summary.select("a")] == [
            "#id_about",
            "#id_url",
            "#id_address",
        ]
        assert "This is no public page of this site." in summary.get_text()
        assert "A long story &amp; more." in answer.text
        assert (value_of(answer, "url"), value_of(answer, "address")) == ("not an address", "ada@")
        assert not ReaderReport.objects.exists()

    def test_each_mistake_is_tied_to_its_field_for_who_hears_the_page(self, fill_in):
        page = BeautifulSoup(fill_in("/report", text="").text, "lxml")
        field = page.select_one("[name=text]")
        assert field["aria-invalid"] == "true"
        for described_by in field["aria-describedby"].split():
            assert page.find(id=described_by) is not None

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "ftp://files.example/a", "data:text/html,x"]
    )
    def test_a_source_that_is_no_web_page_is_refused(self, fill_in, url):
        assert fill_in("/report", text="See there.", url=url).status_code == 422
        assert not ReaderReport.objects.exists()

    def test_nothing_is_asked_of_a_source_that_a_reader_names(self, fill_in, monkeypatch):
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
        assert fill_in("/report", text="There.", url="http://10.0.0.1/admin").status_code == 302

    def test_a_form_sent_at_once_or_after_a_day_is_shown_again(self, fill_in):
        hasty = fill_in("/report", seconds=1, text="My words.")
        late = fill_in("/report", seconds=25 * 3600, text="My words.")
        assert [hasty.status_code, late.status_code] == [422, 422]
        assert "faster than people type" in hasty.text
        assert "open for too long" in late.text
        assert "My words." in hasty.text
        assert not ReaderReport.objects.exists()

    def test_a_program_that_fills_in_everything_is_thanked_and_kept_out(self, fill_in):
        assert fill_in("/report", text="Buy!", website="https://spam.example").status_code == 302
        assert not ReaderReport.objects.exists()

    @pytest.mark.database
    def test_ten_reports_an_hour_are_taken_from_one_network(self, clock, fill_in):
        statuses = [
            fill_in("/report", text=f"Report {number}.").status_code for number in range(11)
        ]
        assert statuses == [302] * 10 + [429]
        assert ReaderReport.objects.count() == 10
        clock.move(hours=1)
        assert fill_in("/report", text="Later.").status_code == 302

    def test_a_form_that_this_site_did_not_give_out_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        assert client.post("/report", {"text": "Forged."}).status_code == 403
        assert client.post("/report/platform", {"name": "Forged"}).status_code == 403
        assert not ReaderReport.objects.exists()

    @pytest.mark.parametrize("path", ["/report?about=/platforms/x", "/report/platform?name=X"])
    def test_looking_keeps_nothing_and_no_cache_keeps_the_form(self, client, path):
        page = client.get(path)
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex"
        assert client.head(path).status_code == 200
        assert not ReaderReport.objects.exists()
        assert client.post("/report/sent").status_code == 405


class TestThePageThatIsReported:
    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ("/platforms/x", "/platforms/x"),
            ("/", "/"),
            ("/de/platforms/x", "/de/platforms/x"),
            (" /changes/89ef30442b?view=side#p1 ", "/changes/89ef30442b"),
            ("https://defaulton.example/guides/x-off", "/guides/x-off"),
            ("/checklist?p=x&d=secret", "/checklist"),
            ("/feeds/timeline.atom", "/feeds/timeline.atom"),
            ("https://elsewhere.example/platforms/x", ""),
            ("http://defaulton.example/platforms/x", ""),
            ("//elsewhere.example/platforms/x", ""),
            ("/\\elsewhere.example", ""),
            ("javascript:alert(1)", ""),
            ("https://[broken", ""),
            ("/nowhere", ""),
            ("/admin/consent/change/", ""),
            ("/alerts/abc.def", ""),
            ("/de/alerts/abc.def", ""),
            ("/u/abc.def/now", ""),
            ("/confirm/abc.def", ""),
            ("platforms/x", ""),
            ("", ""),
        ],
    )
    def test_is_a_public_one_of_ours_and_never_somebodys_own(self, settings, given, path):
        settings.SITE_URL = "https://defaulton.example"
        assert own_path(given) == path

    def test_is_filled_in_by_the_link_on_it(self, client):
        x = make_platform("x", name="X")
        guide = make_guide(x, slug="x-off")
        entry = make_entry(x)
        for path in ("/platforms/x", guide.get_absolute_url(), entry.get_absolute_url(), "/about"):
            page = BeautifulSoup(client.get(path).text, "lxml")
            link = page.select_one(".footer").find("a", string="Report an error")
            assert value_of(client.get(link["href"]), "about") == path
            again = page.find("a", string="Something on this page is wrong? Suggest a correction")
            assert again is None or again["href"] == link["href"]

    def test_is_not_filled_in_where_the_address_is_a_key(self, client):
        page = BeautifulSoup(client.get("/alerts/abc.def").text, "lxml")
        assert page.find("a", string="Report an error")["href"] == "/report"

    def test_is_not_filled_in_from_elsewhere(self, client):
        assert value_of(client.get("/report?about=https://evil.example/"), "about") == ""


class TestRequestingAPlatform:
    def test_a_search_in_vain_leads_to_a_form_that_knows_the_name(self, client, fill_in):
        page = BeautifulSoup(client.get("/search?q=Chirp+%26+Co").text, "lxml")
        link = page.find("a", string="Request this platform")
        assert value_of(client.get(link["href"]), "name") == "Chirp & Co"
        answer = fill_in(link["href"], url="https://chirp.example/help")
        assert answer["Location"].startswith("/report/platform/sent?number=")
        kept = ReaderReport.objects.get()
        assert (kept.kind, kept.name, kept.url, kept.about) == (
            "platform",
            "Chirp & Co",
            "https://chirp.example/help",
            "",
        )

    def test_the_list_of_platforms_leads_there_too(self, client):
        assert 'href="/report/platform"' in client.get("/platforms").text

    def test_a_request_needs_a_name(self, fill_in):
        answer = fill_in("/report/platform", text="You know which.")
        assert answer.status_code == 422
        assert "Give the name of the platform." in answer.text
        assert "You know which." in answer.text


class TestForgetting:
    def settle(self, report, curator, after=ReportStatus.ANSWERED):
        decide_report(report, after, seen="open", curator=curator)

    def test_an_address_goes_thirty_days_after_the_ruling(self, clock, curator):
        report = make_report(address="ada@mail.example")
        self.settle(report, curator)
        clock.move(days=29)
        forget_readers(timezone.now())
        report.refresh_from_db()
        assert report.address == "ada@mail.example"
        clock.move(days=2)
        forget_readers(timezone.now())
        report.refresh_from_db()
        assert (report.address, report.text) == ("", "It was July.")

    def test_an_address_goes_after_half_a_year_even_if_nobody_ruled(self, clock):
        report = make_report(address="ada@mail.example")
        clock.move(days=181)
        forget_readers(timezone.now())
        report.refresh_from_db()
        assert (report.address, report.status) == ("", "open")

    def test_the_words_go_after_a_year_and_the_log_stays(self, clock, curator):
        report = make_report(url="https://news.example/")
        self.settle(report, curator)
        clock.move(days=366)
        forget_readers(timezone.now())
        report.refresh_from_db()
        assert (report.text, report.url) == ("", "")
        assert report.rulings.get().after == "answered"

    @pytest.mark.database
    def test_spam_goes_after_a_month(self, clock, curator):
        report = make_report(text="Buy!")
        self.settle(report, curator, ReportStatus.SPAM)
        clock.move(days=31)
        forget_readers(timezone.now())
        report.refresh_from_db()
        assert report.text == ""

    def test_young_reports_lose_nothing(self, clock):
        make_report(address="ada@mail.example")
        clock.move(days=100)
        forget_readers(timezone.now())
        assert ReaderReport.objects.filter(text="", address="").count() == 0


def test_what_a_reader_tells_is_shown_on_no_public_page(client):
    make_platform("x")
    make_report(about="/platforms/x", text="secret words", address="ada@mail.example")
    for path in ("/platforms/x", "/corrections", "/status", "/report/sent", "/report"):
        text = client.get(path).text
        assert "secret words" not in text
        assert "ada@mail.example" not in text


@pytest.mark.parametrize("path", ["/report", "/report/platform"])
def test_a_form_says_how_long_a_mail_address_is_kept(client, path):
    form = BeautifulSoup(client.get(path).text, "lxml").select_one("main form")
    told = " ".join(form.select("p")[-1].get_text().split())
    assert "a mail address, if you give one, 30 days after we have dealt with it" in told
    assert "after 180 days in any case. Nothing else about you is kept." in told


def test_the_about_page_says_what_is_kept_and_for_how_long(client):
    text = " ".join(BeautifulSoup(client.get("/about").text, "lxml").get_text().split())
    assert "kept for 90 days" in text
    assert "erased 30 days after we have dealt with it, and after 180 days in any case" in text
