"""Whether a setting applies to a reader, from the regions and audiences of catalog files.

Regions are such as "worldwide", "EU and EEA" or "outside the EU and UK"; plans have the names of
the platform. Text that is not understood counts as applying, so that nothing is hidden from a
reader whom it may concern.
"""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Place(TextChoices):
    """Places of readers, as far as platforms distinguish them."""

    EU = "eu", _("European Union")
    EEA = "eea", _("Norway, Iceland, Liechtenstein")
    UK = "uk", _("United Kingdom")
    SWITZERLAND = "switzerland", _("Switzerland")
    US = "us", _("United States")
    CANADA = "canada", _("Canada")
    BRAZIL = "brazil", _("Brazil")
    JAPAN = "japan", _("Japan")
    SOUTH_KOREA = "south-korea", _("South Korea")
    HONG_KONG = "hong-kong", _("Hong Kong")
    ELSEWHERE = "elsewhere", _("elsewhere")


class Plan(TextChoices):
    PERSONAL = "personal", _("personal")
    ORGANISATION = "organisation", _("of an organisation")


_NAMES = {
    Place.EU: r"EU|EEA|Europe|European Union",
    Place.EEA: r"EEA|Europe",
    Place.UK: r"UK|United Kingdom",
    Place.SWITZERLAND: r"Switzerland",
    Place.US: r"US|USA|United States",
    Place.CANADA: r"Canada",
    Place.BRAZIL: r"Brazil",
    Place.JAPAN: r"Japan",
    Place.SOUTH_KOREA: r"South Korea",
    Place.HONG_KONG: r"Hong Kong",
    Place.ELSEWHERE: r"(?!)",
}
_EVERYWHERE = re.compile(r"^(worldwide|global|elsewhere|certain markets)?$")
_OUTSIDE = re.compile(r"\b(outside|except|excluding)\b")
_ORGANISATION = re.compile(
    r"\b(enterprise|business|teams?|organi[sz]ations?|government|edu|education|api|work|workspaces?"
    r"|school|customer-managed)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(personal|everyone|free|pro|plus|max|premium|starter|standard|student|single-user)\b",
    re.IGNORECASE,
)
_EVERYONE = re.compile(r"\beveryone\b", re.IGNORECASE)


def applies_in(region: str, place: Place) -> bool:
    """Return whether a setting with this region applies to people in a place."""
    if _EVERYWHERE.match(region):
        return True
    is_named = re.search(rf"\b({_NAMES[place]})\b", region) is not None
    return is_named != bool(_OUTSIDE.search(region))


def applies_to(audience: str, plan: Plan) -> bool:
    """Return whether a setting with this audience applies to accounts of a plan."""
    is_organisation = _ORGANISATION.search(audience) is not None
    if plan == Plan.ORGANISATION:
        return is_organisation or _EVERYONE.search(audience) is not None
    return not is_organisation or _PERSONAL.search(audience) is not None
