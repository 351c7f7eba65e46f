"""The figures of a day in sentences, as text or with a link behind each number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.ledger.figures import Among, Figures, Judged, TrainingClass
from consent.ledger.flips import Began, Turn
from consent.ledger.place_words import listed, place_words
from consent.ledger.published_figures import correction_of
from consent.web.date_words import format_date
from platforms.places import Where

#: Writes the number of a list: its key, and how many platforms are in the list.
Writer = Callable[[str, int], str]

#: Platforms that a correction names; of more it says how many. Chosen.
_NAMED = 4


def plain_number(_key: str, number: int) -> str:
    return number_format(number, force_grouping=True)


def main_sentence(figures: Figures, write: Writer = plain_number) -> str:
    """ "64 of 135 platforms use …: 54 everywhere, 10 in some places or plans. 12 of them …"."""
    sentence = how_many(figures, write)
    if not figures.number(Among.TRAINS):
        return f"{sentence}."
    # Translators: "64 of 135 platforms use …: 54 everywhere, 10 in some places or plans."
    words = _("%(sentence)s: %(where)s.") % {"sentence": sentence, "where": where(figures, write)}
    return " ".join(filter(None, (words, no_way_out(figures, write))))


def how_many(figures: Figures, write: Writer = plain_number) -> str:
    """ "64 of 135 platforms use … unless people act"; of a past day: "used … unless …".

    Of a past day, of which less is on record, that comes first: "Of 260 platforms listed today, 137
    are on record for 1 December 2024. 50 of these used …".
    """
    if is_partly_on_record(figures):
        return " ".join(_of_those_on_record(figures, write))
    trains = figures.number(Among.TRAINS)
    words = ngettext(
        "%(trains)s of %(platforms)s uses what people give it to train AI, or passes it on for"
        " that, unless people act",
        "%(trains)s of %(platforms)s use what people give them to train AI, or pass it on for"
        " that, unless people act",
        trains,
    )
    if _is_over(figures):
        words = ngettext(
            "%(trains)s of %(platforms)s used what people gave it to train AI, or passed it on for"
            " that, unless people acted",
            "%(trains)s of %(platforms)s used what people gave them to train AI, or passed it on"
            " for that, unless people acted",
            trains,
        )
    return words % {
        "trains": write(Among.TRAINS, trains),
        "platforms": _all_platforms(figures, write),
    }


def is_partly_on_record(figures: Figures) -> bool:
    """Return whether it is of a past day, of which nothing is on record for some platforms."""
    return _is_over(figures) and figures.on_record < figures.total


def _of_those_on_record(figures: Figures, write: Writer) -> Iterator[str]:
    known, trains = figures.on_record, figures.number(Among.TRAINS)
    words = ngettext(
        "Of %(platforms)s listed today, %(known)s is on record for %(date)s",
        "Of %(platforms)s listed today, %(known)s are on record for %(date)s",
        known,
    )
    if figures.is_published:
        words = ngettext(
            "Of %(platforms)s listed then, %(known)s is on record for %(date)s",
            "Of %(platforms)s listed then, %(known)s are on record for %(date)s",
            known,
        )
    said = words % {
        "platforms": _all_platforms(figures, write),
        "known": plain_number("", known),
        "date": format_date(figures.day),
    }
    yield f"{said}." if known else said
    words = ngettext(
        "%(trains)s of these used what people gave it to train AI, or passed it on for that, unless"
        " people acted",
        "%(trains)s of these used what people gave them to train AI, or passed it on for that,"
        " unless people acted",
        trains,
    )
    if known:
        yield words % {"trains": write(Among.TRAINS, trains)}


def where(figures: Figures, write: Writer = plain_number) -> str:
    numbers = {
        "everywhere": _written(figures, TrainingClass.EVERYWHERE, write),
        "in_part": _written(figures, TrainingClass.IN_PART, write),
    }
    if figures.reader.place:
        # Translators: of platforms in one country; those of one kind alone: "13 throughout"
        both = _("%(everywhere)s throughout, %(in_part)s in some parts or plans")
        alone = _("%(everywhere)s throughout"), _("%(in_part)s in some parts or plans")
    else:
        both = _("%(everywhere)s everywhere, %(in_part)s in some places or plans")
        alone = _("%(everywhere)s everywhere"), _("%(in_part)s in some places or plans")
    if not figures.number(TrainingClass.IN_PART):
        return alone[0] % numbers
    return (both if figures.number(TrainingClass.EVERYWHERE) else alone[1]) % numbers


def scope_words(figures: Figures) -> str:
    """Say what figures count: "Germany · minors · dating"; "" for all platforms, worldwide."""
    reader = figures.reader
    of_place = place_words(Where((reader.place,))) if reader.place else ""
    people, category = reader.people, figures.category
    named = (of_place, people and people.label, category and category.label)
    return capfirst(" · ".join(str(each) for each in named if each))


def no_way_out(figures: Figures, write: Writer = plain_number) -> str:
    """ "12 of them leave no way out where they do so.", after how many train; "" if none does."""
    without = figures.number(Among.NO_WAY_OUT)
    is_over, is_of_place = _is_over(figures), bool(figures.reader.place)
    # Many that leave one somewhere leave none elsewhere; these leave none wherever they train.
    words = {
        (False, False): ngettext(
            "%(number)s of them leaves no way out where it does so.",
            "%(number)s of them leave no way out where they do so.",
            without,
        ),
        (False, True): ngettext(
            "%(number)s of them leaves no way out.", "%(number)s of them leave no way out.", without
        ),
        (True, False): ngettext(
            "%(number)s of them left no way out where they did so.",
            "%(number)s of them left no way out where they did so.",
            without,
        ),
        (True, True): ngettext(
            "%(number)s of them left no way out.", "%(number)s of them left no way out.", without
        ),
    }[is_over, is_of_place]
    return words % {"number": write(Among.NO_WAY_OUT, without)} if without else ""


def silence(figures: Figures, write: Writer = plain_number) -> str:
    """Say of how many it is not known: "Of 90 we do not know, or only in part."

    "" if it is known of all.
    """
    numbers = {
        "number": _written(figures, TrainingClass.UNKNOWN, write),
        "silent": _written(figures, Among.NOTHING_ON_RECORD, write),
    }
    unknown = figures.number(TrainingClass.UNKNOWN)
    silent = figures.number(Among.NOTHING_ON_RECORD)
    words = _("Of %(number)s we do not know, or only in part.") if unknown else ""
    if silent:
        words = _(
            "Of %(number)s we do not know, or only in part; of %(silent)s of these nothing"
            " is on record."
        )
    if silent and silent == unknown:
        words = _("Of %(number)s we do not know: nothing is on record for this day.")
    return str(words) % numbers


def sum_of_days(began: Began, write: Writer = plain_number) -> str:
    """Say how the platforms of a day and those that turned add up to those of a later day."""
    ended = began.turns[Turn.ENDED]
    names = f" ({listed(each.name for each in ended)})" if ended else ""
    words = _(
        "%(before)s on %(first)s + %(began)s that began + %(entered)s not known for the earlier day"
        " − %(ended)s that ended it, or of which it is no longer known%(names)s = %(after)s on"
        " %(last)s."
    )
    numbers = {turn.value: write(turn, len(flips)) for turn, flips in began.turns.items()}
    return words % {
        **numbers,
        "before": plain_number("", began.before.number(Among.TRAINS)),
        "after": plain_number("", began.after.number(Among.TRAINS)),
        "first": format_date(began.before.day),
        "last": format_date(began.last),
        "names": names,
    }


def whole_sentence(figures: Figures, write: Writer = plain_number) -> str:
    """The figure with what it leaves out, to be quoted."""
    return " ".join(filter(None, (main_sentence(figures, write), silence(figures, write))))


def correction_words(figures: Figures) -> str:
    """ "since corrected to 108 (without Medium), as the record stands on 1 December 2026".

    "" if the record of now says the same of the day.
    """
    correction = correction_of(figures)
    if correction is None:
        return ""
    changed = (
        _("without %(platforms)s") % {"platforms": _few(correction.without)},
        _("with %(platforms)s") % {"platforms": _few(correction.added)},
    )
    platforms = zip((correction.without, correction.added), changed, strict=True)
    words = _("since corrected to %(number)s (%(changed)s), as the record stands on %(today)s")
    return words % {
        "number": plain_number("", correction.number),
        "changed": ", ".join(each for names, each in platforms if names),
        "today": format_date(timezone.localdate()),
    }


def _few(names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return str(listed(names))
    words = ngettext("%(number)s platform", "%(number)s platforms", len(names))
    return words % {"number": plain_number("", len(names))}


def further_sentences(figures: Figures, write: Writer = plain_number) -> list[str]:
    """ "For 9 of the 64 this is disputed, at least in part." and the like; none for a 0."""
    dated = figures.number(Among.SINCE_KNOWN)
    undated = figures.number(Among.SINCE_NOT_KNOWN)
    disputed = figures.number(Among.DISPUTED)
    said = {
        # A source that only reports it is no proof that the platform does not say it.
        Among.OWN_WORD: _(
            "For %(number)s of the %(trains)s our source is the platform’s own words, wherever it"
            " does so."
        ),
        Among.ONE_OPERATOR: _("%(number)s of the %(trains)s belong to %(operator)s."),
        Among.SINCE_KNOWN: ngettext(
            "%(number)s of the %(trains)s has done so since a known date.",
            "%(number)s of the %(trains)s have done so since a known date.",
            dated,
        ),
        Among.SINCE_NOT_KNOWN: ngettext(
            "It is not known exactly when %(number)s of the %(trains)s began.",
            "It is not known exactly when %(number)s of the %(trains)s began.",
            undated,
        ),
        Among.DISPUTED: ngettext(
            "For %(number)s of the %(trains)s this is disputed, at least in part.",
            "For %(number)s of the %(trains)s this is disputed, at least in part.",
            disputed,
        ),
    }
    if _is_over(figures):
        said |= {
            Among.ONE_OPERATOR: _("%(number)s of the %(trains)s belonged to %(operator)s."),
            Among.SINCE_KNOWN: ngettext(
                "%(number)s of the %(trains)s had done so since a known date.",
                "%(number)s of the %(trains)s had done so since a known date.",
                dated,
            ),
        }
    known = {
        "trains": plain_number("", figures.number(Among.TRAINS)),
        "operator": figures.operator,
    }
    return [
        words % (known | {"number": _written(figures, key, write)})
        for key, words in said.items()
        if figures.number(key)
    ]


def _is_over(figures: Figures) -> bool:
    return figures.day < timezone.localdate()


def _written(figures: Figures, key: str, write: Writer) -> str:
    return write(key, figures.number(key))


def _all_platforms(figures: Figures, write: Writer) -> str:
    words = ngettext("%(number)s platform", "%(number)s platforms", figures.total)
    return words % {"number": write("", figures.total)}


def class_words(judged: Judged) -> str:
    """The class of a platform: "On everywhere, no way out"."""
    if not judged.is_on_record:
        return str(Among.NOTHING_ON_RECORD.label)
    words = str(judged.training_class.label)
    return _("%(words)s, no way out") % {"words": words} if judged.no_way_out else words
