"""An import that is killed midway, as in a power cut, and run again."""

import contextlib
import sqlite3
import sys
import time

import pytest

from tests.main_job.installation import Installation, copy_database
from tests.platforms.importers.generated_repository import write_repository

ROWS = {
    "snapshots": """
        SELECT evidence_url, first_seen_at, last_seen_at, quarantined_as, digest, re_extraction
        FROM platforms_snapshot JOIN platforms_document ON snapshot_id = platforms_snapshot.id
        ORDER BY evidence_url""",
    "changes": """
        SELECT b.evidence_url, a.evidence_url, observed_from, observed_to, reverted_at, relevant
        FROM consent_change c JOIN platforms_snapshot b ON b.id = before_id
        JOIN platforms_snapshot a ON a.id = after_id
        JOIN consent_suggestion s ON s.change_id = c.id ORDER BY a.evidence_url""",
    "pages": """
        SELECT url, reappearances, flapping_since, last_looked_at, validators, evidence_url
        FROM platforms_page p JOIN platforms_snapshot s ON s.id = baseline_id ORDER BY url""",
}

#: What workers do later for each imported change.
SUGGEST = (
    "from celery import current_app; from consent.tasks import suggest_missing; "
    "current_app.conf.task_always_eager = True; suggest_missing(limit=10_000)"
)


def rows(installation, query):
    database = installation.folder / "var/default-on.sqlite3"
    with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection:
        return connection.execute(query).fetchall()


def snapshots(installation):
    return rows(installation, "SELECT count(*) FROM platforms_snapshot")[0][0]


def make_installation(folder, migrated_database):
    folder.mkdir()
    copy_database(migrated_database, folder / "var")
    return Installation(folder, site_port=1)


@pytest.fixture
def repository(tmp_path):
    write_repository(tmp_path / "versions.git", commits=60, documents=5)
    return str(tmp_path / "versions.git")


@pytest.mark.django_db  # for its migrated database
def test_an_import_killed_twice_ends_like_an_undisturbed_one(
    tmp_path, repository, migrated_database
):
    undisturbed = make_installation(tmp_path / "undisturbed", migrated_database)
    killed = make_installation(tmp_path / "killed", migrated_database)
    command = ("import_ota", repository, "--name", "Generated/versions")
    undisturbed.manage(*command)

    for _ in range(2):
        count = snapshots(killed)
        with killed.process("import", [sys.executable, "manage.py", *command]) as process:
            while snapshots(killed) == count and process.poll() is None:
                time.sleep(0.01)
            process.kill()
    killed.manage(*command)

    for installation in (undisturbed, killed):
        installation.run(SUGGEST)
    for kind, query in ROWS.items():
        assert rows(killed, query) == rows(undisturbed, query), kind
