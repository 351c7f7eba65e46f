"""What readers can do now about what they chose to hear about: guides, and a checklist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse

from consent.models import Guide, Use
from consent.vocabulary import TRAINING_PURPOSES, PublicationStatus, Scope

#: Platforms whose guides are listed; for more, the checklist has them in order.
MOST_PLATFORMS = 5


@dataclass(frozen=True, slots=True)
class NextSteps:
    """guides: the main one of each chosen platform. checklist: its address with these platforms."""

    guides: list[Guide] = field(default_factory=list)
    checklist: str = ""


def next_steps(subjects: Iterable[tuple[str, str]]) -> NextSteps:
    """Return the guides of the platforms among the subjects. One query, or none."""
    slugs = [value for scope, value in subjects if scope == Scope.PLATFORM]
    if not slugs:
        return NextSteps()
    checklist = f"{reverse('checklist')}?{urlencode([('p', slug) for slug in slugs])}"
    if len(slugs) > MOST_PLATFORMS:
        return NextSteps(checklist=checklist)
    against_training = Use.objects.published().filter(
        controls__guides=OuterRef("pk"),
        controls__status=PublicationStatus.PUBLISHED,
        purpose__in=TRAINING_PURPOSES,
    )
    guides = (
        Guide.objects.published()
        .widest_first()
        .filter(Exists(against_training), platform__slug__in=slugs)
        .select_related("platform")
    )
    main: dict[int, Guide] = {}
    for guide in guides:
        main.setdefault(guide.platform_id, guide)
    return NextSteps(sorted(main.values(), key=lambda guide: guide.platform.name), checklist)
