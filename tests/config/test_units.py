"""The units in deploy/systemd, as text. docs/production.md was followed with systemd by hand."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy/systemd"
PARTS = sorted(
    path.name for path in UNITS.glob("*.service") if "Type=oneshot" not in path.read_text()
)


@pytest.mark.parametrize("name", PARTS)
def test_stopping_the_target_waits_for_each_part(name):
    # systemctl waits for the units that are ordered after the target and stopped with it: an
    # upgrade must not migrate while a worker still ends its visit.
    lines = (UNITS / name).read_text().splitlines()
    assert "PartOf=default-on.target" in lines
    assert "After=default-on.target" in lines
    assert name in (UNITS / "default-on.target").read_text()
