"""Who runs the site, how to reach them, and how the site works, in plain words."""

import re
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from platforms.models import Page
from tests.factories import make_page, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

NO_CONTACT = "curators@localhost"


def words(client, address):
    main = BeautifulSoup(client.get(address).text, "lxml").main
    return " ".join(main.get_text(" ").split())


class TestWhoRunsTheSite:
    def test_is_named_with_their_address_and_mail(self, client, settings):
        settings.SITE_OWNER = "Ada's Society"
        settings.SITE_OWNER_ADDRESS = "1 Long Street, Dublin"
        settings.CONTACT_EMAIL = "ada@example.org"
        about = words(client, "/about")
        assert "Ada's Society, 1 Long Street, Dublin" in about
        assert "ada@example.org" in about

    @pytest.mark.parametrize(
        ("prefix", "named", "unnamed"),
        [
            ("", "Run by Ada's Society.", "Whoever runs this copy has not given a name."),
            (
                *("/de", "Betrieben von Ada's Society."),
                "Wer diese Kopie betreibt, ist nicht genannt.",
            ),
            (
                *("/fr", "Géré par Ada's Society."),
                "Qui tient cette copie n’est pas indiqué.",
            ),
        ],
    )
    def test_is_said_on_the_home_page_and_below_each_page(
        self, client, settings, prefix, named, unnamed
    ):
        for settings.SITE_OWNER, said in (("Ada's Society", named), ("", unnamed)):
            for address in ("/", "/platforms"):
                page = BeautifulSoup(client.get(f"{prefix}{address}").text, "lxml")
                line = page.select_one(".footer .who")
                assert " ".join(line.text.split()) == said
                assert line.a["href"] == f"{prefix}/about#contact"
            opening = BeautifulSoup(client.get(f"{prefix}/").text, "lxml").select_one(".opening")
            assert said in " ".join(opening.select_one(".who").text.split())

    def test_without_a_name_readers_are_led_to_what_can_be_checked(self, client, settings):
        settings.SITE_OWNER, settings.CONTACT_EMAIL = "", "ada@example.org"
        home = BeautifulSoup(client.get("/").text, "lxml")
        (link,) = home.select(".opening .who a")
        about = BeautifulSoup(client.get(urldefrag(link["href"]).url).text, "lxml").main
        contact = about.select_one(f"#{urldefrag(link['href']).fragment}")
        after = contact.find_all_next("a")
        assert {"mailto:ada@example.org", "/data", "/methodology", "/report"} <= {
            each["href"] for each in after
        }
        assert "each record names them" in contact.find_next("dd").text
        assert "free software" in contact.find_next("dl").find_next("p").text

    @pytest.mark.parametrize(
        ("address", "owner", "mail"),
        [
            ("/about", "has not given a name", "No mail address is given yet"),
            (
                "/de/about",
                "Wer diese Kopie betreibt, ist nicht genannt.",
                "Noch ist keine Mailadresse angegeben",
            ),
        ],
    )
    def test_is_said_calmly_where_not_set(self, client, settings, address, owner, mail):
        settings.SITE_OWNER = settings.SITE_OWNER_ADDRESS = ""
        settings.CONTACT_EMAIL = NO_CONTACT
        assert owner in words(client, address)
        assert mail in words(client, address)
        assert not {"Missing", "Fehlt"} & set(re.findall(r"\w+", words(client, address)))

    @pytest.mark.parametrize(
        "address",
        ["/about", "/report", "/report/platform", "/api", "/data", "/alerts", "/de/report"],
    )
    def test_no_page_gives_a_mail_address_that_reaches_nobody(self, client, settings, address):
        settings.CONTACT_EMAIL = NO_CONTACT
        assert "localhost" not in re.sub(r"http://localhost\S*", "", words(client, address))
        assert 'href="mailto:"' not in client.get(address).text

    def test_security_txt_leads_to_the_form_where_no_mail_address_is_set(self, client, settings):
        settings.CONTACT_EMAIL = NO_CONTACT
        text = client.get("/.well-known/security.txt").text
        assert f"Contact: {settings.SITE_URL}/report" in text
        assert "localhost" not in text.replace(settings.SITE_URL, "")


@pytest.mark.parametrize("is_read", [True, False])
def test_pages_are_said_to_be_watched_once_one_has_been_read(client, is_read):
    page = make_page(make_platform("x"))
    if is_read:
        Page.objects.filter(pk=page.pk).update(last_looked_at=timezone.now())
    about = words(client, "/about")
    assert ("It watches one help, settings or policy page." in about) == is_read
    assert ("Programs read pages" in about) == is_read
    assert ("it has not been read yet" in about) != is_read
    assert "Each month people read again" not in about
    assert "None has been read again yet" in about


def test_figures_of_the_site_come_last(client):
    about = words(client, "/about")
    assert about.index("What we claim") < about.index("Contact") < about.index("In figures")


@pytest.mark.parametrize(
    ("address", "plain", "detail"),
    [
        ("/methodology", "Each watched page is visited on a schedule", "What is watched"),
        ("/de/methodology", "Jede beobachtete Seite wird nach Plan besucht", "What is watched"),
    ],
)
def test_the_methodology_begins_in_plain_words_and_ends_with_figures(
    client, address, plain, detail
):
    text = words(client, address)
    assert text.index(plain) < text.index(detail)
    assert text.index("Limits") < text.index("How well it works")
