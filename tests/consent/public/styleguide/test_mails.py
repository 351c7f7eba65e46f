import pytest
from bs4 import BeautifulSoup

from consent.alerts.mails.previews import previews

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("language", ["", "/de"])
def test_every_mail_is_shown_with_its_text_and_its_html_in_a_frame(client, language):
    page = BeautifulSoup(client.get(f"{language}/styleguide/mails").text, "lxml")
    frames = page.select("main iframe")
    assert len(frames) == len(page.select("main pre")) == len(previews()) >= 14
    for frame in frames:
        assert frame.has_attr("sandbox")
        answer = client.get(frame["src"])
        assert answer.status_code == 200
        assert answer.text.startswith("<!doctype html>")


def test_a_framed_mail_can_run_and_load_nothing_and_only_the_site_frames_it(client):
    answer = client.get("/styleguide/mails/alert-change")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    around = client.get("/styleguide/mails")["Content-Security-Policy"]
    assert "frame-src 'self'" in around


def test_there_are_no_others_and_in_production_none(client, admin_client, settings):
    assert client.get("/styleguide/mails/nothing").status_code == 404
    settings.DEBUG = False
    for address in ("/styleguide/mails", "/styleguide/mails/alert-change"):
        assert client.get(address)["Location"] == f"/admin/login/?next={address}"
        assert admin_client.get(address).status_code == 404
