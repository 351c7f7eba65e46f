"""Decisions in any order: every public change has a row in a log, and a version."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from consent.curation import decisions, drafts, record_decisions, revisions
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.publication import NewState
from consent.curation.undo import undo
from consent.curation.verification import check_surface
from consent.models import (
    Branch,
    Change,
    Control,
    ControlSurface,
    Decision,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Passage,
    Revision,
    Source,
    State,
    Use,
    Verification,
)
from consent.vocabulary import SinceIs, StateValue
from platforms.models import Platform
from platforms.record_versions import check_versions
from tests.arranging import arranged, version_everything
from tests.consent.public_rows import differing, public_rows
from tests.databases import on_sqlite
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.sweeps import DRILL, some

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: When something was written: no ruling takes that back.
WRITTEN = {"updated_at"}
DAY = dt.date(2026, 3, 1)


class Desk:
    """Two changes of one page, a draft by hand, a guide, two editors; and every ruling on them.

    `which` chooses the change and the editor.
    """

    def __init__(self):
        self.editors = [User.objects.create_user(name) for name in ("ada", "bob")]
        platform = make_platform()
        page = make_page(platform)
        use = make_use(platform, data_kinds=["public-posts"])
        make_state(use, StateValue.NOT_USED)
        control = make_control(use)
        guide = make_guide(platform, control)
        for number in range(2):
            make_change(page, f"before {number}", f"after {number}")
        with arranged():
            use.pages.add(page)
            make_source(None, guide=guide)
        change = Change.objects.earliest("pk")
        mark = {"source_change": change, "source_changed_at": change.observed_to}
        Use.objects.update(**mark)
        Guide.objects.update(**mark)
        by_hand = make_entry(platform, status="draft", published_at=None, effects=["default-off"])
        make_source(by_hand)
        make_source(make_entry(platform))
        self.guide = guide

    def change(self, which):
        return Change.objects.order_by("pk")[which % 2]

    def editor(self, which):
        return self.editors[which // 2 % 2]

    def draft(self, which):
        change = self.change(which)
        draft = drafts.draft_of(change) or drafts.entry_from(change)
        draft.title, draft.effects = f"Drafted {which}", ["default-on"]
        draft.effective_on = DAY
        drafts.draft_entry(change, draft, quote=f"quote {which}")

    def publish(self, which):
        change = self.change(which)
        draft = drafts.draft_of(change)
        if draft is None:
            raise ValidationError("Nothing was drafted.")
        states = [NewState(Branch.objects.get(), StateValue.UNLESS_REFUSED, DAY)]
        decisions.publish(
            change, entry=draft, curator=self.editor(which), states=states[: which % 3]
        )

    def publish_by_hand(self, which):
        draft = Entry.objects.filter(changes=None, status="draft").first()
        later = DAY + dt.timedelta(days=which)
        if draft is None:
            raise ValidationError("Nothing was drafted.")
        value = StateValue.ONLY_IF_AGREED
        states = [NewState(Branch.objects.get(), value, later, since_is=SinceIs.AT_LATEST)]
        decisions.publish_by_hand(draft, curator=self.editor(which), states=states[: which % 2])

    def record(self, which):
        return (Use, Control, Guide, Use)[which].objects.get()

    def change_record(self, which):
        record = self.record(which)
        with record_decisions.change_record(record, curator=self.editor(which)):
            record.note = f"Changed {Decision.objects.count()}"
            record.save(update_fields=["note"])
            if which == 1:
                record.surfaces.all().delete()
                record.surfaces.create(surface="web", path="Settings")
            if which == 3:
                record.branches.get().states.order_by("pk").update(note=record.note)

    def withdraw_record(self, which):
        record = self.record(which)
        record_decisions.withdraw_record(record, curator=self.editor(which), reason="It was wrong.")

    def publish_record(self, which):
        record_decisions.publish_record(self.record(which), curator=self.editor(which))

    def ask_for_two(self, which):
        with arranged():
            Platform.objects.update(second_review=bool(which % 2))

    def confirm(self, which):
        entry = Entry.objects.awaiting_second_review().first() or Entry.objects.first()
        decisions.confirm(entry, curator=self.editor(which))

    def send_back(self, which):
        entry = Entry.objects.awaiting_second_review().first() or Entry.objects.first()
        decisions.send_back(entry, curator=self.editor(which), note="Wrong region.")

    def review(self, which):
        entry = published("pk")
        decisions.add_review(entry, curator=self.editor(which))

    def dismiss(self, which):
        decisions.dismiss(self.change(which), curator=self.editor(which), reason="noise")

    def merge(self, which):
        into = published("-pk")
        decisions.merge(self.change(which), into=into, curator=self.editor(which))

    def snooze(self, which):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        decisions.snooze(self.change(which), until=tomorrow, curator=self.editor(which))

    def reopen(self, which):
        decisions.reopen(self.change(which), curator=self.editor(which))

    def undo(self, which):
        last = Decision.objects.order_by("pk").last()
        if last is None:
            raise ValidationError("Nothing was ruled.")
        undo(last, curator=self.editor(which))

    def correct(self, which):
        entry = published("-pk")
        words = {"title": f"Corrected {which}", "effective_on": DAY + dt.timedelta(days=which)}
        revisions.correct(entry, reason="A slip.", editor=self.editor(which), **words)

    def postpone(self, which):
        entry = published("-pk")
        later = DAY + dt.timedelta(days=30 + which)
        revisions.postpone(entry, to=later, reason="Put off.", editor=self.editor(which))

    def retract(self, which):
        # One entry stays, for the others to work on.
        entry = published("-pk")
        if Entry.objects.published().count() == 1:
            raise ValidationError("The last one.")
        revisions.retract(entry, reason="It was wrong.", editor=self.editor(which))

    def verify(self, which):
        surface = self.guide.surfaces.first()
        if surface is None:
            raise ValidationError("No surface is left.")
        outcome = ("still-right", "steps-changed", "cannot-check", "retired")[which]
        steps = [(f"Open the menu {which}.", "")]
        check_surface(surface, outcome, curator=self.editor(which), note="Walked.", steps=steps)


def published(order):
    """Return the first published entry. After an undo there may be none to work on."""
    entry = Entry.objects.published().order_by(order).first()
    if entry is None:
        raise ValidationError("Nothing is published.")
    return entry


NO_RULINGS = ("change", "editor", "record")
RULINGS = sorted(name for name in vars(Desk) if name[0] != "_" and name not in NO_RULINGS)
STEPS = st.lists(st.tuples(st.sampled_from(RULINGS), st.integers(0, 3)), min_size=4, max_size=14)


#: What went wrong once, and what another database might do differently.
WRITTEN_OUT = [
    [("draft", 0), ("merge", 0), ("reopen", 0), ("draft", 0), ("publish", 0), ("undo", 0)],
    [("merge", 1), ("reopen", 1), ("draft", 1), ("publish", 1), ("correct", 0), ("undo", 0)],
    [("draft", 1), ("publish", 1), ("publish_by_hand", 3), ("retract", 0), ("undo", 1)],
    [("ask_for_two", 1), ("draft", 1), ("publish", 1), ("confirm", 3), ("undo", 3)],
    [("ask_for_two", 1), ("draft", 1), ("publish", 1), ("send_back", 3), ("publish", 1)],
    [("publish_by_hand", 0), ("retract", 0), ("undo", 0), ("correct", 0)],
    [("change_record", 1), ("undo", 1), ("change_record", 3), ("undo", 3)],
    [("withdraw_record", 2), ("undo", 2), ("withdraw_record", 2), ("publish_record", 2)],
    [("draft", 1), ("publish", 1), ("withdraw_record", 1), ("publish_record", 1)],
    [("ask_for_two", 1), ("withdraw_record", 0), ("publish_record", 0), ("undo", 0)],
]


def with_examples(test):
    for steps in some(WRITTEN_OUT, 3 if on_sqlite() else 1):
        test = example(steps)(test)
    return test


@settings(
    max_examples=100 if DRILL else 1,  # each takes a second
    # What another database might do differently, the written examples do.
    phases=tuple(Phase) if on_sqlite() else [Phase.explicit],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@with_examples
@given(STEPS)
def test_nothing_public_changes_without_a_log_and_a_version_of_it(steps):
    with transaction.atomic():
        desk = Desk()
        version_everything()
        before_last, latest = None, None
        seen, stored, named = public_rows(), everything(), logs()
        for name, which in steps:
            try:
                getattr(desk, name)(which)
            except (ValidationError, AlreadyDecidedError):
                assert everything() == stored, name  # what is refused leaves nothing behind
                continue
            before, was_stored, was_named = seen, stored, named
            seen, stored, named = public_rows(), everything(), logs()
            changed = differing(before, seen)
            if name == "ask_for_two":
                version_everything()
            if name != "ask_for_two":
                assert check_versions() == [], name
                changed_owners = {owner for log in named - was_named for owner in log[2:]}
                for row in changed:
                    assert owners(row, was_stored, stored) & changed_owners, (name, row)
            if name == "undo" and before_last is not None:
                assert without_numbers(stored) == without_numbers(before_last), steps
            ruled = Decision.objects.order_by("pk").last()
            before_last = was_stored if ruled != latest and name != "undo" else None
            latest = ruled
        transaction.set_rollback(True)


def logs():
    """Return decisions, revisions and verifications, each with the records that it names."""
    return {
        *(("decision", row.pk, *_named(row)) for row in Decision.objects.all()),
        *(("revision", row.pk, ("entry", row.entry_id)) for row in Revision.objects.all()),
        *(("walk", row.pk, ("guide", row.guide_id)) for row in Verification.objects.all()),
    }


def _named(decision):
    about = {"entry": decision.entry_id, "use": decision.use_id}
    about |= {"control": decision.control_id, "guide": decision.guide_id}
    return about.items()


def owners(row, *stored):
    """The entries, uses, controls and guides that a public row belongs to, before and after."""
    table, number = row
    owners_found = set()
    for rows in stored:
        values = rows.get(row, {})
        values = values | rows.get(("consent_source", values.get("source_id")), {})
        owners_found |= {("entry", values.get(field)) for field in ("entry_id", "opened_by_id")}
        owners_found |= {(kind, values.get(f"{kind}_id")) for kind in ("guide", "use", "control")}
        if "branch_id" in values:
            branch = rows.get(("consent_branch", values["branch_id"]), {})
            owners_found |= {("use", branch.get("use_id"))}
        if "surface_id" in values:
            surface = rows.get(("consent_guidesurface", values["surface_id"]), {})
            owners_found |= {("guide", surface.get("guide_id"))}
    kind = table.removeprefix("consent_")
    return {(kind, number)} | {(name, value) for name, value in owners_found if value is not None}


def without_numbers(stored):
    """The same rows; parts of a record that come back may have other numbers."""
    numbers = {"id", "surface_id", "source_id"}
    return sorted(
        (
            table,
            sorted((name, repr(value)) for name, value in values.items() if name not in numbers),
        )
        for (table, _), values in stored.items()
    )


def everything():
    """Return all rows that decisions change, as stored."""
    models = (
        *(Entry, Use, Branch, State, Control, ControlSurface, Guide, GuideSurface, GuideStep),
        *(Source, Passage, Change, Entry.uses.through, Entry.platforms.through),
    )
    return {
        (model._meta.db_table, values["id"]): {
            name: value for name, value in values.items() if name not in WRITTEN
        }
        for model in models
        for values in model.objects.values()
    }
