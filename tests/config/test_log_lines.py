"""Log lines name what was refused, and hold no key to a reader's alerts."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from consent.alerts.subscriptions import tokens
from tests.consent.alerts.readers import make_reader
from tests.main_job.installation import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the console gets: its filters are those of the settings."""
    stream = io.StringIO()
    console = logging.StreamHandler(stream)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        console.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logging.getLogger().addHandler(console)
    yield stream.getvalue
    logging.getLogger().removeHandler(console)


def test_a_request_that_is_refused_is_logged_without_its_key(lines):
    reader = make_reader()
    choices = {"subjects": [["everything", ""]], "frequency": "daily"}
    confirming = tokens.link_text(tokens.issue(reader, "confirm", choices, timezone.now()))
    managing = tokens.manage_text(reader)
    leaving = tokens.unsubscribe_text(reader.pk)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/confirm/{confirming}").status_code == 403
    assert strict.post(f"/u/{leaving}/now").status_code == 403
    assert Client().post(f"/alerts/{managing}", {"act": "erase"}).status_code == 422
    assert Client().get(f"/alerts/{managing}x").status_code == 404
    said = lines()
    for path in ("/confirm/…", "/u/…/now", "/alerts/…"):
        assert path in said
    for key in (confirming, managing, leaving):
        assert key not in said


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml", "config/supervise.py"])
def test_no_server_of_ours_logs_every_request_with_its_address_and_query(file):
    assert "access-log" not in (ROOT / file).read_text()
