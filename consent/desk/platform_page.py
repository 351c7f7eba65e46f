"""A platform on one page of the admin: all that it needs before readers see it, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consent.desk.first_readings import first_readings
from consent.models import Control, Guide, Use
from consent.vocabulary import PublicationStatus, StateValue
from platforms.admin import PlatformAdmin
from platforms.models import Platform
from platforms.numbers import read_number


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a step. todo: what is missing, "" if nothing is. next: where it is done."""

    words: str
    address: str
    todo: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step to a platform that is complete. add: the address of an empty form for one more."""

    title: str
    lines: list[Line]
    add: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.lines) and not any(line.todo for line in self.lines)


class PlatformPage(PlatformAdmin):
    change_form_template = "admin/consent/desk/platform.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        platform = Platform.objects.filter(pk=read_number(object_id) or 0).first()
        context = {"steps": _steps(platform, request)} if platform else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def _steps(platform: Platform, request: HttpRequest) -> list[Step]:
    plans = ", ".join(plan["name"] for plan in platform.plans)
    named = Line(plans or "None named", "#id_plans", "" if plans else "name them below, or none")
    listed = Line("Readers see it" if platform.listed else "Readers do not see it", "#id_listed")
    todo = "" if platform.listed else "tick “listed” below, and save"
    uses = platform.uses.prefetch_related("controls", "branches__states")
    controls = platform.controls.prefetch_related("uses__branches__states", "guides")
    guides = platform.guides.prefetch_related("surfaces__steps", "controls")
    return [
        Step("Pages and their first readings", _pages(platform), _add(request, platform, "page")),
        Step("Plans", [named]),
        Step("Uses of data", _records(uses, request), _add(request, platform, "use")),
        Step("Controls", _records(controls, request), _add(request, platform, "control")),
        Step("Guides", _records(guides, request), _add(request, platform, "guide")),
        Step("List it", [Line(listed.words, listed.address, todo)]),
    ]


def _pages(platform: Platform) -> list[Line]:
    found = first_readings(platform)
    readings = reverse("admin:consent_change_readings") + f"?platform={platform.slug}"
    lines = []
    for reading in (*found.to_check, *found.sound, *found.untried):
        todo = "not read yet" if not reading.is_tried else ""
        if reading.is_to_check:
            todo = reading.why_not or "; ".join(reading.doubts)
        address = reverse("admin:platforms_page_change", args=[reading.page.pk])
        words, kind = reading.page.title, reading.page.get_kind_display()
        if kind.lower() not in words.lower():
            words = f"{words} ({kind})"
        lines.append(Line(words, address, todo, readings if todo else ""))
    return lines


def _records(records: Iterable[Use | Control | Guide], request: HttpRequest) -> list[Line]:
    lines = []
    for record in records:
        if record.status == PublicationStatus.RETRACTED:
            continue
        todo, following = _todo(record, request)
        words = record.words if isinstance(record, Control) else record.title
        lines.append(Line(words, _address(record, "change"), todo, following))
    return lines


def _todo(record: Use | Control | Guide, request: HttpRequest) -> tuple[str, str]:
    """Return what a record lacks, and the address of the page on which that is done."""
    is_draft = record.status == PublicationStatus.DRAFT
    platform = record.platform
    if is_draft and isinstance(record, Use) and _lacks_control(record):
        return "add its control", _add(request, platform, "control", uses=record.pk)
    if isinstance(record, Control) and not record.uses.all():
        return "refuses no use yet", _address(record, "change")
    if isinstance(record, Guide):
        surfaces = list(record.surfaces.all())
        if not surfaces or not record.controls.all():
            return "add its surfaces and its control", _address(record, "change")
        if not all(surface.steps.all() for surface in surfaces):
            return "write its steps", _address(record, "check")
    if is_draft:
        return "a draft: look and publish", _address(record, "publish")
    if isinstance(record, Control) and _lacks_guide(record):
        return "write its guide", _add(request, platform, "guide", controls=record.pk)
    return "", ""


def _lacks_control(use: Use) -> bool:
    return _is_refusable(use) and not _in_use(use.controls.all())


def _lacks_guide(control: Control) -> bool:
    return any(map(_is_refusable, control.uses.all())) and not _in_use(control.guides.all())


def _is_refusable(use: Use) -> bool:
    """Return whether a use is now on in one of its branches, unless people refuse."""
    now = [list(branch.states.all())[-1:] for branch in use.branches.all()]
    return any(state.value == StateValue.UNLESS_REFUSED for states in now for state in states)


def _in_use(related: Iterable[Control] | Iterable[Guide]) -> bool:
    """Return whether one of these was not withdrawn."""
    return any(each.status != PublicationStatus.RETRACTED for each in related)


def _address(record: Model, page: str) -> str:
    return reverse(f"admin:consent_{record._meta.model_name}_{page}", args=[record.pk])


def _add(request: HttpRequest, platform: Platform, model: str, **chosen: int) -> str:
    """Return the address of a form for one more, for those who may add one.

    chosen: what is filled in already.
    """
    app = "platforms" if model == "page" else "consent"
    if not request.user.has_perm(f"{app}.add_{model}"):
        return ""
    return reverse(f"admin:{app}_{model}_add", query={"platform": platform.pk, **chosen})
