"""Tags and filters for dates, states and addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from consent.ledger.answers import (
    Axis,
    Sentence,
    ShortAnswer,
    Since,
    Stance,
    Verdict,
    Way,
    WayOut,
)
from consent.ledger.cards import UseCard
from consent.ledger.catalog_words import translated, translated_html
from consent.ledger.facts import act_facts, companies_behind
from consent.ledger.guide_lines import GuideLine
from consent.ledger.headline_words import (
    STANCE_LABELS,
    colour_of,
    glyph_of,
    headline,
    on_whose_word,
    operator_in_full,
    operator_with_history,
    short_name,
    short_words,
    since_told,
    since_words,
    start_told,
    whose_since,
    whose_word_beside,
)
from consent.ledger.offers import Offered, offer_words
from consent.ledger.place_words import (
    SEMICOLON,
    accounts_from,
    ages_in_places,
    listed,
    place_words,
    told_words,
)
from consent.ledger.platform_facts import ControlFacts, UseFacts, operator_on
from consent.ledger.reader_place import place_in_sentence
from consent.ledger.step_words import step_in_words
from consent.ledger.verdict_words import (
    act_html,
    by_limits,
    chip_words,
    data_label,
    data_told,
    further_data,
    name_of,
    note_beside,
    notes_then,
    nothing_to_refuse,
    off_record,
    question_words,
    sentence_html,
    title_language,
    titles_of,
    trainers_of,
    uses_apart,
    way_html,
    ways_html,
    why_no_way,
)
from consent.models import Control, Entry, State
from consent.models.people import ForPeople
from consent.models.public_names import public_name as shown_name
from consent.public.pictures.bands import Spell
from consent.templatetags.languages import as_written, people_words, use_title, written_in
from consent.templatetags.reader_links import for_reader
from consent.vocabulary import Direction, People, Precision, SinceIs, StateValue
from consent.web.date_words import ago, as_known, format_date, relative, written_short
from consent.web.page_language import colon, once_per_language
from platforms.fetching.policy import has_contact
from platforms.models import Page, Platform
from platforms.outcomes import Outcome

if TYPE_CHECKING:
    from consent.ledger.matrix import Cell, Line

register = template.Library()
#: Longer names of operators break the line above the title on a phone.
_OPERATOR_LENGTH = 30
#: Between clauses of an escaped text: no semicolon of "&amp;" and the like.
_CLAUSE_ENDS = re.compile(r"(?<!&amp)(?<!&lt)(?<!&gt)(?<!&quot)(?<!&#x27); ")


@register.simple_tag
@once_per_language
def date_stamp(
    on: dt.date, precision: str = Precision.DAY, since_is: str = SinceIs.EXACT
) -> SafeString:
    """Write a date as it is known: "July 2024", "2024" or "16 July 2024 at the latest"."""
    words = as_known(format_date(on, precision), since_is)
    return format_html('<time datetime="{}">{}</time>', _machine(on, precision), words)


@register.simple_tag
def date_stamp_short(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """Write a date with an abbreviated month, for lines with many dates."""
    words = written_short(on, precision)
    return format_html('<time datetime="{}">{}</time>', _machine(on, precision), words)


@register.simple_tag
def date_stamp_with_age(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """Write a date followed by its distance from today."""
    return format_html(
        '{} <span class="age">{}</span>',
        date_stamp(on, precision),
        relative(on, precision, timezone.localdate()),
    )


@register.simple_tag
def moment(at: dt.datetime) -> SafeString:
    """Write a point in time to the minute, with its zone."""
    at = at.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.strftime("%Y-%m-%dT%H:%MZ"),
        f"{format_date(at.date())}, {at:%H:%M} UTC",
    )


@register.simple_tag
def moment_with_age(at: dt.datetime) -> SafeString:
    return format_html('{} <span class="age">{}</span>', moment(at), ago(at, timezone.now()))


def _machine(on: dt.date, precision: str) -> str:
    """Return the value of a datetime attribute, as precise as the date (HTML, section time)."""
    if precision == Precision.YEAR:
        return f"{on:%Y}"
    return f"{on:%Y-%m}" if precision == Precision.MONTH else f"{on:%Y-%m-%d}"


@register.simple_tag
@once_per_language
def glyph(value: str) -> SafeString:
    """Draw the icon of a state; its shape identifies the state without colour."""
    return format_html(
        # What differs stands together: so large tables are compressed best.
        '<svg aria-hidden="true" class="glyph glyph-{0}"><use href="#g-{0}"/></svg>',
        value,
    )


@register.simple_tag
@once_per_language
def chip(value: str, explained: bool = False) -> SafeString:
    """Draw a state in words on its colour, with its icon.

    explained: whether it is a link to what the word means; not within links and summaries.
    """
    meaning = f"state-{value}" if explained else ""
    return _drawn_chip(value, glyph(value), str(StateValue(value).label), meaning)


def _drawn_chip(look: str, icon: SafeString, words: str, meaning: str) -> SafeString:
    """Draw a chip. meaning: the anchor in the glossary that it links to; "" for no link."""
    if meaning:
        return format_html(
            '<a class="chip chip-{}" href="{}#{}">{}{}</a>',
            *(look, reverse("glossary"), meaning, icon, words),
        )
    return format_html('<span class="chip chip-{}">{}{}</span>', look, icon, words)


@register.simple_tag
def answer_glyph(answer: ShortAnswer | Verdict | str) -> SafeString:
    """Draw the icon of an answer, or of a stance: it shows whether people can refuse."""
    return glyph(glyph_of(_short(answer)))


@register.simple_tag
@once_per_language
def answer_dot(answer: ShortAnswer) -> SafeString:
    """Draw the icon of an answer alone, for narrow places."""
    label = short_words(answer)
    return format_html(
        '<span class="state-dot state-{}" title="{}">{}<span class="visually-hidden">{}</span>'
        "</span>",
        colour_of(answer),
        label,
        glyph(glyph_of(answer)),
        label,
    )


@register.filter
def look_of_answer(answer: ShortAnswer | Verdict | str) -> str:
    """Return the name of the colours of an answer, or of a stance, for a class."""
    return colour_of(_short(answer))


def _short(answer: ShortAnswer | Verdict | str) -> ShortAnswer | Verdict:
    """Return an answer of which no more than the stance is known as one like all others."""
    if not isinstance(answer, str):
        return answer
    stance = Stance(answer)
    way = WayOut.REFUSABLE if stance == Stance.YES else WayOut.NOT_NEEDED
    return ShortAnswer(stance, way, (), is_warm=False)


@register.simple_tag
def least_age(
    verdict: Verdict, platform: Platform | None = None, *, names_speaker: bool = True
) -> str:
    """Say from which age accounts are open in the place of an answer; without one, in all."""
    elsewhere = ages_elsewhere(verdict, platform) if platform else ""
    at_school = platform.says_of_school if platform else ""
    told = accounts_from(
        verdict.min_age or 0, says_of_school=at_school, names_speaker=names_speaker
    )
    return " ".join(filter(None, (told, elsewhere)))


@register.simple_tag
def ages_elsewhere(verdict: Verdict, platform: Platform) -> str:
    """Say where accounts are open from another age, beside an answer for no place."""
    elsewhere = () if verdict.place else platform.min_age_elsewhere
    return ages_in_places((each["age"], each["places"]) for each in elsewhere)


@register.simple_tag(takes_context=True)
def note_number(context: Context, caveat: str) -> int:
    """Return the number of a caveat among the notes of a page; 0 if it is none of them."""
    notes = context.get("long_caveats") or ()
    return notes.index(caveat) + 1 if caveat in notes else 0


@register.simple_tag
def answer_legend() -> list[tuple[ShortAnswer | Stance, str, str]]:
    """Return each stance with its label and what it means, and what depends on the use apart."""
    meanings = {
        Stance.YES: _("The data is used for training unless people act, or whatever they do."),
        Stance.DEPENDS: _("It depends on where you live or on your plan."),
        Stance.ONLY_IF_AGREED: _("The data is used for training only after you choose it."),
        Stance.NO: _("This data is not used for training, on the word that is named."),
        Stance.NOT_ANY_MORE: _("New data is not used; what was given before stays in use."),
        Stance.NOT_OFFERED: _("The product that would use the data is not offered."),
        Stance.UNKNOWN: _("Nobody outside knows, sources disagree, or nothing is on record."),
    }
    lines: list[tuple[ShortAnswer | Stance, str, str]] = [
        (stance, str(STANCE_LABELS[stance]), meanings[stance]) for stance in Stance
    ]
    by_use = ShortAnswer(Stance.DEPENDS, WayOut.NOT_NEEDED, (Axis.USE,), is_warm=False)
    words = _("Not everything you give is used, or not for everything.")
    lines.insert(2, (by_use, _("Depends on the use"), words))
    return lines


register.simple_tag(nothing_to_refuse)
register.filter(note_beside)
register.filter(notes_then)
register.filter(why_no_way)


@register.simple_tag(name="headline")
def headline_of(verdict: Verdict) -> str:
    """Write the answer with what it is limited to."""
    return headline(verdict)


@register.simple_tag
def address_of_answer(platform: Platform, answer: Verdict) -> str:
    """Return the address of the page that leads with an answer."""
    chosen = {"place": answer.place, "people": answer.people.value, "plan": answer.plan}
    if answer.day != timezone.localdate():
        chosen["asof"] = answer.day.isoformat()
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{platform.get_absolute_url()}?{query}"


register.filter(on_whose_word)
register.filter(whose_word_beside)
register.filter(place_in_sentence)
register.filter("question_of", question_words)


@register.simple_tag
def ways_out(verdict: Verdict) -> SafeString:
    """Write the best way out, how many more are needed, and the minutes."""
    return ways_html(verdict)


@register.simple_tag
def whom(record: ForPeople) -> SafeString:
    """Write for whom and where a record holds: "personal accounts, outside the EU and UK"."""
    return format_html("{}, {}", people_words(record), place_words(record.where))


@register.simple_tag(takes_context=True)
def state_since(context: Context, state: State | Spell) -> SafeString:
    """Write since when a state holds, with "at the latest" where no more is known."""
    when = Since(state.starts_on, Precision(state.starts_precision), SinceIs(state.since_is))
    return since(context, when)


@register.simple_tag
def answer_chip(verdict: Verdict | ShortAnswer, explained: bool = False) -> SafeString:
    """Draw an answer in words on its colour, with its icon. explained: as for chip."""
    meaning = f"answer-{verdict.stance}" if explained else ""
    look, icon = colour_of(verdict), glyph(glyph_of(verdict))
    return _drawn_chip(look, icon, short_words(verdict), meaning)


@register.simple_tag
def state_chip(
    value: str,
    way: WayOut = WayOut.REFUSABLE,
    operator: str = "",
    *,
    people: Collection[str] = (),
    explained: bool = False,
) -> SafeString:
    """Draw a state beside the title of its use, varied by how these people refuse.

    explained: as for chip.
    """
    words = chip_words(StateValue(value), way, operator, people)
    return _drawn_chip(value, glyph(value), words, f"state-{value}" if explained else "")


@register.simple_tag
def sentence(said: Sentence, operator: str = "", with_limits: bool = True) -> SafeString:
    """Write what happens with data, for whom and where."""
    return sentence_html(said, operator, with_limits=with_limits)


@register.simple_tag
def refused_use(said: Sentence, operator: str = "") -> SafeString:
    """Write what a way out refuses, for whom and where."""
    return sentence_html(said, operator, is_refused=True)


register.filter(by_limits)


@register.simple_tag(takes_context=True)
def since(context: Context, when: Since) -> SafeString:
    """Write since when the answer is so, with its age where it is known.

    On a page about a past day, its `asof`, no age is given: readers count from today. Nor is one
    where the words go on after the date: it would follow something else.
    """
    today = timezone.localdate()
    of_first_use = when.others_later or when.others_earlier
    if when.on is None or when.last or when.way or of_first_use or when.is_of_our_reading:
        return format_html("{}", since_words(when))
    if (context.get("asof") or today) < today:
        return format_html(
            '<time datetime="{}">{}</time>', _machine(when.on, when.precision), since_words(when)
        )
    return format_html(
        '<time datetime="{}">{}</time> <span class="age">{}</span>',
        _machine(when.on, when.precision),
        since_words(when),
        relative(when.on, when.precision, today),
    )


@register.simple_tag(takes_context=True)
def since_of(context: Context, verdict: Verdict) -> SafeString | str:
    """Write since when an answer is so, with the part that began then if it differs."""
    when, whose = start_told(verdict), whose_since(verdict)
    if when is None:
        return ""
    return format_html("{}{}", f"{whose}{colon()} " if whose else "", since(context, when))


@register.simple_tag
def act_of(
    control: ControlFacts,
    value: str = StateValue.UNLESS_REFUSED,
    people: str = "",
    operator: str = "",
) -> SafeString:
    """Write the act that refuses together with the label: Turn off *Improve the model*.

    operator: whom to write to if the control names no address.
    """
    who = People(people) if people else People.PERSONAL
    return act_html(control, StateValue(value), people=who, operator=operator)


@register.filter
def how_told(entry: Entry) -> str:
    """Say how people were told of a change; "" if that is not on record."""
    return told_words(entry.told)


@register.filter
def offer_label(offered: Offered) -> str:
    """Say to whom a control is offered; "" if to whoever asks."""
    return offer_words(offered)


@register.simple_tag
def act_of_guide(control: Control | ControlFacts, operator: str = "") -> SafeString:
    """Write the act of a control whose guide one reads: an admin's acts are one's own."""
    act = act_facts(control) if isinstance(control, Control) else control
    return act_html(act, people=People.ORGANISATION, operator=operator)


@register.simple_tag
def data_of_answer(verdict: Verdict) -> str:
    """Name the data; what a record says of it in several clauses has a line for each."""
    covers, kinds = data_told(verdict)
    if not covers:
        return listed(kinds)
    words = SafeString(_CLAUSE_ENDS.sub("; <br>", translated_html(covers)))
    # Translators: before further data, as in "posts; not messages; for other uses: profile"
    others = _("for other uses")
    rest = f"{colon()} {listed(kinds)}"
    return format_html("{}{}<br>{}{}", words, SEMICOLON, others, rest) if kinds else words


@register.simple_tag(name="further_data")
def further_data_of(verdict: Verdict, other: Verdict) -> str:
    return listed(further_data(verdict, other))


register.filter(trainers_of)
register.filter(data_label)
register.filter("controls_for", UseCard.controls_for)
register.filter(since_words)
register.filter(off_record)


@register.inclusion_tag("standing/_uses_apart.html")
def uses_beside(verdict: Verdict, with_sentences: bool = False) -> dict[str, Any]:
    """List the answer of each use where these differ. Uses of one name have their titles.

    with_sentences: as for uses_apart.
    """
    apart = uses_apart(verdict, with_sentences=with_sentences)
    names = [name_of(use) for use, _stance in apart]
    uses = []
    for (use, stance), name in zip(apart, names, strict=True):
        if names.count(name) > 1:
            uses.append((titles_of(use).title, title_language(use), stance))
        else:
            uses.append((name, _language_of_name(use), stance))
    return {"uses": uses}


def _language_of_name(use: UseFacts) -> str:
    return str(get_language()) if short_name(use) else title_language(use)


@register.filter
def use_name(use: UseFacts) -> str:
    """Return the name of a use at the beginning of a line, marked where it is English."""
    return as_written(capfirst(name_of(use)), _language_of_name(use))


@register.filter
def step(sentence: str) -> str:
    """Write a sentence of a step in the language of the page, or marked as English."""
    read = step_in_words(sentence) if translated(sentence) == sentence else None
    return read or translated_html(sentence)


@register.simple_tag(takes_context=True)
def guide_line(
    context: Context, guide: GuideLine, show_platform: bool = False, to_whom: str = ""
) -> SafeString:
    """Draw one guide in a list, with the acts it leads to."""
    drawn = _guide_line(guide, show_platform, to_whom, timezone.localdate())
    plain = f'href="{guide.get_absolute_url()}"'
    address = escape(for_reader(context, guide.get_absolute_url()))
    return SafeString(drawn.replace(plain, f'href="{address}"', 1))


@once_per_language
def _guide_line(guide: GuideLine, show_platform: bool, to_whom: str, _today: dt.date) -> SafeString:
    """Draw a line once for all that it depends on: its content and, for its trust, the day."""
    shown = {"guide": guide, "show_platform": show_platform, "to_whom": to_whom}
    return render_to_string("parts/_guide_line.html", shown)


@register.inclusion_tag("standing/_local_path.html")
def local_path(control: Control) -> dict[str, Any]:
    """Say where a control is found as the product is shown in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    local = control.labels.get(language)
    if not local:
        return {"local": None}
    name = get_language_info(language)["name_local"]
    return {"local": local, "path": local["path"] or local["label"], "language": name}


@register.filter
def menus_marked(control: Control | None) -> str:
    """Return what to write after an English menu path that has one of local_path beside it."""
    # Empty where a page names none.
    has_local = get_language() in control.labels if control else False
    return " " + _("(in English)") if has_local else ""


@register.simple_tag
def way_out(way: Way, value: str = "", people: str = "", operator: str = "") -> SafeString:
    """Write a way out: the act with its label, how often, and whether it is offered."""
    return way_html(
        way,
        StateValue(value or StateValue.UNLESS_REFUSED),
        people=People(people or People.PERSONAL),
        operator=operator,
    )


@register.simple_tag
def matrix_cells(line: Line) -> SafeString:
    """Draw the cells of one platform.

    Neither a template nor format_html, nor classes, since the matrix has thousands.
    """
    address = escape(line.platform.get_absolute_url())
    return SafeString(
        "".join(
            # On paper the table is a list, in which each cell needs its kind of data.
            f'<td data-kind="{escape(str(kind.label))}">{_draw_cell(cell, address)}</td>'
            if cell
            else "<td>–</td>"
            for kind, cell in zip(line.kinds, line.cells, strict=True)
        )
    )


def _draw_cell(cell: Cell, address: str) -> str:
    """Draw the answer; opened, the cell says what happens with the data.

    A title alone would be read backwards beside "No". Without a sentence nothing is on record for
    the place, and the titles name what is on record elsewhere.
    """
    verdict = cell.verdict
    uses: list[tuple[str, str]] = [
        (sentence.use.slug, sentence_html(sentence, verdict.operator))
        for sentence in verdict.sentences
    ] or [(line.slug, use_title(line.use)) for line in cell.uses]
    links = "".join(f'<li><a href="{address}#{slug}">{words}</a></li>' for slug, words in uses)
    since = f"<p>{escape(since_told(verdict))}</p>" if verdict.since else ""
    return f"<details>{_matrix_summary(verdict)}<ul>{links}</ul></details>{since}"


def _matrix_summary(answer: Verdict | ShortAnswer) -> str:
    return f"<summary>{glyph(glyph_of(answer))}{escape(short_words(answer))}</summary>"


@register.simple_tag
def matrix_row_fold(line: Line) -> SafeString:
    """Draw the answer of a platform, which opens its cells on a phone."""
    return SafeString(f"<details>{_matrix_summary(line.answer)}</details>")


@register.simple_tag
@once_per_language
def trust_mark(trust: str) -> SafeString:
    """Draw how reliable a guide is."""
    return render_to_string("parts/_trust.html", {"trust": trust})


@register.simple_tag
@once_per_language
def direction_mark(direction: str) -> SafeString:
    return format_html(
        '<span class="direction direction-{0}"><svg width="14" height="14" aria-hidden="true"'
        ' focusable="false"><use href="#d-{0}"/></svg>{1}</span>',
        direction,
        Direction(direction).label,
    )


@register.inclusion_tag("parts/_freshness.html")
def freshness_line() -> dict[str, Any]:
    return {"freshness": Page.objects.freshness()}


@register.simple_tag
def site_owner() -> str:
    """Return who runs this site; "" if nobody has given a name."""
    return str(settings.SITE_OWNER)


@register.simple_tag
def contact_email() -> str:
    """Return the mail address of whoever runs the site; "" if it is not set."""
    return str(settings.CONTACT_EMAIL) if has_contact() else ""


@register.simple_tag
def site_url() -> str:
    return str(settings.SITE_URL)


@register.filter
def public_name(curator: Any) -> str:
    """Return the name that a person at the desk chose for readers, never their login."""
    return shown_name(curator)


@register.filter
def host(url: str) -> str:
    """Return the host of an address, without "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def operator_head(operator: str) -> str:
    """Return an operator without what is in brackets, where that would take lines of its own."""
    return operator if len(operator) <= _OPERATOR_LENGTH else operator.partition(" (")[0]


@register.simple_tag
def operator_of(platform: Platform, day: dt.date | None = None) -> str:
    """Return who runs a platform, with owners and with who ran it before; or who did on a day."""
    behind = companies_behind(platform)
    if day:
        then = operator_on(day, platform.operator, behind.before)
        return operator_in_full(then, behind.owners_on(day))
    return operator_with_history(platform.operator, behind)


@register.filter
def source_name(url: str) -> str:
    """Name the document that Open Terms Archive recorded at an address; else its host."""
    address = urlsplit(url)
    if not (host(url) == "github.com" and address.path.startswith("/OpenTermsArchive/")):
        return host(url)
    document, dot, _suffix = unquote(address.path).rpartition("/")[2].partition(".md")
    return f"{document}, Open Terms Archive" if dot else "Open Terms Archive"


@register.filter
def version_date(archived_url: str) -> dt.date | None:
    """Return the day of an archived copy from its address: ".../20240726101500/...".

    For the attributes of robust links (robustlinks.mementoweb.org).
    """
    match = re.search(r"/(\d{4})(\d{2})(\d{2})\d{0,6}(?:[a-z]{2}_)?/", archived_url)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


@register.filter
def short_url(url: str) -> str:
    """Shorten an address for display: no scheme, at most 70 characters."""
    return Truncator(url.split("://", 1)[-1].removeprefix("www.").rstrip("/")).chars(70)


@register.filter
def grouped(number: int) -> str:
    """Format a number with separators: "12,345", in German "12.345"."""
    return number_format(number, force_grouping=True)


@register.filter
def menu_path(path: str) -> SafeString:
    """Write a menu path ("Settings › the linked teen"), with the words of the product as English.

    What curators say in their own words has the language of the page, where it is translated.
    """
    words, english = translated(path), _path_parts(path)
    parts = _path_parts(words)
    if words != path:
        parts = [as_written(each) if each in english else each for each in parts]
    separator = SafeString('<span class="menu-sep" aria-hidden="true"> › </span>')
    return format_html(
        '<span class="menu-path"{}>{}</span>',
        written_in() if words == path else "",
        format_html_join(separator, "<span>{}</span>", ((each,) for each in parts)),
    )


def _path_parts(path: str) -> list[str]:
    return [part.strip() for part in path.replace(">", "›").split("›") if part.strip()]


@register.filter
def outcome_label(outcome: str | None) -> str:
    """Return the outcome of a visit in words."""
    return str(Outcome(outcome).label) if outcome else _("not recorded")
