"""Who has a change or a draft, who has its form open, and notes between colleagues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.models import Assignment, Change, DeskNote, Entry
from platforms.desk.curators import curator_of, require

#: How long a form counts as open after it was last shown, in seconds. Chosen.
_OPEN_FOR = 30 * 60
#: What colleagues share: a change, or the draft of an entry without one.
Shared = Change | Entry


class NoteForm(forms.Form):
    text = forms.CharField(max_length=1000, label="Note for colleagues")


class HandOverForm(forms.Form):
    """Gives something to a colleague who may work on it; to nobody if left empty."""

    person = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="nobody", label="Who has it"
    )

    def __init__(self, data: Any = None, *, held_by: User | None = None) -> None:
        super().__init__(data, initial={"person": held_by})
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True, is_staff=True).order_by("username")


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Somebody else has the form open. since: when they opened it."""

    name: str
    since: dt.datetime


def hold(about: Shared, person: User) -> None:
    """Write down that a person has something, since now."""
    Assignment.objects.update_or_create(
        defaults={"person": person, "since": timezone.now()}, **key_of(about)
    )


def open_elsewhere(about: Shared) -> OpenForm | None:
    """Return who opened the form of something, if it is open."""
    found = cache.get(_opened_key(about))
    return OpenForm(found[1], found[2]) if found else None


def mark_open(about: Shared, person: User) -> OpenForm | None:
    """Remember that a person has the form open; return who else had it open before.

    The first who opened it is remembered until their form is saved or half an hour has passed.
    """
    key, now = _opened_key(about), timezone.now()
    if cache.add(key, (person.pk, person.get_username(), now), _OPEN_FOR):
        return None
    found = cache.get(key) or (person.pk, "", now)
    if found[0] == person.pk:
        cache.touch(key, _OPEN_FOR)
        return None
    return OpenForm(found[1], found[2])


def mark_closed(about: Shared, person: User) -> None:
    """Forget that this person has the form open."""
    key = _opened_key(about)
    if (found := cache.get(key)) and found[0] == person.pk:
        cache.delete(key)


def shared_context(about: Shared) -> dict[str, Any]:
    """Return what admin/consent/desk/_shared.html shows of something that is stored."""
    assignment: Assignment | None = getattr(about, "assignment", None)
    return {
        "about": about,
        "assignment": assignment,
        "notes": about.desk_notes.select_related("author")
        if getattr(about, "has_notes", True)
        else (),
        "note_form": NoteForm(),
        "hand_over_form": HandOverForm(held_by=assignment.person if assignment else None),
    }


def sharing(
    model: type[Shared], act: Callable[[HttpRequest, Shared], None]
) -> Callable[..., HttpResponseBase]:
    """Return the view that hands something over or writes a note on it."""

    @require_POST
    def view(request: HttpRequest, site: AdminSite, **key: int) -> HttpResponse:
        about: Any = get_object_or_404(model, pk=next(iter(key.values())))
        require(request, f"consent.change_{model._meta.model_name}")
        act(request, about)
        return _back(request, about)

    return view


def hand_over(request: HttpRequest, about: Shared) -> None:
    form = HandOverForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nobody of that name may work at the desk.")
    elif (person := form.cleaned_data["person"]) is None:
        Assignment.objects.filter(**key_of(about)).delete()
        messages.success(request, f"Nobody has it now: {about}")
    else:
        hold(about, person)
        messages.success(request, f"{person} has it now: {about}")


def write_note(request: HttpRequest, about: Shared) -> None:
    form = NoteForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        DeskNote.objects.create(**key_of(about), author=curator_of(request), text=text)
        messages.success(request, "Your note is on this page, for the desk only.")
    else:
        messages.error(request, "Write the note first, in at most 1,000 characters.")


def _back(request: HttpRequest, about: Shared) -> HttpResponse:
    page = f"admin:consent_{about._meta.model_name}_change"
    response = redirect(page, about.pk)
    if query := request.GET.urlencode():
        response["Location"] += f"?{query}"
    return response


def key_of(about: Shared) -> dict[str, Any]:
    return {str(about._meta.model_name): about}


def _opened_key(about: Shared) -> str:
    return f"desk-open-{about._meta.model_name}-{about.pk}"
