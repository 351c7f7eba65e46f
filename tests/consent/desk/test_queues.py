"""The desk's lists ask no more questions, however long they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent import curation, revising
from consent.models import Change
from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_setting,
    make_source,
    make_state,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LISTS = [
    "/admin/consent/change/",
    "/admin/consent/change/?status=all",
    "/admin/consent/change/health/",
    "/admin/consent/change/dates/",
    "/admin/consent/change/numbers/",
    "/admin/consent/guide/queue/",
    "/admin/consent/guide/",
    "/admin/consent/decision/",
    "/admin/consent/entry/",
    "/admin/consent/revision/",
    "/admin/consent/setting/",
    "/admin/platforms/page/",
    "/admin/platforms/snapshot/",
]


def fill(editor):
    """One more row for every list."""
    platform = make_platform()
    page = make_page(platform, health="failing", flapping_since=timezone.now())
    setting = make_setting(platform)
    make_state(setting)
    make_change(page, "before", "after")
    dismissed = make_change(page, "after", "afterwards")
    curation.dismiss(dismissed, curator=editor, reason="noise")
    entry = make_entry(platform, effective_on=timezone.localdate())
    make_source(entry)
    revising.correct(entry, reason="A slip.", editor=editor, title="Mended")
    make_entry(platform, status="draft", published_at=None)
    make_guide(
        platform, setting, source_changed_at=timezone.now(), source_change=Change.objects.last()
    )


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", LISTS)
def test_a_longer_list_asks_nothing_more(client, editor, address):
    fill(editor)
    few = questions(client, address)
    for _ in range(4):
        fill(editor)
    assert questions(client, address) <= few
    assert few <= 20
