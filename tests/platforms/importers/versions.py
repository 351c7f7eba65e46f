"""Writes git repositories in the layout of Open Terms Archive versions."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

FIRST = "First record of"
CHANGES = "Record new changes of"
UPGRADE = "Apply technical or declaration upgrade on"
#: The same before version 0.27 of the archive's engine.
OLD_FIRST, OLD_CHANGES, OLD_UPGRADE = "Start tracking", "Update", "Refilter"

START = dt.datetime(2024, 1, 1, 6, 30, tzinfo=dt.UTC)
ADDRESS = "https://github.com/Terms/versions"


class Versions:
    """A repository of versions. Its clock advances by `days` with each commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = START
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", "git@github.com:Terms/versions.git")

    def git(self, *arguments: str) -> str:
        moment = self.now.isoformat()
        environment = os.environ | {
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        identity = ("-c", "user.name=Bot", "-c", "user.email=bot@terms.example")
        return subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def record(
        self,
        text: str | bytes,
        *,
        prefix: str = CHANGES,
        service: str = "Chirp",
        document: str = "Privacy Policy",
        days: float = 1,
    ) -> str:
        """Commit a text as the archive's engine does; return the name of the commit."""
        file = self.folder / service / f"{document}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "--all")
        return self.commit(
            f"{prefix} {service} {document}\n\nThis version was recorded after extracting from "
            "snapshot https://github.com/Terms/snapshots/commit/0123456789abcdef",
            days=days,
        )

    def commit(self, message: str, *, days: float = 1) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.now += dt.timedelta(days=days)
        return self.git("rev-parse", "HEAD")

    def rename(self, service: str, new_service: str) -> str:
        self.git("mv", service, new_service)
        return self.commit(f"Rename {service} to {new_service}")


def policy(*sentences: str) -> str:
    """Return a policy with these sentences among others that never change."""
    paragraphs = [
        "# Privacy Policy",
        "Chirp collects what you post, the people you follow and the device you use.",
        *sentences,
        "You may ask us for a copy of your data at any time through your account settings.",
        "We keep server logs for ninety days and delete them after that period has ended.",
    ]
    return "\n\n".join(paragraphs) + "\n"


SILENT = policy("We use your data to show you posts that may interest you.")
TRAINING = policy(
    "We use your data to show you posts that may interest you.",
    "We may use your public posts to train our artificial intelligence models.",
)
OPT_OUT = policy(
    "We use your data to show you posts that may interest you.",
    "We may use your public posts to train our artificial intelligence models. "
    "You can opt out in your settings.",
)
