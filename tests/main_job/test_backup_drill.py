"""An installation is backed up while it works, destroyed, and restored elsewhere."""

import contextlib
import re
import shutil
import threading

import requests

from tests.main_job.installation import Installation
from tests.practice.site import PracticeSite, declare

PAGES = ("/", "/timeline", "/platforms/chirp", "/guides/chirp-perch-training")
PATHS = (*PAGES, "/feeds/timeline.atom")
_DIFFERS = re.compile(r'name="(csrfmiddlewaretoken|started)" value="[^"]*"|<span class="age">[^<]*')
PEOPLE = ("stays", "leaves", "erased", "complains", "returns")
FILL = """
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_platform
for name in {people}:
    make_reader(f"{{name}}@mail.example")
publish(Platform.objects.get(slug="chirp"), title="Chirp trains Perch on posts")
"""
VISIT = """
from django.core.management import call_command
call_command("check_pages", all=True, verbosity=0)
"""
AFTERWARDS = """
from consent.alerts.subscriptions import lifecycle
from consent.alerts.sending.bounces import record_bounce
of = lambda name: Subscriber.objects.get(normalised=f"{name}@mail.example")
lifecycle.leave(of("leaves"))
lifecycle.forget(of("erased"))
lifecycle.leave(of("returns")); lifecycle.undo_leave(of("returns"))
complaint = of("complains"); complaint.state = "complained"; complaint.save()
lifecycle.forget(complaint)
"""


def pages(installation):
    """The public pages, without what differs at each answer."""
    answers = {path: requests.get(installation.url + path, timeout=60) for path in PATHS}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: _DIFFERS.sub("", answer.text) for path, answer in answers.items()}


@contextlib.contextmanager
def busy(installation):
    """Readers read, and one signs up and leaves again, all the time."""
    done, faults = threading.Event(), []

    def work():
        while not done.is_set():
            answer = requests.get(installation.url + "/", timeout=60)
            faults.extend([answer.status_code] * (answer.status_code >= 400))
            installation.run(
                "from tests.consent.alerts.readers import make_reader; "
                "make_reader('passing@mail.example').delete()"
            )

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    assert faults == []


def test_a_destroyed_installation_comes_back_whole(
    tmp_path, databases, migrated_database, collected_static
):
    first, second = databases
    with PracticeSite() as site:
        place = {
            "site_port": site.port,
            "STATIC_ROOT": str(collected_static),
            "SITE_URL": "http://127.0.0.1:8999",
            "SUPPRESSION_PATH": str(tmp_path / "elsewhere"),
        }
        declare(site.url, tmp_path / "old" / "catalog")
        old = Installation(tmp_path / "old", **place | first)
        old.set_up(migrated_database=None if first else migrated_database)
        old.run(
            "from django.core.management import call_command; call_command('check_pages', all=True)"
        )
        old.run(FILL.format(people=PEOPLE))
        with old.web():
            with busy(old):
                said = old.manage("backup", str(tmp_path / "backups")).stdout
            assert "1 bodies added" in said
            assert "SECRET_KEY" in said
            # Afterwards some leave, and the mails go out.
            old.run(AFTERWARDS)
            old.run(
                "from django.utils import timezone; Alert.objects.update(due_at=timezone.now()); "
                "from consent.alerts.sending.delivery import send_due; send_due()"
            )
            sent = sorted(str(mail["To"]) for mail in old.mails())
            assert sent == ["returns@mail.example", "stays@mail.example"]
            before = pages(old)

    key = (tmp_path / "old/var/secret-key").read_text() if not first else first["SECRET_KEY"]
    shutil.rmtree(tmp_path / "old" / "var")

    (tmp_path / "new").mkdir()
    new = Installation(tmp_path / "new", **place | second | {"SECRET_KEY": key})
    said = new.manage("restore", str(tmp_path / "backups")).stdout
    assert "all hashes are right" in said
    assert "differs" not in said
    for act in ("left", "erased", "complained"):
        assert f"1 people {act} after the backup" in said
    with_alerts = (
        "sorted(Subscriber.objects.filter(state='active').exclude(address__startswith='passing')"
        ".values_list('address', flat=True))"
    )
    assert new.ask(with_alerts) == ["returns@mail.example", "stays@mail.example"]
    with new.web():
        assert pages(new) == before
    new.run("from consent.alerts.sending.delivery import send_due; send_due()")
    assert new.mails() == []
