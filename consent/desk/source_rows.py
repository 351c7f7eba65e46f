"""The sources of an entry as rows of a form: for a new entry, a draft, and a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils import timezone

from consent.curation.archives import proposed_archive
from consent.desk.record_forms import SourceForm
from consent.models import Entry, Passage, Source
from consent.web.day_input import DayField
from platforms.models import Snapshot
from platforms.versions import stored, version_of

#: Empty rows for sources on a new entry, and on one that has some.
_ROWS_AT_FIRST, _ROWS_MORE = 3, 1
#: How many captures of ours are offered as a source. Chosen.
_CAPTURES = 20

if TYPE_CHECKING:
    SourceRows = BaseInlineFormSet[Any, Any, Any]
else:
    SourceRows = BaseInlineFormSet


class CaptureField(forms.ModelChoiceField):
    """One of our own captures of a page, by its day."""

    def label_from_instance(self, capture: Any) -> str:
        return f"{capture.first_seen_at:%d %b %Y %H:%M} UTC"


class SourceRow(SourceForm):
    """A source of an entry, with an address in an archive that is proposed."""

    use_proposed = forms.BooleanField(
        required=False, label="Cite the proposed address in the archive: I have opened it"
    )
    url = forms.URLField(label="Address", max_length=1000, assume_scheme="https")
    published_on = DayField(required=False, label="Published")
    archived_url = forms.URLField(
        label="Address in an archive", max_length=1000, required=False, assume_scheme="https"
    )
    snapshot = CaptureField(Snapshot.objects.none(), required=False, label="Our own capture of it")

    class Meta:
        model = Source
        fields = (
            *("url", "publisher", "title", "published_on", "published_precision"),
            *("archived_url", "snapshot", "seen_via"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.instance.pk or self.is_bound):
            del self.fields["use_proposed"]  # nothing is proposed before there is an address
        self._offer_captures()

    def _offer_captures(self) -> None:
        """Offer our latest captures of the page with this address, where we watch it."""
        captures = Snapshot.objects.filter(page__url=self._address).order_by("-first_seen_at")
        latest = captures.values_list("pk", flat=True)[:_CAPTURES] if self._address else ()
        keys = [*latest, self.instance.snapshot_id]
        if not any(keys):
            del self.fields["snapshot"]
            return
        field = self.fields["snapshot"]
        assert isinstance(field, CaptureField)
        field.queryset = Snapshot.objects.filter(pk__in=keys).order_by("-first_seen_at")

    @property
    def _address(self) -> str:
        """The address as typed, with its scheme; "" if it is none."""
        try:
            return str(self.fields["url"].to_python(self["url"].value()) or "")
        except ValidationError:
            return ""

    @property
    def proposed_archive(self) -> str:
        """An address in an archive to look at; "" if one is given, or without an address."""
        cleaned = getattr(self, "cleaned_data", {})
        url, archived = cleaned.get("url") or self.instance.url, self["archived_url"].value()
        if not url or archived:
            return ""
        day = cleaned.get("published_on") or self.instance.published_on or timezone.localdate()
        return proposed_archive(url, day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("use_proposed") and cleaned.get("url"):
            cleaned["archived_url"] = cleaned.get("archived_url") or self.proposed_archive
        return cleaned


def source_rows(entry: Entry, data: Any, *, besides: Snapshot | None = None) -> SourceRows:
    """Return the rows of an entry's sources, and some empty ones.

    besides: leave out the source that is this capture of ours; the form of a change quotes it.
    """
    rows = inlineformset_factory(
        Entry,
        Source,
        form=SourceRow,
        can_delete_extra=False,  # an empty row counts for nothing
        extra=_ROWS_MORE if entry.pk and entry.sources.exists() else _ROWS_AT_FIRST,
        fields=SourceRow.Meta.fields,
    )
    sources = Source.objects.filter(entry=entry.pk) if entry.pk else Source.objects.none()
    if besides is not None:
        sources = sources.exclude(snapshot=besides)
    return rows(data, instance=entry, queryset=sources, prefix="sources")


def save_source_rows(rows: SourceRows, entry: Entry, *, first: int = 0) -> None:
    """Save valid rows as the sources of an entry, in their order on the page.

    first: the position of the first.
    """
    rows.instance = entry
    for number, row in enumerate(rows.forms, start=first):
        row.instance.position = number
    rows.save()


def version_of_entry(entry: Entry) -> str:
    """Return the version of an entry and its sources; "" for one that is not saved yet."""
    if entry.pk is None:
        return ""
    sources = Source.objects.filter(entry=entry.pk)
    passages = Passage.objects.filter(source__in=sources)
    return version_of(stored(entry), sources.values(), passages.values())


def mistakes_of_rows(rows: SourceRows) -> list[tuple[str, str]]:
    """Return the errors of rows: the id of the field on the page, and the message."""
    return [
        (row[field if field in row.fields else "url"].auto_id, f"Source {number}: {words}")
        for number, row in enumerate(rows.forms, start=1)
        for field, errors in row.errors.items()
        for words in errors
    ]
