"""The sources of an entry or a guide as rows of a form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consent.curation.archives import proposed_archive
from consent.desk.record_forms import RareFieldsForm, SourceForm
from consent.models import Entry, Guide, Passage, Source
from consent.vocabulary import Precision
from consent.web.day_input import DayField
from platforms.models import Page, Snapshot
from platforms.numbers import read_number
from platforms.versions import stored, version_of

#: Empty rows for sources on a new entry, and on one that has some.
_ROWS_AT_FIRST, _ROWS_MORE = 3, 1
#: How many rows are carried to another entry. Chosen.
_MOST_ROWS = 50
#: How many captures of ours are offered as a source. Chosen.
_CAPTURES = 20

if TYPE_CHECKING:
    SourceRows = BaseInlineFormSet[Any, Any, Any]
else:
    SourceRows = BaseInlineFormSet


class _CaptureSelect(forms.Select):
    """A list of captures, with a link to the stored one."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        context = self.get_context(name, value, attrs)
        select = self._render(self.template_name, context, renderer)  # type: ignore[attr-defined]  # not in the stubs
        links = [
            (reverse("admin:platforms_snapshot_change", args=[option["value"]]), option["label"])
            for _, options, _ in context["widget"]["optgroups"]
            for option in options
            if option["selected"] and option["value"]
        ]
        return format_html("{}{}", select, format_html_join("", ' <a href="{}">{}</a>', links))


class CaptureField(forms.ModelChoiceField):
    """One of our own captures, by its page and its day."""

    def __init__(self, **options: Any) -> None:
        none = Snapshot.objects.none()
        super().__init__(none, required=False, widget=_CaptureSelect, **options)

    def offer(self, captures: QuerySet[Snapshot], stored: int | None) -> bool:
        """Offer the latest of these captures and the stored one; return whether there is any."""
        latest = captures.order_by("-first_seen_at").values_list("pk", flat=True)[:_CAPTURES]
        keys = [key for key in (*latest, stored) if key]
        offered = Snapshot.objects.filter(pk__in=keys).select_related("page__platform")
        self.queryset = offered.order_by("-first_seen_at")
        return bool(keys)


#: The day of publication, as newspapers and weblogs write it into addresses.
_DAY_IN_ADDRESS = re.compile(r"/(20\d\d)/(\d\d?)/(\d\d?)(?=/|$)")


def _day_in(url: str) -> dt.date | None:
    """Return the day that an address names; None if it names none, or one to come."""
    found = _DAY_IN_ADDRESS.search(urlsplit(url).path)
    try:
        day = dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and day <= timezone.localdate() else None


class SourceRow(SourceForm, RareFieldsForm):
    """A source of an entry, with an address in an archive that is proposed."""

    use_proposed = forms.BooleanField(
        required=False, label="Cite the proposed address in the archive: I have opened it"
    )
    url = forms.URLField(label="Address", max_length=1000, assume_scheme="https")
    published_on = DayField(
        required=False,
        label="Published",
        help_text="Left empty, the day in the address counts: …/2026/03/01/…",
    )
    archived_url = forms.URLField(
        label="Address in an archive", max_length=1000, required=False, assume_scheme="https"
    )
    snapshot = CaptureField(label="Our own capture of it")

    rare_names = ("published_precision", "archived_url", "snapshot", "seen_via")
    field_order = ("url", "words")  # the rest is filled in from the page, where it says it

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
        field = self.fields["snapshot"]
        assert isinstance(field, CaptureField)
        every = Snapshot.objects
        captures = every.filter(page__url=self._address) if self._address else every.none()
        if not field.offer(captures, self.instance.snapshot_id):
            del self.fields["snapshot"]

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
        if not cleaned.get("published_on"):
            cleaned["published_on"] = _day_in(cleaned.get("url") or "")
        return cleaned


class GuideSourceForm(SourceForm):
    """A source of a guide in the admin."""

    snapshot = CaptureField(
        label="our own capture of it", help_text="Of its address, or of the guide's pages."
    )

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["snapshot"]
        assert isinstance(field, CaptureField)
        pages = guide.pages.all() if guide.pk else Page.objects.none()
        captures = Snapshot.objects.filter(Q(page__in=pages) | Q(page__url=self.instance.url))
        field.offer(captures, self.instance.snapshot_id)


class GuideSourceRows(SourceRows):
    """The sources of a guide."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"guide": self.instance}


def source_rows(
    entry: Entry,
    data: Any,
    *,
    besides: Snapshot | None = None,
    carried: Sequence[dict[str, Any]] = (),
) -> SourceRows:
    """Return the rows of an entry's sources, and some empty ones.

    besides: leave out the source that is this capture of ours; the form of a change quotes it.
    carried: more sources, not saved yet, as `typed_in` returns them.
    """
    rows = inlineformset_factory(
        Entry,
        Source,
        form=SourceRow,
        can_delete_extra=False,  # an empty row counts for nothing
        extra=len(carried)
        + (_ROWS_MORE if entry.pk and entry.sources.exists() else _ROWS_AT_FIRST),
        fields=SourceRow.Meta.fields,
    )
    sources = Source.objects.filter(entry=entry.pk) if entry.pk else Source.objects.none()
    if besides is not None:
        sources = sources.exclude(snapshot=besides)
    formset = rows(data, instance=entry, queryset=sources, prefix="sources", initial=carried)
    if entry.pk is None and data is None:
        formset.forms[0].fields["url"].widget.attrs["autofocus"] = True
    return formset


def typed_in(data: QueryDict, *, besides: Entry) -> list[dict[str, Any]]:
    """Return what was typed into rows, but for sources that an entry has already."""
    known = {"", *besides.sources.values_list("url", flat=True)}
    names = [*SourceRow.Meta.fields, "words"]
    typed = [
        {name: data.get(f"sources-{number}-{name}", "") for name in names}
        for number in range(min(read_number(data.get("sources-TOTAL_FORMS", "")) or 0, _MOST_ROWS))
    ]
    return [row for row in typed if row["url"] not in known]


def earliest_day(rows: SourceRows) -> tuple[dt.date, str] | None:
    """Return the earliest day of publication in valid rows, with its precision."""
    cleaned = [row.cleaned_data for row in rows.forms if not row.cleaned_data.get("DELETE")]
    days = [
        (row["published_on"], row.get("published_precision") or Precision.DAY)
        for row in cleaned
        if row.get("published_on")
    ]
    return min(days, default=None)


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
