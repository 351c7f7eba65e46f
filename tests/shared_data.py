"""Where the shared cases and histories lie, and what happens when they are not at hand."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(
    os.environ.get("SHARED_DATA", Path(__file__).resolve().parent.parent.parent / "shared")
)


def shared_file(relative: str) -> Path:
    """Return the path of a shared file; skip the test without it, fail under REQUIRE_SERVICES=1."""
    path = SHARED_DATA / relative
    if not path.exists():
        message = f"shared data absent: {relative} (set SHARED_DATA to its folder)"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path
