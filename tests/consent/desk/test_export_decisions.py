"""Exports the log of decisions, as rows or as cases to evaluate suggestions."""

import json

import pytest
from django.core.management import call_command

from benchmarks import evaluate_detection
from consent.curation import decisions, drafts, revisions
from consent.curation.reports import decide_report
from consent.curation.undo import undo
from consent.curation.verification import check_surface
from consent.models import Decision
from consent.vocabulary import ReportStatus
from platforms.desk import page_actions
from platforms.models import RecordVersion
from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_report,
)

pytestmark = pytest.mark.django_db


def exported(capsys, *options):
    call_command("export_decisions", *options)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def decided(change, editor):
    """One published, and of three others one each dismissed as noise, duplicate, and undone."""
    decisions.publish(change, entry=drafts.draft_entry(change), curator=editor)
    others = [make_change(make_page(make_platform()), "old", f"new {n}") for n in range(3)]
    for dismissed, reason in zip(others, ("noise", "duplicate", "noise"), strict=True):
        decisions.dismiss(dismissed, curator=editor, reason=reason)
    undo(Decision.objects.get(change=others[2]), curator=editor)
    return others


@pytest.mark.database
def test_the_log_holds_every_ruling_and_what_it_moved(decided, capsys):
    rows = exported(capsys)
    assert [row["ruling"] for row in rows] == ["publish", "dismiss", "dismiss", "dismiss", "undo"]
    assert rows[-1]["undoes"] == rows[-2]["id"]
    assert rows[0]["act"] != rows[1]["act"] == None  # noqa: E711  (readers saw the first alone)
    assert rows[1]["held"]["change"]["status"] == "waiting"


def test_cases_hold_what_stands_and_says_what_a_change_is(decided, change, capsys, tmp_path):
    published, noise = exported(capsys, "--as-cases")
    assert (published["relevant"], noise["relevant"]) == (True, False)
    assert published["effects"] == change.suggestion.effects
    assert published["evidence"] == drafts.quoted_passage(change)[0]
    assert (noise["before"], noise["after"]) == ("old", "new 0")
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, (published, noise))))
    evaluate_detection.main([str(path), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert next(iter(figures.values()))["cases"] == 2


def test_only_what_was_decided_since_a_day_is_exported(decided, capsys):
    assert exported(capsys, "--since", "2999-01-01") == []


def test_rulings_on_reports_are_exported_without_what_readers_wrote(editor, capsys):
    report = make_report(about="/platforms/x", text="secret words", address="ada@mail.example")
    for before, after in (("open", "spam"), ("spam", "open"), ("open", "acted-on")):
        decide_report(report, ReportStatus(after), seen=before, curator=editor, note="Why")
    rows = exported(capsys, "--reports")
    assert [(row["before"], row["after"]) for row in rows] == [
        ("open", "spam"),
        ("spam", "open"),
        ("open", "acted-on"),
    ]
    assert rows[0]["curator"] == "ada"
    assert "secret words" not in json.dumps(rows)
    assert "mail.example" not in json.dumps(rows)
    assert exported(capsys, "--reports", "--since", "2999-01-01") == []


def test_each_other_log_is_exported_with_what_changed(editor, capsys):
    page = make_page(make_platform(), remove=[".ads"])
    page_actions.leave_out(page, ".votes", curator=editor)
    guide = make_guide(page.platform)
    surface = guide.surfaces.get()
    steps = [("Open settings.", "A list of switches.")]
    check_surface(surface, "steps-changed", curator=editor, steps=steps)
    entry = make_entry(page.platform, title="A slip")
    revisions.correct(entry, reason="A slip.", editor=editor, title="Mended")
    (ruled,) = exported(capsys, "--pages")
    assert (ruled["act"], ruled["curator"], ruled["page"]) == ("leave-out", "ada", page.pk)
    assert (ruled["before"], ruled["after"]) == (
        {"remove": [".ads"]},
        {"remove": [".ads", ".votes"]},
    )
    (walked,) = exported(capsys, "--guides")
    assert (walked["guide"], walked["outcome"]) == (guide.slug, "steps-changed")
    version = RecordVersion.objects.get(act=walked["act"], kind="guide")
    (shown,) = version.declaration["surfaces"]
    assert shown["steps"] == [{"act": "Open settings.", "expect": "A list of switches."}]
    (revised,) = exported(capsys, "--revisions")
    assert revised["changed"] == [{"field": "Sentence", "before": "A slip", "after": "Mended"}]
    for log in ("--pages", "--guides", "--revisions"):
        assert exported(capsys, log, "--since", "2999-01-01") == []
