"""The embedded site's secret key: made once, kept in var/, readable by its owner only."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def read_or_create_secret_key(path: Path) -> str:
    """Return the key kept at path, creating it on first use.

    Web and worker start together. Each writes a whole file of its own (mode 0600) and links it
    into place: the first link wins, and nobody ever reads half a key.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text().strip()
