"""Forms of the desk: a page, its selectors, a session to lend."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from platforms.declarations.schema import why_not_one_text
from platforms.desk.fields import AddressesField, PlacesField, RowsField, SelectorsField, keep_order
from platforms.desk.list_users import NAMERS
from platforms.desk.page_actions import stored_rules
from platforms.desk.plan_rows import PlansField
from platforms.desk.proposed_pages import proposed_page
from platforms.models import LentSession, Page, Platform, Snapshot
from platforms.places import Where, errors
from platforms.versions import version_of
from platforms.watch.lent_sessions import (
    MAX_JAR_BYTES,
    LendingError,
    encrypt_cookies,
    hosts_of,
    lend,
)

#: For formfield_overrides: an address typed without its scheme is taken for https, and a list is
#: rows, never JSON.
DESK_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.JSONField: {"form_class": RowsField},
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
}


def _field_of(field: models.Field[Any, Any], **options: Any) -> Any:
    return field.formfield(**DESK_FIELDS.get(type(field), {}) | options)


class GuardedForm(forms.ModelForm):
    """Refuses to save a record that somebody else edited since the form was opened.

    slug_from: the fields of which the first that is filled in gives a new record its slug.
    """

    slug_from: tuple[str, ...] = ()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _version_of(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        keep_order(self)
        if cleaned.pop("seen", "") != self.initial["seen"]:
            self.add_error(None, "Somebody else edited this since you opened it: nothing is saved.")
        if self.slug_from and not self.instance.pk:
            self.instance.slug = self._free_slug(cleaned)
        return cleaned

    def _free_slug(self, cleaned: dict[str, Any]) -> str:
        words = next((cleaned[name] for name in self.slug_from if cleaned.get(name)), "")
        longest = self._meta.model._meta.get_field("slug").max_length - len("-999")
        base = slugify(str(words)).replace("_", "-")[:longest].strip("-") or "new"
        slugs = (f"{base}-{number}" if number > 1 else base for number in count(1))
        return next(slug for slug in slugs if not self.is_taken(slug, cleaned))

    def is_taken(self, slug: str, cleaned: dict[str, Any]) -> bool:
        """Return whether another record has or had a slug. cleaned: what was filled in."""
        return bool(self._meta.model._default_manager.filter(slug=slug).exists())


class PlatformForm(GuardedForm):
    slug_from = ("name",)
    addresses = AddressesField(
        required=False,
        label="Pages to watch",
        help_text="Several can be pasted at once. Title and kind are proposed from the address.",
    )
    plans = PlansField(
        required=False,
        help_text="All that are sold, and former ones that records name. Other records can name "
        "only these.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("min_age") is None) != (not cleaned.get("min_age_source")):
            self.add_error("min_age_source", "Give the age and the page that says it, or neither.")
        if cleaned.get("plans_complete") and not cleaned.get("plans"):
            self.add_error("plans_complete", "List the plans first.")
        if self.instance.pk:
            was = Platform.objects.get(pk=self.instance.pk)
            names = [plan["name"] for plan in cleaned.get("plans") or ()]
            self._keep_named("plans", {plan["name"] for plan in was.plans} - set(names))
            self._keep_named("parts", set(was.parts) - set(cleaned.get("parts") or ()))
        return cleaned

    def clean_addresses(self) -> list[str]:
        urls = list(dict.fromkeys(self.cleaned_data["addresses"]))
        watched = Page.objects.filter(platform=self.instance.pk, url__in=urls)
        if known := list(watched.values_list("url", flat=True)):
            raise ValidationError([f"{url} is watched already." for url in known])
        return urls

    def add_pages(self) -> list[Page]:
        """Create the pages of pasted addresses; the platform is saved."""
        return [
            Page.objects.create(platform=self.instance, **proposed_page(url))
            for url in self.cleaned_data["addresses"]
        ]

    def _keep_named(self, field: str, removed: Collection[str]) -> None:
        """Refuse to remove items of a list that records still name."""
        if not removed or field in self.errors or field not in self.fields:
            return
        named = NAMERS[field](self.instance)
        for item in sorted(named.keys() & removed):
            self.add_error(field, f"Keep “{item}”: “{named[item]}” names it.")

    def is_taken(self, slug: str, cleaned: dict[str, Any]) -> bool:
        former = Platform.objects.filter(former_slugs__slug=slug)
        return super().is_taken(slug, cleaned) or former.exists()


def _version_of(record: models.Model) -> str:
    """Return the version of the editable fields, without next_visit_at, which visits change."""
    row = type(record)._base_manager.filter(pk=record.pk)
    names = [
        field.attname
        for field in record._meta.concrete_fields
        if field.editable and field.name != "next_visit_at"
    ]
    related = [
        row.order_by(field.name).values_list(field.name)
        for field in record._meta.many_to_many
        if field.editable
    ]
    return version_of(row.values_list(*names), *related)


class PageForm(GuardedForm):
    """A page as curators edit it."""

    further_urls = AddressesField(
        required=False,
        label="Further addresses",
        help_text="On the same host, where the rest of the same text lies, in its order.",
    )
    select = SelectorsField(help_text="Of the watched part, in the order in which it is read.")
    remove = SelectorsField(help_text="Left out of it.")
    places = PlacesField(
        required=False, help_text="If this version of the page is for certain places only."
    )
    except_places = PlacesField(
        required=False, label="Except", help_text="Places taken out of them, or of the world."
    )
    some_of = PlacesField(
        world=True,
        required=False,
        help_text="Certain places among these, which nobody names, or the world.",
    )

    class Meta:
        model = Page
        exclude: tuple[str, ...] = ()  # the admin's own fieldsets name the fields
        formfield_callback = _field_of

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # The form of an existing page has no url field: page_actions.move changes it.
        url, further = cleaned.get("url", self.instance.url), cleaned.get("further_urls")
        if url and further and (why := why_not_one_text(url, further)):
            self.add_error("further_urls", f"{why[0].upper()}{why[1:]}.")
        names = ("places", "except_places", "some_of")
        for problem in errors(Where(*(tuple(cleaned.get(name) or ()) for name in names))):
            self.add_error("places", f"{problem}.")
        return cleaned


class RulesForm(forms.Form):
    """Selectors to try on a stored snapshot, and to save unless somebody else changed them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    capture = forms.ModelChoiceField(Snapshot.objects.none(), empty_label=None)
    select = SelectorsField()
    remove = SelectorsField()

    def __init__(self, page: Page, data: Any = None) -> None:
        initial = {
            "capture": page.baseline_id,
            "select": page.select,
            "remove": page.remove,
            "seen": version_of(stored_rules(page)),
        }
        super().__init__(data, initial=initial)
        captures = page.snapshots.with_bytes().order_by("-first_seen_at")
        self.fields["capture"].queryset = captures.select_related("page__platform")  # type: ignore[attr-defined]  # a ModelChoiceField


class LendForm(forms.ModelForm):
    """Accepts a cookie jar once. It is never shown again, not even if the form has errors."""

    hosts = forms.CharField(
        required=False,
        help_text="Hosts that may receive the cookies, separated by spaces. Left empty: those of "
        "the platform's homepage and of its pages that need an account.",
    )
    jar = forms.FileField(
        label="Cookie jar",
        help_text="A cookies.txt in Netscape's format, or a storage state of Playwright (JSON), "
        "of an account made for this purpose. Cookies of other hosts are thrown away.",
    )

    class Meta:
        model = LentSession
        fields = ("platform", "hosts", "expires_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, platform = cleaned.pop("jar", None), cleaned.get("platform")
        if upload is None or not isinstance(platform, Platform):
            return cleaned
        cleaned["hosts"] = cleaned.get("hosts", "").lower().split() or hosts_of(platform)
        try:
            if upload.size > MAX_JAR_BYTES:
                raise LendingError("The jar is larger than any browser's.")
            jar = upload.read().decode()
            self.encrypted_cookies = encrypt_cookies(
                jar, hosts=cleaned["hosts"], now=timezone.now()
            )
        except UnicodeDecodeError:
            self.add_error("jar", "The jar is not text.")
        except LendingError as error:
            self.add_error("jar", str(error))
        return cleaned

    def validate_constraints(self) -> None:
        """Skip the check for one session per platform: lend() withdraws the previous one."""

    def lend(self, lent_by: User) -> LentSession:
        return lend(
            self.cleaned_data["platform"],
            self.encrypted_cookies,
            hosts=self.cleaned_data["hosts"],
            lent_by=lent_by,
            expires_at=self.cleaned_data["expires_at"],
            now=timezone.now(),
        )
