"""The checklist as plain text, for a mail to oneself or a note."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consent.ledger.catalog_words import translated
from consent.ledger.headline_words import headline
from consent.ledger.place_words import SEMICOLON
from consent.ledger.verdict_words import sentence_words, way_words
from consent.public.checklist.items import AsideLine, Checklist, Option, Section, Task
from consent.vocabulary import People, Refuse, StateValue
from consent.web.absolute_urls import absolute_url
from consent.web.page_language import colon

#: Characters of a mailto address. Windows opens none that is longer than 2,083.
LONGEST_MAILTO = 2000
_TRAINED_ON = gettext_lazy("Nothing you can refuse here: %(name)s trains on")
_PASSED_ON = gettext_lazy("Nothing you can refuse here: %(name)s passes on to AI firms")
#: How much a task says: its act alone; one place to find it; everything.
_ACT, _ONE_PLACE, _EVERYTHING = range(3)


def as_text(found: Checklist, people: People, address: str) -> str:
    """Return the whole list: the tasks with their reasons, menu paths, addresses and guides.

    address: of the list itself.
    """
    return "\n".join(_lines(found, people, address, detail=_EVERYTHING)) + "\n"


def mailto(found: Checklist, people: People, address: str) -> str:
    """Return a link by which readers' own programs mail the list, with as much as a link holds.

    Source: RFC 6068, section 5: line breaks in a body are written %0D%0A.
    """
    subject = quote(_("My checklist on Default On"), safe="")
    for detail in (_EVERYTHING, _ONE_PLACE, _ACT):
        body = "\r\n".join(_lines(found, people, address, detail=detail))
        link = f"mailto:?subject={subject}&body={quote(body, safe='')}"
        if len(link) <= LONGEST_MAILTO:
            return link
    return _shortened(found, people, address, subject)


def _shortened(found: Checklist, people: People, address: str, subject: str) -> str:
    """Return the link with the first tasks, as many as fit, and how many more there are."""
    tasks = [_title(task, _act(task, people)) for task in found.training.open]
    link = ""
    for kept in range(len(tasks), -1, -1):
        more = len(tasks) - kept
        lines = [found.counts + ".", *tasks[:kept]]
        if more:
            lines.append(ngettext("and %d more", "and %d more", more) % more)
        silent = [each.platform.name for each in found.silent]
        if silent:
            lines.append(_("Nothing on record for you") + f"{colon()} {', '.join(silent)}")
        body = "\r\n".join([*lines, "", _("The list:"), address])
        link = f"mailto:?subject={subject}&body={quote(body, safe='')}"
        if len(link) <= LONGEST_MAILTO:
            break
    return link


def _lines(found: Checklist, people: People, address: str, *, detail: int) -> list[str]:
    lines = [found.counts + ".", *_tasks(found.training, people, detail)]
    if other := _tasks(found.other, people, detail):
        lines += ["", _("Other uses of your data") + ":", *other]
    if detail == _EVERYTHING:
        lines += _cannot_refuse(found.training)
        for heading, asides in (
            (_("Not known"), found.training.unclear),
            (found.training.at_rest_counted, found.training.at_rest),
        ):
            if asides:
                lines += ["", f"{heading}:"]
                lines += [line for aside in asides for line in _aside_lines(aside, people)]
    lines += _silent_lines(found, people)
    return [*lines, "", _("The list, with what has changed since:"), address]


def _cannot_refuse(section: Section) -> list[str]:
    """Name what cannot be refused: a line a platform, below the places that they share."""
    lines = []
    for where, platforms in section.cannot_refuse:
        if where:
            lines.append(f"{capfirst(where)}{colon()}")
        for each in platforms:
            for is_passed_on, _others, asides in each.parts:
                words = _PASSED_ON if is_passed_on else _TRAINED_ON
                data = str(SEMICOLON).join(aside.line.trained_on for aside in asides)
                lines.append(f"- {words % {'name': each.platform.name}} {data}.")
            for aside in each.asides:
                told = [sentence_words(said) for said in aside.limited_sentences]
                lines += [f"  {each}" for each in (*told, *aside.doubts)]
    return ["", _("What you cannot refuse") + colon(), *lines] if lines else []


def _silent_lines(found: Checklist, people: People) -> list[str]:
    """Name the platforms without a line for such people: none is left out without a word."""
    lines = []
    for each in found.silent:
        name = f"{each.platform.name}{colon()}"
        if each.instead is None:
            lines.append(
                _("%(name)s nothing is recorded for %(people)s.")
                % {"name": name, "people": people.label}
            )
            continue
        none = _("no accounts of persons on record. For %(people)s:")
        none %= {"people": each.instead.people.label}
        lines.append(f"{name} {none} {headline(each.instead)}")
        if each.has_way_of_admins:
            page = absolute_url(reverse("ask-admin", args=[each.platform.slug]))
            lines.append("    " + _("Ask your admin") + f"{colon()} {page}")
    return ["", _("Nothing on record for you") + colon(), *lines] if lines else []


def _tasks(section: Section, people: People, detail: int) -> list[str]:
    lines: list[str] = []
    for task in (*section.open, *section.done):
        mark = "x" if task in section.done else " "
        if detail == _EVERYTHING and task.aim:
            lines.append(_title(task, task.aim.words, mark))
            lines.append(f"    {_act(task, people)}")
        else:
            lines.append(_title(task, _act(task, people), mark))
        if detail == _EVERYTHING:
            lines += [f"    {told}" for told in _about(task)]
        lines += [f"    {place}" for place in _places(task, detail)]
        if detail == _EVERYTHING:
            lines += [f"    {_alternative(each, task, people)}" for each in task.alternatives]
    return lines


def _about(task: Task) -> list[str]:
    """Return to whom the aim is limited, and what else the act refuses."""
    told = []
    for limits in task.limits:
        if limits.words:
            told.append(_("Only: %(limits)s") % {"limits": limits.words})
        told += map(capfirst, limits.doubts)
    told += map(translated, task.notes_on_reports)
    told += [sentence_words(said, line.platform.operator) for line, said in task.sentences]
    return [*told, _("nothing on record elsewhere")] if task.is_silent_elsewhere else told


def _act(task: Task, people: People) -> str:
    return way_words(task.best.way, people=people, operator=task.platform.operator)


def _title(task: Task, words: str, mark: str = " ") -> str:
    names = ", ".join(platform.name for platform in task.platforms)
    title = f"[{mark}] {names}{colon()} {words}"
    if task.minutes:
        minutes = ngettext("%d minute", "%d minutes", task.minutes) % task.minutes
        title = f"{title} ({minutes})"
    return title


def _aside_lines(aside: AsideLine, people: People) -> list[str]:
    """Return what happens with a use, and what can be done if it does."""
    told = [f"- {said}" for said in _sentences(aside)]
    if aside.value != StateValue.UNLESS_REFUSED:
        return told
    operator = aside.line.platform.operator
    for option in aside.options:
        words = way_words(option.way, people=people, operator=operator)
        told.append("    " + _("If you have it:") + f" {words}")
        if not option.is_task:
            told += [f"    {place}" for place in _found_at(option)]
    return told


def _sentences(aside: AsideLine) -> list[str]:
    operator = aside.line.platform.operator
    told = [sentence_words(said, operator) for said in aside.sentences]
    if aside.of_adults:
        return [aside.of_adults]
    return [*told, _("nothing on record elsewhere")] if aside.is_silent_elsewhere else told


def _places(task: Task, detail: int) -> Sequence[str]:
    """Return where the act is done: menu paths, addresses, the guide."""
    option = task.best
    links = [link for _platform, each in task.forms for link in each.directions.links]
    contact = _contact(option, task)
    if detail == _EVERYTHING:
        return [*_paths(option), *links, *contact, *_guide(option)]
    if detail == _ONE_PLACE:
        return [*links, *contact, *_guide(option), *_paths(option)][:1]
    return []


def _found_at(option: Option) -> list[str]:
    return [*_paths(option), *option.directions.links, *_guide(option)]


def _paths(option: Option) -> list[str]:
    places = option.directions.places
    return [f"{each.surfaces}{colon()} {each.path}" for each in places if each.path]


def _guide(option: Option) -> list[str]:
    return [absolute_url(option.guide.get_absolute_url())] if option.guide else []


def _contact(option: Option, task: Task) -> list[str]:
    """Return where a letter goes, if the act is to write one and does not name its address."""
    control = option.way.control
    if control.refuse != Refuse.WRITE or control.to:
        return []
    platform = task.platform
    contacts = (platform.contact_email, platform.contact_form, platform.contact_post)
    return [each for each in contacts if each][:1]


def _alternative(option: Option, task: Task, people: People) -> str:
    words = way_words(option.way, people=people, operator=task.platform.operator)
    whose = f"{option.platform_name}{colon()} " if task.also and option.platform_name else ""
    return _("Or: %s") % f"{whose}{words}"
