"""The version has one place; what shows it agrees with it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from platforms.release import VERSION

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_changelog_is_headed_by_the_version():
    headings = re.findall(r"^## (\S+?),", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == VERSION
    numbers = [tuple(map(int, heading.split("."))) for heading in headings]
    assert numbers == sorted(set(numbers), reverse=True)


def test_the_project_names_no_version_of_its_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {
        "attr": "platforms.release.VERSION"
    }


@pytest.mark.parametrize("option", ["version", "--version"])
def test_manage_py_says_it(option, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", option],
        cwd=ROOT,
        env={"VAR_DIR": str(tmp_path)},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout == f"{VERSION}\n"
