import re
from pathlib import Path

import pytest
from django.conf import settings as project

from consent.styleguide import samples
from tests.consent.site.markup import faults

pytestmark = pytest.mark.django_db

#: Folders of parts that readers' pages share.
SHARED = ("parts", "pictures")


@pytest.fixture
def page(client, settings):
    """The component page as it answers in debug mode."""
    settings.DEBUG = True
    return client.get("/styleguide")


@pytest.mark.parametrize(
    "path", ["/styleguide", "/styleguide?scheme=dark", "/styleguide/schemes.css"]
)
def test_in_production_there_is_no_component_page(client, admin_client, settings, path):
    settings.DEBUG = False
    assert client.get(path)["Location"].startswith("/admin/login/")
    assert admin_client.get(path).status_code == 404


def test_every_shared_part_is_shown(page):
    shown = {template.name for template in page.templates}
    parts = {
        str(path.relative_to(project.BASE_DIR / "templates"))
        for folder in SHARED
        for path in (project.BASE_DIR / "templates" / folder).glob("_*.html")
    }
    # Nobody sees it: it is for programs that fill in forms.
    assert parts - shown == {"parts/_trap.html"}


def test_every_state_direction_and_trust_is_shown(page):
    for value in samples.ORDER:
        assert f'class="chip chip-{value}"' in page.text
        assert f"state-card-{value}" in page.text
    for direction in samples.Direction:
        assert f"direction-{direction}" in page.text
    for trust in samples.Trust:
        assert f"trust-{trust}" in page.text


def test_samples_ask_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        samples.everything()


def test_the_page_asks_only_what_the_footer_of_every_page_asks(
    client, settings, django_assert_num_queries
):
    settings.DEBUG = True
    with django_assert_num_queries(1):
        client.get("/styleguide")


def test_no_part_has_a_fault_in_its_markup(page):
    assert faults(page.text) == []
    assert page.text.count("<h1") == 1


def test_it_holds_no_inline_style_and_no_script_of_its_own(page):
    for forbidden in (" style=", "<style", " onclick="):
        assert forbidden not in page.text


def test_a_scheme_can_be_chosen_over_the_one_of_the_system(client, settings):
    settings.DEBUG = True
    assert '<body class="scheme-dark">' in client.get("/styleguide?scheme=dark").text
    assert "<body>" in client.get("/styleguide?scheme=%22%3E").text


def test_both_schemes_have_the_colours_of_the_tokens(client, settings):
    settings.DEBUG = True
    css = client.get("/styleguide/schemes.css").text
    light, dark = css.split(".scheme-dark")
    tokens = Path(project.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    for value in re.findall(r"--on: (.*?);", tokens):
        assert value in css
    assert "--ground: #fbfaf6" in light
    assert "--ground: #14171a" in dark
