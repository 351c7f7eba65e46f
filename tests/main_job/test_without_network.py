"""A machine without network says so once, and blames no page. A real worker without any network."""

import shutil
import subprocess
import sys

import pytest

from tests.main_job.installation import Installation, copy_database, until

HOSTS = 40


@pytest.fixture
def place(tmp_path, migrated_database):
    if not _can_unshare():
        pytest.skip("this system lets nobody take a process off the network")
    place = Installation(tmp_path, site_port=443)
    copy_database(migrated_database, tmp_path / "var")
    place.run(
        "from tests.arranging import arranged; from tests.factories import *\n"
        "with arranged():\n"
        f"    for number in range({HOSTS}):\n"
        "        make_page(make_platform(), url=f'https://www.host-{number}.example/help')\n"
    )
    return place


def _can_unshare():
    return shutil.which("unshare") and not subprocess.run(["unshare", "--net", "true"]).returncode


@pytest.mark.django_db
def test_a_machine_without_network_says_so_once_and_opens_no_gap(place):
    worker = [sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO"]
    with place.process("worker", ["unshare", "--net", *worker]):
        log = place.folder / "worker.log"
        until(lambda: b"ready" in log.read_bytes(), "the worker is ready")
        for _ in range(3):
            place.make_due()
            until(lambda: place.ask("Outage.objects.on().count()") == 1, "the outage is noticed")
        place.run("from platforms.tasks import check_due_pages; check_due_pages.delay()")
        until(
            lambda: place.ask("Page.objects.filter(attempt_began_at__isnull=False).count()") == 0,
            "no visit is under way",
        )
    assert place.ask("Outage.objects.count()") == 1
    assert place.ask("Gap.objects.count()") == 0
    assert place.ask("Fetch.objects.count()") == 0
    assert place.ask("Page.objects.filter(gaps_in_a_row__gt=0).count()") == 0
    assert log.read_text().count("our own connection is down") == 1
