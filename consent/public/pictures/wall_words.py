"""The words in the picture of all platforms."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consent.ledger.figures import Among, TrainingClass
from consent.public.pictures.wall import AGREED, BEFORE, LOCKED, NO, ON, ON_IN_PART, OTHER, Mark


def band_words(group: TrainingClass | Among, number: int) -> str:
    """What the platforms of a band have in common, to be read after their number."""
    words = {
        Among.SINCE_KNOWN: ngettext(
            "trains by default since a known date", "train by default since a known date", number
        ),
        Among.SINCE_NOT_KNOWN: ngettext(
            "trains by default; start not known exactly",
            "train by default; start not known exactly",
            number,
        ),
        TrainingClass.OTHER_USE: ngettext(
            "trains, but only beside its main use",
            "train, but only beside their main use",
            number,
        ),
        TrainingClass.ONLY_IF_AGREED: ngettext(
            "only if people agree", "only if people agree", number
        ),
        TrainingClass.NO: ngettext("does not, or not any more", "do not, or not any more", number),
        TrainingClass.NOT_OFFERED: ngettext("is not offered", "are not offered", number),
        TrainingClass.UNKNOWN: ngettext(
            "not known, wholly or in part",
            "not known, wholly or in part",
            number,
        ),
    }
    return words[group]


def share_words(key: TrainingClass | Among, number: int) -> str:
    """What the platforms of a part of the bar have in common, to be read after their number."""
    if key == Among.TRAINS:
        return ngettext("trains by default", "train by default", number)
    if key == Among.NO_WAY_OUT:
        # Translators: "108 train by default, 15 of them without a way out"
        return _("of them without a way out")
    return band_words(key, number)


def mark_words() -> list[tuple[Mark, str]]:
    """What each mark means, those that train by default first."""
    return [
        (ON, pgettext("legend: trains by default", "everywhere")),
        (ON_IN_PART, pgettext("legend: trains by default", "in some places or plans")),
        (LOCKED, _("no way out")),
        (OTHER, band_words(TrainingClass.OTHER_USE, 2)),
        (AGREED, band_words(TrainingClass.ONLY_IF_AGREED, 2)),
        (NO, band_words(TrainingClass.NO, 2)),
        (BEFORE, _("may have begun before")),
    ]
