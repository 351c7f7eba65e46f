"""The admin's forms of uses, controls and guides, with the rows that belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from consent.curation.archives import archive_mistake
from consent.curation.cited_words import captured, cite_words, place_of_words, typed_passage
from consent.curation.record_decisions import version_of_record
from consent.curation.verification import replace_steps, steps_of
from consent.desk.fields import WhoForm, to_precision
from consent.desk.forms import require_fitting_details, words_of_branch
from consent.desk.local_labels import LocalLabelsField
from consent.desk.scope_fields import (
    ShortField,
    TitlesField,
    require_listed_part,
    require_listed_plans,
)
from consent.models import Branch, Control, Entry, Guide, GuideSurface, Offer, State, Use
from consent.vocabulary import (
    DERIVED_FRICTIONS,
    FRICTIONS_OF_CONTROLS,
    By,
    DataKind,
    Friction,
    PassageSide,
    People,
    Precision,
    Refuse,
    SinceIs,
)
from platforms.desk.fields import PlaceField, RowsField, SentenceField
from platforms.desk.forms import GuardedForm
from platforms.models import Platform


class DoorForm(GuardedForm):
    """Shows the errors that `change_record` found. refused: their messages."""

    refused: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for words in self.refused:
            self.add_error(None, words)
        return cleaned


class RecordForm(DoorForm):
    """Refuses to overwrite what somebody else saved, in the record or in its rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = version_of_record(self.instance)

    def require_free_slug(self, cleaned: dict[str, Any]) -> None:
        """Require a slug that no other use or control of the platform has or had."""
        slug = cleaned.get("slug")
        if slug and self.is_taken(slug, cleaned):
            self.add_error(
                "slug", f"{slug} is or was the slug of another use or control here: vary it."
            )

    def is_taken(self, slug: str, cleaned: dict[str, Any]) -> bool:
        """Return whether another use or control of the platform has or had a slug."""
        platform = cleaned.get("platform") or (self.instance.pk and self.instance.platform)
        if not platform:
            return False
        others = [
            other
            for model in (Use, Control)
            for other in model._default_manager.filter(platform=platform)
            if other != self.instance
        ]
        return any(other.has_been(slug) for other in others)


def platform_of(form: forms.ModelForm) -> Platform | None:
    """Return the platform of the record of a cleaned form; None while none is chosen."""
    chosen: Platform | None = form.cleaned_data.get("platform")
    return chosen or (form.instance.platform if form.instance.platform_id else None)


class UseForm(RecordForm):
    slug_from = ("title",)
    data_kinds = forms.MultipleChoiceField(
        choices=DataKind.choices, widget=forms.CheckboxSelectMultiple
    )
    titles = TitlesField(help_text="The same sentences in other languages.")
    short = ShortField(
        help_text="A phrase of at most 30 characters that names it where an answer depends on the "
        "use: “chats with Meta AI”. In all languages, or left empty."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.require_free_slug(cleaned)
        require_listed_part(self, platform_of(self))
        return cleaned


class ControlForm(RecordForm):
    slug_from = ("label", "name")
    labels = LocalLabelsField(
        required=False,
        help_text="What the product calls it in other languages. Readers of the site in that "
        "language see the path and the label as on their own screen.",
    )
    former_labels = RowsField(
        required=False, help_text="What it was called before: search finds it by these."
    )
    must_name = RowsField(
        required=False, help_text="What the platform asks a letter to name, one line each."
    )
    frictions = forms.MultipleChoiceField(
        choices=[(friction.value, friction.label) for friction in FRICTIONS_OF_CONTROLS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What makes the control itself harder to use.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.require_free_slug(cleaned)
        if bool(cleaned.get("label")) == bool(cleaned.get("name")):
            self.add_error(
                "label",
                "Write the exact words in the product here, or, if it has none, our words under "
                "“name”; one of the two.",
            )
        if cleaned.get("labels") and not cleaned.get("label"):
            self.add_error("labels", "Write the English label as well.")
        if cleaned.get("refuse") == Refuse.ASK_ADMIN and cleaned.get("by") != By.ADMIN:
            self.add_error("by", "Whoever asks an admin leaves the act to them: choose “an admin”.")
        if cleaned.get("refuse") == Refuse.WRITE and not cleaned.get("to"):
            self.add_error("to", "Say to which address people write.")
        return cleaned


class ReferenceForm(GuardedForm):
    slug_from = ("name",)

    place = PlaceField(help_text="Its country, or the EU.")


class GuideForm(RecordForm):
    slug_from = ("title",)
    plans = RowsField(required=False, help_text="If steps differ by plan.")
    before_you_start = RowsField(SentenceField(), required=False)
    caveats = RowsField(SentenceField(), required=False, help_text="What this does not do.")
    frictions = forms.MultipleChoiceField(
        choices=[
            (friction.value, friction.label)
            for friction in Friction
            if friction not in DERIVED_FRICTIONS
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What makes it harder than one switch, as steps and sources show.",
    )

    def is_taken(self, slug: str, cleaned: dict[str, Any]) -> bool:
        taken = Guide.objects.filter(slug=slug) | Guide.objects.filter(former_slugs__slug=slug)
        return taken.exclude(pk=self.instance.pk).exists()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        platform = platform_of(self)
        require_listed_plans(self, [platform] if platform else ())
        for control in cleaned.get("controls") or ():
            if platform and control.platform != platform:
                self.add_error("controls", f"“{control}” belongs to another platform.")
        return cleaned


#: Between an act and what people see then, in a line of steps.
_THEN = " → "


class GuideSurfaceForm(forms.ModelForm):
    """A surface of a guide, with its first steps; later ones are written where they are walked."""

    step_lines = forms.CharField(
        required=False,
        label="Steps",
        widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
        help_text="One a line; after “ → ” what people see then.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and (lines := lines_of(self.instance)):
            self.initial["step_lines"] = lines
            self.fields["step_lines"].disabled = True

    def save(self, commit: bool = True) -> Any:
        surface = super().save(commit)
        if commit and "step_lines" in self.changed_data:
            lines = self.cleaned_data["step_lines"].splitlines()
            replace_steps(
                surface,
                [
                    (act.strip(), expect.strip())
                    for act, _, expect in (line.partition(_THEN.strip()) for line in lines)
                    if act.strip()
                ],
            )
        return surface


def lines_of(surface: GuideSurface) -> str:
    """Return the steps of a surface, one a line."""
    return "\n".join(_THEN.join(filter(None, step)) for step in steps_of(surface))


class RareFieldsForm(forms.ModelForm):
    """A row whose rare fields are folded while they say nothing."""

    rare_names: ClassVar[tuple[str, ...]]

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that each row has."""
        return [field for field in self.visible_fields() if field.name not in self.rare_names]

    @property
    def rare(self) -> list[forms.BoundField]:
        """The fields that few rows fill in."""
        return [field for field in self.visible_fields() if field.name in self.rare_names]

    @property
    def has_rare(self) -> bool:
        """Return whether one of those is filled in, or wrong."""
        nothing = (None, "", False, SinceIs.EXACT, Precision.DAY)
        return any(field.errors or field.value() not in nothing for field in self.rare)


class StateRowForm(RareFieldsForm):
    """One state of a branch's history."""

    rare_names = ("since_is", "opened_by", "basis", "said_by", "why", "earlier", "disputed", "note")

    class Meta:
        model = State
        fields = (
            *("value", "starts_on", "starts_precision", "since_is", "opened_by", "basis"),
            *("said_by", "why", "earlier", "disputed", "note"),
        )
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 2, "cols": 60}),
        }

    def __init__(self, *args: Any, entries: Sequence[tuple[Any, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Queried once for all states of the page.
        self.fields["opened_by"].choices = entries  # type: ignore[attr-defined]

    @property
    def is_folded(self) -> bool:
        """Whether only its words are shown: nobody works on it, and its branch is on record."""
        return self.instance.branch_id is not None and not _is_typed_in(self)

    @property
    def words(self) -> str:
        state = self.instance
        if not state.pk:
            return "One more state"
        return f"{state.get_value_display()}, since {state.starts_on or 'an unknown day'}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        to_precision(self, ("starts",))
        if cleaned.get("disputed") and not cleaned.get("note"):
            self.add_error("note", "Say how the sources disagree.")
        if cleaned.get("since_is") not in (SinceIs.EXACT, "", None) and not cleaned.get(
            "starts_on"
        ):
            self.add_error("starts_on", "Give the day that this is, or choose “exact”.")
        require_fitting_details(self)
        return cleaned


def _is_typed_in(form: forms.BaseForm) -> bool:
    return form.is_bound and bool(form.errors or form.has_changed())


class StateRows(BaseInlineFormSet):
    """The history of one branch."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        states = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("value") and not form.cleaned_data.get("DELETE")
        ]
        if not states:
            raise ValidationError("Add a state: a branch has at least one state.")
        if sum(state.get("starts_on") is None for state in states) > 1:
            raise ValidationError("Only the first state may begin on a day that is not known.")


_STATE_ROWS = inlineformset_factory(
    Branch, State, form=StateRowForm, formset=StateRows, fk_name="branch", extra=1
)


class BranchForm(WhoForm, forms.ModelForm):
    """The people and places of a branch, with its states."""

    states: BaseInlineFormSet
    only_kinds = forms.MultipleChoiceField(
        choices=DataKind.choices,
        required=False,
        help_text="If the source of this branch names fewer kinds of data than the use has.",
    )

    class Meta:
        model = Branch
        fields = (
            *("places", "except_places", "some_of", "people", "plans", "who", "who_narrows"),
            *("adults", "only_kinds", "note"),
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].required = True
        self.fields["people"].help_text = ""
        if not self.instance.pk:
            self.initial.setdefault("people", [People.PERSONAL.value])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("who_narrows") and not cleaned.get("who"):
            self.add_error("who", "Say in words which part of these people it is.")
        if cleaned.get("adults") and People.MINORS in (cleaned.get("people") or ()):
            self.add_error("adults", "It cannot be of adults only, and of minors.")
        return cleaned

    def has_changed(self) -> bool:
        return bool(super().has_changed() or self.states.has_changed())

    @property
    def words(self) -> str:
        return words_of_branch(self.instance) if self.instance.pk else "A new branch"

    @property
    def is_folded(self) -> bool:
        """Whether only its words are shown: nobody works on it, and it is on record."""
        typed_in = _is_typed_in(self) or (self.is_bound and self.states.total_error_count())
        return self.instance.pk is not None and not typed_in


class BranchRows(BaseInlineFormSet):
    """The branches of a use. Each form has the formset of its states."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries: list[tuple[Any, str]] | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.plans_of = _platforms_of(self.instance)
        if self._entries is None:
            self._entries = _entries_of(self.instance)
        form.states = _STATE_ROWS(
            data=form.data if form.is_bound else None,
            instance=form.instance,
            prefix=f"{form.prefix}-states",
            form_kwargs={"entries": self._entries},
        )

    def is_valid(self) -> bool:
        # Both are validated, so that every mistake is shown at once.
        own = super().is_valid()
        return all([own, *(form.states.is_valid() for form in self._filled_in())])

    def _filled_in(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]

    def save_new(self, form: Any, commit: bool = True) -> Any:
        last = self.instance.branches.aggregate(last=Max("position"))["last"]
        form.instance.position = 0 if last is None else last + 1
        branch = super().save_new(form, commit)
        form.states.instance = branch
        form.states.save(commit)
        return branch

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        branch = super().save_existing(form, obj, commit)
        form.states.save(commit)
        return branch


def _platforms_of(record: Use | Control) -> list[Platform]:
    """Return the platform of a record; none while it is new and none is chosen."""
    return [record.platform] if record.platform_id else []


def _entries_of(use: Use) -> list[tuple[Any, str]]:
    """Return the choices of a state's entry: all entries of the platform."""
    if not use.pk:
        return [("", "---------")]
    entries = Entry.objects.filter(platforms=use.platform_id).newest_first()
    return [
        ("", "---------"),
        *((entry.pk, f"{entry.timeline_on or 'undated'}: {entry.title}") for entry in entries),
    ]


class SourceForm(forms.ModelForm):
    """A source with the words that show the claim, typed by hand."""

    words = forms.CharField(
        required=False,
        label="Its words",
        widget=forms.Textarea(attrs={"rows": 2, "cols": 40}),
        help_text="The exact words of the passage that shows it.",
    )

    _side = PassageSide.AFTER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            typed = typed_passage(self.instance)
            self.initial["words"] = typed.words if typed else ""
            self._side = PassageSide(typed.side) if typed else PassageSide.AFTER

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_after = self._side == PassageSide.AFTER
        if is_after and "snapshot" in self.fields:
            snapshot = cleaned.get("snapshot")
        else:
            snapshot = captured(self.instance, self._side)
        if {"words", "snapshot"} & set(self.changed_data):
            problem = place_of_words(snapshot, cleaned.get("words", "")).problem
            if problem:
                self.add_error("words", problem)
        mistake = archive_mistake(cleaned.get("archived_url") or "")
        if mistake and "archived_url" in self.changed_data:
            self.add_error("archived_url", mistake)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        source = super().save(commit)
        if commit:
            cite_words(source, self.cleaned_data["words"], self._side)
        return source


class OfferForm(WhoForm, forms.ModelForm):
    """The people to whom a control is offered, and the first and last day."""

    class Meta:
        model = Offer
        fields = (
            *("places", "except_places", "some_of", "people", "plans", "who"),
            *("starts_on", "starts_precision", "ends_on", "ends_precision"),
            *("opened_by", "closed_by", "note"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        to_precision(self, ("starts", "ends"))
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "It ends before it begins: this is the first day without it.")
        return cleaned


class OfferRows(BaseInlineFormSet):
    """The offers of a control, in the order in which they were added."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.plans_of = _platforms_of(self.instance)

    def save_new(self, form: Any, commit: bool = True) -> Any:
        last = self.instance.offers.aggregate(last=Max("position"))["last"]
        form.instance.position = 0 if last is None else last + 1
        return super().save_new(form, commit)
