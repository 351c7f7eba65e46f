"""Replays real page histories through the whole cycle, and says how long the watch was dark.

    python -m benchmarks.replay --mirrors FOLDER [--pages 10] [--months 3] [--start DAY] [--check]

FOLDER holds the bare mirrors of Open Terms Archive, of which one is used (histories.COLLECTION);
without it nothing is done. Clock and answers of the sites are replaced, and the task that makes a
suggestion runs at once; no network is used. Everything else is the site's own: judging, archive,
snapshots, changes, gaps, mails and the tasks of each night.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.replay.histories import COLLECTION


def _moment(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--mirrors", type=Path, default=Path(os.environ.get("OTA_MIRRORS", "")))
    parser.add_argument("--pages", type=int, default=10, help="the pages with most snapshots")
    parser.add_argument("--months", type=float, default=3)
    parser.add_argument("--start", type=_moment, help="first day, as 2026-03-01")
    parser.add_argument("--match", default="", help="only addresses with this expression")
    parser.add_argument("--minutes", type=float, default=60, help="stop after so long")
    parser.add_argument("--check", action="store_true", help="fail outside the limits")
    options = parser.parse_args()
    mirror = options.mirrors / COLLECTION
    if not mirror.is_dir():
        print(f"Skipped: there is no collection at {mirror} (set OTA_MIRRORS).")
        return 0
    with tempfile.TemporaryDirectory(prefix="replay-") as var:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": var,
            "CONTACT_EMAIL": "desk@replay.example",
            "LOG_LEVEL": "CRITICAL",
        }
        from benchmarks.replay import life

        figures = life.replay(
            mirror,
            pages=options.pages,
            months=options.months,
            minutes=options.minutes,
            start=options.start,
            match=options.match,
        )
        print(figures.table())
        return 1 if options.check and not figures.is_within_limits else 0


if __name__ == "__main__":
    sys.exit(main())
