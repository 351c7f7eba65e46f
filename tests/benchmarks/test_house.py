"""Production lines are counted by room, and compared with an earlier revision."""

import subprocess

import pytest
from django.apps import apps

from benchmarks import house

MODULE = '''\
"""What it is for,
in two lines."""

# A reason.
import os  # why


def name() -> str:
    """Return it."""
    return """one

    # two"""
'''


def test_comments_blank_lines_and_docstrings_are_no_code():
    assert house.lines_of_code(MODULE) == 4


def test_each_room_and_the_totals_are_counted():
    counted = house.measure(
        [
            ("consent/desk/frame.py", MODULE),
            ("consent/tasks.py", MODULE),
            ("consent/migrations/0001_version_1.py", MODULE),
            ("consent/management/commands/load_catalog.py", MODULE),
            ("config/settings.py", 'A = env.str("A")\nB = env.str("B", default=env.str("A"))\n'),
            ("templates/base.html", "<html>"),
            ("tests/conftest.py", MODULE),
        ]
    )
    assert counted == {
        "consent/desk": 4,
        "consent/": 4,
        "consent/management": 4,
        "config/": 2,
        "production code": 14,
        "modules": 4,
        "commands": 1,
        "models": 0,
        "settings": 2,
        "migrations": 1,
        "templates": 1,
        "lines of tests": 4,
    }


def test_models_are_counted_as_django_knows_them():
    ours = [
        model for model in apps.get_models() if model._meta.app_label in ("platforms", "consent")
    ]
    files = [(name, text) for name, text in house.here() if "models" in name]
    assert house.measure(files)["models"] == len(ours)


def test_a_revision_is_counted_like_the_working_tree(tmp_path, monkeypatch):
    monkeypatch.setattr(house, "HERE", tmp_path)
    path = tmp_path / "consent" / "desk" / "frame.py"
    path.parent.mkdir(parents=True)
    path.write_text(MODULE)
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message=First")):
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@reader.example")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)
    path.write_text(MODULE + "\nMORE = 1\n")

    before, now = house.measure(house.at("HEAD")), house.measure(house.here())

    assert (before["consent/desk"], now["consent/desk"]) == (4, 5)
    assert "consent/desk                     5      +1" in house.table(now, before, "HEAD")


def test_without_history_the_numbers_come_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(house, "HERE", tmp_path)
    monkeypatch.setattr("sys.argv", ["house"])
    house.main()
    assert "against" not in capsys.readouterr().out


def test_an_unknown_revision_is_named(monkeypatch):
    monkeypatch.setattr(house, "here", list)
    monkeypatch.setattr("sys.argv", ["house", "--against", "no-such-revision"])
    with pytest.raises(SystemExit, match="no revision no-such-revision"):
        house.main()
