"""The forms to publish, dismiss, merge or snooze a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from consent.curation.cited_words import NOT_THERE, place_of_words
from consent.curation.drafts import own_date, quoted_passage
from consent.curation.prefill import Prefill, inside, prefill, present_state, value_of
from consent.curation.publication import NewState
from consent.declarations.schema import GIVEN
from consent.desk.fields import WhoForm, begins, to_precision
from consent.ledger.place_words import people_words, place_words
from consent.models import Branch, Change, Control, Entry, Passage, Reference, Use
from consent.models.entries import EntryQuerySet
from consent.search.operators import operators
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    LEFT_ALONE,
    TOLD_ALONE,
    DataKind,
    DismissReason,
    Earlier,
    Effect,
    EffectPrecision,
    PassageSide,
    People,
    Precision,
    PublicationStatus,
    SinceIs,
    StateValue,
    Told,
    Topic,
    Why,
)
from consent.web.day_input import DayField
from platforms.models import Platform

SETTLES = "Announcements that this settles"
SETTLES_HELP = "What this brings about, or puts off: they will link here."
#: Entries of a company within so many days may be about the same event.
SAME_EVENT = dt.timedelta(days=45)
#: The dates of an entry that a person fills in.
DATES = ("announced", "decided", "due", "effective", "deadline")


class WordsOfEntry(WhoForm):
    """The kind, the places, the people and the dates of an entry."""

    effects = forms.MultipleChoiceField(
        choices=Effect.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    data_kinds = forms.MultipleChoiceField(
        choices=DataKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    told = forms.MultipleChoiceField(
        choices=Told.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="How people were told",
        help_text="From sources only. None ticked: not known.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        to_precision(self, DATES)
        for field, mistake in mistakes_of_entry(cleaned, today=timezone.localdate()):
            self.add_error(field, mistake)
        return cleaned


def mistakes_of_entry(cleaned: dict[str, Any], *, today: dt.date) -> Iterable[tuple[str, str]]:
    """Yield the contradictions in an entry: the field, and what to do."""
    effects = set(cleaned.get("effects") or ())
    if not effects:
        yield "effects", "Name at least one effect, or “wording only”."
    if cleaned.get("topic") == Topic.TRAINING and effects and effects <= set(ENFORCEMENT_EFFECTS):
        yield (
            "topic",
            "These effects change nothing for people by themselves: choose the topic "
            "“enforcement”, or name what changes as well.",
        )
    if cleaned.get("decided_on") and not effects & set(ENFORCEMENT_EFFECTS):
        yield (
            "decided_on",
            "Only an act of a regulator, a court or a complainant is decided: choose that "
            "effect, or give the day as announced or effective.",
        )
    told = cleaned.get("told") or ()
    if len(told) > 1 and set(told) & set(TOLD_ALONE):
        yield "told", "“Not at all” and “only by the changed policy” stand alone."
    effective_on = cleaned.get("effective_on")
    if cleaned.get("due_on") and effective_on:
        yield "due_on", "Give one of both: due until somebody has seen it, effective from then on."
    elif effective_on and effective_on > today:
        yield "effective_on", "This day is still to come: give it as due until it has been seen."


class UseField(forms.ModelMultipleChoiceField):
    """Uses or controls of a platform, called by their own words."""

    def label_from_instance(self, record: Any) -> str:
        return str(record.words if isinstance(record, Control) else record.title)


class SubjectsOfEntry(forms.Form):
    """The uses and controls that an entry is about; `offer_records` gives them their choices."""

    uses = UseField(
        Use.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Uses that this is about",
    )
    controls = UseField(
        Control.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Controls that this is about",
    )
    references = forms.ModelMultipleChoiceField(
        Reference.objects.all(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        label="Laws and authorities",
        help_text="That it names. Hold Ctrl to choose several.",
    )


#: Folded while they are empty.
_OFTEN_EMPTY = frozenset(
    {
        *("follows", "outcome", "settles", "controls", "references", "told"),
        *("except_places", "some_of", "plans", "who", "who_narrows", "note", "result"),
        *(f"{name}_on" for name in ("announced", "decided", "deadline")),
        *("settle_earlier", "settle_repeats"),
    }
)


#: The fields of an entry in the order of the form; those beside its own are saved apart.
_FIELDS = (
    *("title", "summary", "topic", "effects", "direction", "result", "follows", "outcome"),
    *("settles",),
    *("uses", "controls", "references", "data_kinds", "told", "places", "except_places"),
    *("some_of", "people", "plans", "who"),
    *(field for name in DATES for field in (f"{name}_on", f"{name}_precision")),
    *("confidence", "basis", "note"),
)
_BESIDE = frozenset({"settles", "uses", "controls", "references"})


class EntryForm(WordsOfEntry, SubjectsOfEntry, forms.ModelForm):
    """The sentence, the effects, the dates and the subjects of an entry of these platforms."""

    follows = forms.ModelChoiceField(
        Entry.objects.published().newest_first(),
        required=False,
        help_text="What this corrects, postpones, withdraws or complies with. "
        "Its readers get mail about this.",
    )
    settles = forms.ModelMultipleChoiceField(
        Entry.objects.none(),
        required=False,
        label=SETTLES,
        help_text=SETTLES_HELP,
    )
    field_order = _FIELDS

    class Meta:
        model = Entry
        fields = tuple(name for name in _FIELDS if name not in _BESIDE)
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 2}),
        } | {f"{name}_on": forms.DateInput(attrs={"type": "date"}) for name in DATES}

    def __init__(self, *args: Any, platforms: Sequence[Platform], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans_of = platforms
        # A browser would cut a pasted sentence in silence; too long a one is refused with its text.
        self.fields["title"].widget.attrs.pop("maxlength", None)
        self.fields["title"].widget.attrs["data-count"] = Entry._meta.get_field("title").max_length
        published = Entry.objects.published().filter(platforms__in=platforms).distinct()
        published = published.newest_first()
        choices_of(self, "outcome", published)
        choices_of(self, "follows", _own_first(platforms))
        choices_of(self, "settles", unsettled(published))
        offer_records(self, platforms)

    @property
    def shown_rows(self) -> list[list[forms.BoundField]]:
        """What every entry needs, what is filled in, and what is wrong; each date in one row."""
        rows: list[list[forms.BoundField]] = []
        for field in self.visible_fields():
            if not self._is_folded(field):
                if field.name.endswith("_precision"):
                    rows[-1].append(field)
                else:
                    rows.append([field])
        return rows

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """What most entries leave empty, and this one too."""
        return [field for field in self.visible_fields() if self._is_folded(field)]

    def _is_folded(self, field: forms.BoundField) -> bool:
        stem = field.name.removesuffix("_precision")
        name = field.name if stem == field.name else f"{stem}_on"
        is_needed = field.errors or self[name].errors or self[name].value()
        return name in _OFTEN_EMPTY and not is_needed

    def clean_follows(self) -> Entry | None:
        """Refuse a circle: a catalog file with one could not be loaded."""
        follows: Entry | None = self.cleaned_data["follows"]
        earlier, seen = follows, {self.instance.pk}
        while earlier is not None and earlier.pk not in seen:
            seen.add(earlier.pk)
            earlier = earlier.follows
        if earlier is not None:
            raise forms.ValidationError("That one follows this one; choose an earlier entry.")
        return follows


def _own_first(platforms: Sequence[Platform]) -> EntryQuerySet:
    """Return all published entries, those of these platforms first."""
    own = Entry.platforms.through.objects.filter(entry=OuterRef("pk"), platform__in=platforms)
    published: EntryQuerySet = Entry.objects.published().newest_first()
    return published.annotate(is_own=Exists(own)).order_by("-is_own", *published.query.order_by)


class ChangeEntryForm(EntryForm):
    """The entry of a change, with the passage of the page that shows it."""

    quote = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Quoted passage",
        help_text="The exact words of the page that show it.",
    )
    quote_side = forms.ChoiceField(
        choices=[
            (PassageSide.AFTER, "The page says this now"),
            (PassageSide.BEFORE, "The page said this before"),
        ],
        label="Where these words are",
    )
    settle_earlier = forms.BooleanField(
        required=False,
        label="This entry also covers the earlier waiting changes of this page",
    )
    settle_repeats = forms.BooleanField(
        required=False, label="This entry also covers the waiting changes that say the same"
    )

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._captures = {PassageSide.AFTER: change.after, PassageSide.BEFORE: change.before}
        if own := own_date(change):
            words = f"The page's own date: “{own.quote}”. The change may hold from another day."
            self.fields["announced_on"].help_text = words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.quote_problem == NOT_THERE:
            sides = dict(self.fields["quote_side"].choices)  # type: ignore[attr-defined]  # a ChoiceField
            for side, label in sides.items():
                if self._problem_on(side) != NOT_THERE:
                    self.add_error("quote_side", f"Choose “{label}”: these words are there only.")
        return cleaned

    @property
    def quote_problem(self) -> str:
        """Why the quoted words have no place in the capture of their side; "" if they have."""
        return self._problem_on(self.cleaned_data.get("quote_side", PassageSide.AFTER))

    def _problem_on(self, side: str) -> str:
        words = self.cleaned_data.get("quote", "")
        return place_of_words(self._captures[PassageSide(side)], words).problem


#: The fields of records that an entry is about.
LISTS = ("uses", "controls", "references")


def offer_records(form: forms.BaseForm, platforms: Sequence[Platform]) -> None:
    """Let a form offer the uses and controls of these platforms, except retracted ones."""
    retracted = PublicationStatus.RETRACTED
    uses = Use.objects.filter(platform__in=platforms).exclude(status=retracted)
    controls = Control.objects.filter(platform__in=platforms).exclude(status=retracted)
    choices_of(form, "uses", uses)
    choices_of(form, "controls", controls)


def unsettled(entries: EntryQuerySet) -> EntryQuerySet:
    """Return announcements without a known outcome."""
    open_entries: EntryQuerySet = entries.filter(outcome=None)
    return open_entries.listing("effects", Effect.ANNOUNCED) | open_entries.filter(
        due_on__isnull=False, effective_on=None
    )


def with_siblings(platforms: Sequence[Platform]) -> list[Platform]:
    """Return platforms and the other products of their companies, with which they share entries."""
    named = Platform.objects.only("slug", "name", "operator", "owners")
    own = set(platforms)
    siblings = [each.platforms for each in operators(named).values() if own & set(each.platforms)]
    return list(own.union(*siblings))


def choices_of(form: forms.BaseForm, name: str, queryset: QuerySet[Any]) -> None:
    """Let a field of a form offer these records."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset


def entry_form(
    change: Change,
    entry: Entry,
    data: Any = None,
    known: Prefill | None = None,
    *,
    is_another: bool = False,
) -> ChangeEntryForm:
    """Return the form of a change's entry, prefilled from its suggestion or its draft.

    is_another: the suggestion is about an entry that the change has already.
    """
    known = known or prefill(change)
    uses, controls = (
        (entry.uses.all(), entry.controls.all()) if entry.pk else (known.uses, known.controls)
    )
    cited = entry.sources.filter(snapshot=change.after_id).first() if entry.pk else None
    typed = cited.passages.exclude(words="").first() if cited else None
    words, side = (typed.words, typed.side) if typed else ("", PassageSide.AFTER)
    if cited is None and not is_another:
        words, side = quoted_passage(change)
    initial = {
        "quote": words,
        "quote_side": side,
        "uses": list(uses),
        "controls": list(controls),
        "references": list(entry.references.all()) if entry.pk else [],
    }
    platforms = [change.page.platform]
    return ChangeEntryForm(
        data, instance=entry, initial=initial, platforms=platforms, change=change
    )


def require_fitting_details(form: forms.BaseForm) -> None:
    """Add an error to what only states of another value say."""
    given = form.cleaned_data
    if given.get("why") and given.get("value") != StateValue.UNCLEAR:
        form.add_error("why", "Only an unclear state has a reason why it is unclear.")
    if given.get("earlier") and given.get("value") not in LEFT_ALONE:
        form.add_error("earlier", "Only a state in which data is not used says this.")


class StateForm(forms.Form):
    """The next state of one branch of a use. "No change" opens none.

    proposed: what it is filled in with. A proposal opens nothing until somebody ticks that the
    sentence says so. is_concerned: whether the entry seems to move this branch.
    """

    agreed = forms.BooleanField(
        required=False,
        label="These words say this, for all of these people and places",
        widget=forms.CheckboxInput(attrs={"data-key": "t"}),
    )
    value = forms.ChoiceField(
        choices=[("", "— no change —"), *StateValue.choices], required=False, label="New state"
    )
    starts_on = DayField(required=False, label="from")
    precision = forms.ChoiceField(choices=Precision.choices, initial=Precision.DAY, required=False)
    since_is = forms.ChoiceField(
        choices=SinceIs.choices, initial=SinceIs.EXACT, required=False, label="That day is"
    )
    note = forms.CharField(required=False, max_length=500)
    said_by = forms.CharField(
        required=False, max_length=160, label="Said by", help_text="If that is not the operator."
    )
    why = forms.ChoiceField(
        choices=[("", "—"), *Why.choices], required=False, label="Why it is unclear"
    )
    earlier = forms.ChoiceField(
        choices=[("", "not known"), *Earlier.choices], required=False, label="Data given earlier"
    )
    _DETAILS = ("said_by", "why", "earlier")

    def __init__(
        self,
        data: Any = None,
        *,
        branch: Branch,
        proposed: dict[str, Any] | None = None,
        sentence: str = "",
        is_concerned: bool = False,
    ) -> None:
        super().__init__(data, prefix=f"branch-{branch.pk}", initial=proposed or {})
        self.branch = branch
        #: The first day, where none is typed.
        self.day_of_entry: dt.date | None = None
        self.present = present_state(branch)
        self.is_proposed = bool(proposed)
        self.sentence = sentence
        self.is_concerned = is_concerned
        if not self.is_proposed:
            del self.fields["agreed"]

    @property
    def is_touched(self) -> bool:
        """Whether something is filled in or to be decided, so that the row must be open."""
        return self.is_concerned or bool(self["value"].value() or (self.is_bound and self.errors))

    @property
    def is_fresh(self) -> bool:
        """Whether it is proposed because of what was just typed, so that nobody has seen it."""
        is_typed = self["value"].value() or self.add_prefix("offered") in self.data
        return self.is_bound and self.is_proposed and not (is_typed or self.errors)

    def fresh(self) -> StateForm:
        """Return the form as it is shown: with the proposal, if that is new."""
        if not self.is_fresh:
            return self
        return StateForm(
            branch=self.branch,
            proposed=dict(self.initial),
            sentence=self.sentence,
            is_concerned=self.is_concerned,
        )

    @property
    def state_fields(self) -> list[forms.BoundField]:
        """The fields of the state that are always shown."""
        return [self[name] for name in self.fields if name not in ("agreed", *self._DETAILS)]

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields that are folded while they are empty."""
        return [self[name] for name in self._DETAILS]

    @property
    def has_details(self) -> bool:
        return any(field.value() or field.errors for field in self.details)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_proposed and cleaned.get("value") and not cleaned.get("agreed"):
            if self.has_changed():
                self.add_error("agreed", "You changed the proposal: tick it, or put it back.")
            cleaned["value"] = ""
            return cleaned
        value, starts_on = cleaned.get("value"), cleaned.get("starts_on") or self.day_of_entry
        if value and not starts_on and "starts_on" not in self.errors:
            self.add_error("starts_on", f"Say from which day {self.words} has its new state.")
        if value == StateValue.NOT_USED and not self.branch.use.title_if_not:
            self.add_error(
                "value",
                "Write the sentence for where it does not happen on the use's own page first.",
            )
        if starts_on:
            cleaned["starts_on"] = begins(starts_on, cleaned.get("precision") or Precision.DAY)
        require_fitting_details(self)
        if cleaned.get("earlier") and not self._was_given():
            self.add_error("earlier", "Data was neither used nor agreed to before, as recorded.")
        return cleaned

    def _was_given(self) -> bool:
        return any(state.value in GIVEN for state in self.branch.states.all())

    @property
    def words(self) -> str:
        """The names of the use and the branch."""
        return f"“{self.branch.use.title}” ({words_of_branch(self.branch)})"

    @property
    def branch_words(self) -> str:
        return words_of_branch(self.branch)

    def new_state(self) -> NewState | None:
        """Return the state to open, or None where nothing changes. Call on a valid form."""
        if not self.cleaned_data["value"]:
            return None
        return NewState(
            branch=self.branch,
            value=StateValue(self.cleaned_data["value"]),
            starts_on=self.cleaned_data["starts_on"],
            precision=Precision(self.cleaned_data["precision"] or Precision.DAY),
            since_is=SinceIs(self.cleaned_data["since_is"] or SinceIs.EXACT),
            note=self.cleaned_data["note"],
            **{name: self.cleaned_data[name] for name in self._DETAILS},
        )


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of the form, with a form for each of its branches."""

    use: Use
    states: tuple[StateForm, ...]
    is_named: bool

    @property
    def is_open(self) -> bool:
        """Whether the row is open: something is filled in, or to be decided.

        So is the one branch of a use that the entry names.
        """
        is_named = self.is_named and len(self.states) == 1
        return is_named or any(state.is_touched for state in self.states)


def rows_of(states: Iterable[StateForm], form: EntryForm) -> list[UseRow]:
    """Group the forms of branches by their use; uses of training come first.

    form: of the entry, which names uses.
    """
    named = {str(getattr(use, "pk", use)) for use in form["uses"].value() or ()}
    by_use: dict[Use, list[StateForm]] = {}
    for state in states:
        by_use.setdefault(state.branch.use, []).append(state)
    rows = [UseRow(use, tuple(branches), str(use.pk) in named) for use, branches in by_use.items()]
    return sorted(rows, key=lambda row: not row.use.is_training)


def words_of_branch(branch: Branch) -> str:
    """Return the places of a branch, and its people unless they are just personal accounts."""
    where = place_words(branch.where)
    if branch.people == [People.PERSONAL] and not (branch.plans or branch.who):
        return where
    return f"{where}; {people_words(branch.people, branch.plans, branch.who)}"


def state_forms(
    change: Change, entry: Entry, data: Any = None, known: Prefill | None = None
) -> list[StateForm]:
    """Return a form for each branch of the platform's uses, prefilled for those concerned."""
    known = known or prefill(change)
    proposal = StateProposal(
        entry,
        sentence=known.sentence or quoted_passage(change)[0],
        concerned=frozenset(entry.uses.all() if entry.pk else known.uses),
        covered=known.moves,
        value=known.value,
        starts_on=entry.effective_on or entry.due_on or change.observed_to.date(),
        since_is=_since_is(entry) if entry.effective_on or entry.due_on else SinceIs.AT_LATEST,
    )
    return _state_forms(
        Branch.objects.filter(use__platform=change.page.platform_id), proposal, data
    )


def states_by_hand(
    entry: Entry, uses: Iterable[Use], platforms: Sequence[Platform], data: Any = None
) -> list[StateForm]:
    """Return a form for each branch of uses of an entry's platforms, prefilled for these uses."""
    branches = Branch.objects.filter(use__platform__in=platforms)
    proposal = StateProposal(
        entry,
        sentence=_cited_words(entry) or entry.title,
        concerned=frozenset(uses),
        # Whoever names the places names the branches.
        covered=frozenset(branches) if entry.places else None,
        value=value_of(entry.effects),
        starts_on=entry.effective_on or entry.due_on or entry.decided_on,
        since_is=_since_is(entry),
    )
    return _state_forms(branches, proposal, data)


def _since_is(entry: Entry) -> SinceIs:
    by_day = entry.effective_on and entry.effective_precision == EffectPrecision.BY_DAY
    return SinceIs.AT_LATEST if by_day else SinceIs.EXACT


def _cited_words(entry: Entry) -> str:
    """Return the words that the first source of an entry is cited for; "" if none are."""
    if not entry.pk:
        return ""
    cited = Passage.objects.filter(source__entry=entry).exclude(words="").order_by("pk").first()
    return cited.words if cited else ""


@dataclass(frozen=True, slots=True)
class StateProposal:
    """The next state of the uses that an entry is about. value: "" if a curator must choose it.

    sentence: the words that it is read from. covered: the branches that they surely cover; None
    where nobody read them.
    """

    entry: Entry
    sentence: str
    concerned: frozenset[Use]
    covered: frozenset[Branch] | None
    value: str
    starts_on: dt.date | None
    since_is: SinceIs

    def moves(self, branch: Branch) -> bool:
        """Whether the entry gives this branch, all of it, another state."""
        present = present_state(branch)
        if branch.use not in self.concerned or self.value in ("", present and present.value):
            return False
        if self.covered is not None and branch not in self.covered:
            return False
        about = not self.entry.people or not branch.people
        about = about or bool({*self.entry.people} & {*branch.people})
        return about and inside(branch, self.entry.where)

    @property
    def initial(self) -> dict[str, Any]:
        came_to_light = Effect.CAME_TO_LIGHT in self.entry.effects
        entry = self.entry
        precision = (entry.effective_on and entry.effective_precision) or (
            entry.due_on and entry.due_precision
        )
        if not precision or precision == EffectPrecision.BY_DAY:
            precision = Precision.DAY  # since_is says at the latest
        return {
            "value": self.value,
            "starts_on": self.starts_on,
            "precision": precision,
            "since_is": SinceIs.AT_LATEST if came_to_light else self.since_is,
        }


def _state_forms(branches: Any, proposal: StateProposal, data: Any) -> list[StateForm]:
    public = branches.exclude(use__status=PublicationStatus.RETRACTED)
    ordered = public.order_by("use__platform", "use__position", "use__slug", "position")
    rows = list(ordered.select_related("use__platform").prefetch_related("states__opened_by"))
    moved = [branch for branch in rows if proposal.moves(branch)]
    # Where nobody read for whom a sentence is, and it fits several branches, a curator chooses.
    proposed = proposal.initial if proposal.covered is not None or len(moved) == 1 else None
    return [
        StateForm(
            data,
            branch=branch,
            proposed=proposed if branch in moved else None,
            sentence=proposal.sentence,
            is_concerned=branch in moved,
        )
        for branch in rows
    ]


def mistakes_of(states: Sequence[StateForm]) -> list[tuple[str, str]]:
    """Return the errors of states: the id of the field on the page, and the message."""
    return [
        (state["value" if name == "__all__" else name].auto_id, f"{state.words}: {words}")
        for state in states
        for name, errors in state.errors.items()
        for words in errors
    ]


class DismissForm(forms.Form):
    reason = forms.ChoiceField(choices=DismissReason.choices)
    note = forms.CharField(required=False, max_length=500)
    repeats = forms.BooleanField(required=False)


class SnoozeForm(forms.Form):
    until = DayField()
    note = forms.CharField(required=False, max_length=500)

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= timezone.localdate():
            raise ValidationError("Choose a day that is still to come.")
        return until


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(queryset=Entry.objects.none(), label="Entry")
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._change = change
        entries = Entry.objects.published().filter(
            platforms__in=with_siblings([change.page.platform])
        )
        choices_of(self, "into", entries.distinct().newest_first())

    @cached_property
    def nearest(self) -> list[Entry]:
        """All entries: first those that quote what changed, then those like it, then by the day."""
        entries: QuerySet[Entry] = self.fields["into"].queryset  # type: ignore[attr-defined]  # a ModelChoiceField
        change, day = self._change, self._change.observed_to.date()
        before, after = change.before_document.text, change.after_document.text
        cited = Passage.objects.filter(source__entry__in=list(entries)).exclude(words="")
        quoting = {
            entry
            for entry, words in cited.values_list("source__entry", "words")
            if (words in before) != (words in after)
        }
        suggestion = getattr(change, "suggestion", None)
        effects = set(suggestion.effects if suggestion else ())

        def rank(entry: Entry) -> tuple[bool, bool, dt.timedelta]:
            apart = abs((entry.timeline_on or dt.date.max) - day)
            is_like_it = apart <= SAME_EVENT and not effects.isdisjoint(entry.effects)
            return entry.pk not in quoting, not is_like_it, apart

        return sorted(entries, key=rank)
