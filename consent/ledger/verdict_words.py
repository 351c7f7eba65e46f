"""Words for verdicts: answers, sentences, since when, and ways out, in the page's language.

Titles and labels stay in the language of the catalog. The functions ending in _html mark them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext_lazy

from consent.ledger.answers import Answer, DiffersBy, Manner, Sentence, Since, Verdict, Way
from consent.ledger.place_words import (
    is_in_page_language,
    people_words,
    place_words,
    place_words_in_brief,
)
from consent.ledger.platform_facts import ControlFacts, UseFacts
from consent.vocabulary import ActCovers, People, Refuse, SinceIs, StateValue
from consent.web.date_words import format_date
from consent.web.page_language import once_per_language
from platforms.places import Coverage

# In these tables a key is Manner: by the organisation, each time, binding. What is not binding
# is asked for once.
_YES = {
    Manner(False, False, True): gettext_lazy("Yes, unless you opt out"),
    Manner(False, True, True): gettext_lazy("Yes, unless you opt out each time"),
    Manner(True, False, True): gettext_lazy("Yes, unless your organisation opts out"),
    Manner(True, True, True): gettext_lazy("Yes, unless your organisation opts out each time"),
    Manner(False, False, False): gettext_lazy("Yes, unless you ask and %(operator)s agrees"),
    Manner(True, False, False): gettext_lazy(
        "Yes, unless your organisation asks and %(operator)s agrees"
    ),
}
_CHIPS = {
    Manner(False, False, True): StateValue.UNLESS_REFUSED.label,
    Manner(False, True, True): gettext_lazy("On unless you refuse each time"),
    Manner(True, False, True): gettext_lazy("On unless your organisation refuses"),
    Manner(True, True, True): gettext_lazy("On unless your organisation refuses each time"),
    Manner(False, False, False): gettext_lazy("On unless you ask and %(operator)s agrees"),
    Manner(True, False, False): gettext_lazy(
        "On unless your organisation asks and %(operator)s agrees"
    ),
}
_UNLESS = {
    Manner(False, False, True): gettext_lazy("%(title)s unless you refuse"),
    Manner(False, True, True): gettext_lazy("%(title)s unless you refuse each time"),
    Manner(True, False, True): gettext_lazy("%(title)s unless your organisation refuses"),
    Manner(True, True, True): gettext_lazy("%(title)s unless your organisation refuses each time"),
    Manner(False, False, False): gettext_lazy("%(title)s unless you ask and %(operator)s agrees"),
    Manner(True, False, False): gettext_lazy(
        "%(title)s unless your organisation asks and %(operator)s agrees"
    ),
}
_VARIED = {"answer": _YES, "chip": _CHIPS, "sentence": _UNLESS}
_SENTENCES = {
    StateValue.NO_WAY_OUT: gettext_lazy("%(title)s, and there is no way out"),
    StateValue.NOT_USED: "%(title)s",
    StateValue.UNCLEAR: gettext_lazy("Unclear whether %(title)s"),
    StateValue.NOT_OFFERED: gettext_lazy("Not offered: %(title)s"),
}
_DIFFERS_BY = {
    DiffersBy.PLACE: pgettext_lazy("It differs by", "place"),
    DiffersBy.UNNAMED_PLACES: pgettext_lazy("It differs by", "places that are not named"),
    DiffersBy.USE: pgettext_lazy("It differs by", "use"),
    DiffersBy.PLAN: pgettext_lazy("It differs by", "plan"),
}
_SINCE = {
    SinceIs.EXACT: gettext_lazy("since %(date)s"),
    SinceIs.AT_LATEST: gettext_lazy("since %(date)s at the latest"),
    SinceIs.AT_EARLIEST: gettext_lazy("since %(date)s at the earliest"),
}
_ACTS = {
    Refuse.TURN_OFF: gettext_lazy("Turn off %(label)s"),
    Refuse.TURN_ON: gettext_lazy("Turn on %(label)s"),
    Refuse.SUBMIT: gettext_lazy("Send %(label)s"),
    Refuse.WRITE: gettext_lazy("Write to %(address)s"),
    Refuse.ASK_ADMIN: gettext_lazy("Ask your admin to refuse %(label)s"),
    Refuse.LEAVE: gettext_lazy("Leave %(label)s"),
    Refuse.DELETE: gettext_lazy("Delete %(label)s"),
}
_ACTS_OF_ADMINS = {
    Refuse.TURN_OFF: gettext_lazy("Ask your admin to turn off %(label)s"),
    Refuse.TURN_ON: gettext_lazy("Ask your admin to turn on %(label)s"),
    Refuse.SUBMIT: gettext_lazy("Ask your admin to send %(label)s"),
    Refuse.WRITE: gettext_lazy("Ask your admin to write to %(address)s"),
    Refuse.LEAVE: gettext_lazy("Ask your admin to leave %(label)s"),
    Refuse.DELETE: gettext_lazy("Ask your admin to delete %(label)s"),
}
_GIVING_UP = (Refuse.LEAVE, Refuse.DELETE)
_LEAVE_AS_IT_IS = {
    Refuse.TURN_OFF: gettext_lazy("Leave %(label)s off"),
    Refuse.TURN_ON: gettext_lazy("Leave %(label)s on"),
}
# The name of a control that has no words in the product follows a colon: nobody shall look for it.
_ACTS_WITH_NAMES = {
    Refuse.TURN_OFF: gettext_lazy("Turn off: %(name)s"),
    Refuse.TURN_ON: gettext_lazy("Turn on: %(name)s"),
    Refuse.SUBMIT: gettext_lazy("Send the form: %(name)s"),
    Refuse.WRITE: gettext_lazy("Write to %(address)s"),
    Refuse.ASK_ADMIN: gettext_lazy("Ask your admin: %(name)s"),
    Refuse.LEAVE: gettext_lazy("Leave: %(name)s"),
    Refuse.DELETE: gettext_lazy("Delete: %(name)s"),
}
_LEAVE_NAMES_AS_THEY_ARE = {
    Refuse.TURN_OFF: gettext_lazy("Leave off: %(name)s"),
    Refuse.TURN_ON: gettext_lazy("Leave on: %(name)s"),
}
_REPEATED = {
    ActCovers.THIS_DEVICE: gettext_lazy("%(act)s on each device"),
    ActCovers.ONE_CONVERSATION: gettext_lazy("%(act)s each time"),
    ActCovers.ONE_ITEM: gettext_lazy("%(act)s each time"),
}
#: First words of titles that are no names, and so begin with a small letter within a sentence.
_NO_NAMES = frozenset(
    (
        *("A", "All", "An", "Any", "Anything", "Companies", "Everything", "Other", "Others"),
        *("People", "Some", "The", "What", "Your"),
    )
)
_USUAL = Manner()


#: The answers in lists and filters, where they cannot be varied.
ANSWER_LABELS = {
    Answer.YES_UNLESS_REFUSED: gettext_lazy("Yes, unless you opt out"),
    Answer.YES_NO_WAY_OUT: gettext_lazy("Yes, and there is no way out"),
    Answer.ONLY_IF_AGREED: gettext_lazy("Only if you agree"),
    Answer.NO: gettext_lazy("No"),
    Answer.DIFFERS: gettext_lazy("It differs"),
    Answer.UNKNOWN: gettext_lazy("We do not know"),
}


#: The state whose colour and glyph an answer has; "it differs" has a glyph of its own.
STATE_OF_ANSWER = {
    Answer.YES_UNLESS_REFUSED: StateValue.UNLESS_REFUSED,
    Answer.YES_NO_WAY_OUT: StateValue.NO_WAY_OUT,
    Answer.ONLY_IF_AGREED: StateValue.ONLY_IF_AGREED,
    Answer.NO: StateValue.NOT_USED,
    Answer.UNKNOWN: StateValue.UNCLEAR,
}


def answer_words(verdict: Verdict) -> str:
    """The answer alone: "Yes, unless you opt out", "It differs (by place and use)"."""
    if verdict.answer == Answer.YES_UNLESS_REFUSED:
        return _varied("answer", verdict.manner) % {"operator": _short(verdict.operator)}
    return _other_answer_words(
        verdict.answer,
        verdict.manner.by_organisation,
        verdict.differs_by,
        verdict.is_not_offered or verdict.nothing_on_record,
        bool(verdict.plan),
    )


@once_per_language
def _other_answer_words(
    answer: Answer,
    by_organisation: bool,
    differs_by: tuple[DiffersBy, ...],
    is_absent: bool,
    of_plan: bool,
) -> str:
    """is_absent: not offered, or nothing is on record. of_plan: a plan was asked for."""
    if answer == Answer.YES_NO_WAY_OUT:
        return gettext("Yes, and there is no way out")
    if answer == Answer.ONLY_IF_AGREED:
        if by_organisation:
            return gettext("Only if your organisation agrees")
        return gettext("Only if you agree")
    if answer == Answer.NO:
        return gettext("No, not offered") if is_absent else gettext("No")
    if answer == Answer.DIFFERS:
        return gettext("It differs (by %(reasons)s)") % {"reasons": _reasons(differs_by)}
    if is_absent and of_plan:
        return gettext("We do not know: nothing on record for this plan")
    if is_absent:
        return gettext("We do not know: nothing on record")
    return gettext("We do not know")


def headline(verdict: Verdict) -> str:
    """The answer with what it is limited to: "Yes, unless you opt out (creators)"."""
    limits = [verdict.part] if verdict.part else []
    if verdict.people != People.PERSONAL or verdict.plan:
        plans = [verdict.plan] if verdict.plan else []
        limits.insert(0, people_words([verdict.people], plans))
    # A "yes" has its dispute beside the date since when.
    if verdict.answer in (Answer.NO, Answer.ONLY_IF_AGREED) and _is_disputed(verdict):
        limits.append(gettext("disputed"))
    if limits and verdict.answer == Answer.DIFFERS:  # one pair of parentheses is enough
        words = gettext("It differs by %(reasons)s") % {"reasons": _reasons(verdict.differs_by)}
        return _with_details(words, limits)
    return _with_details(answer_words(verdict), limits)


def _is_disputed(verdict: Verdict) -> bool:
    """Whether sources disagree about all that the answer rests on."""
    return bool(verdict.sentences) and all(
        sentence.disputed and not sentence.disputed_in for sentence in verdict.sentences
    )


def title_beside(use: UseFacts, alone: Verdict) -> str:
    """The title of a use to print beside its own answer, so that no claim is beside a "no"."""
    is_unused = alone.answer == Answer.NO and not alone.is_not_offered
    return (is_unused and use.title_if_not) or use.title


def chip_words(value: StateValue, manner: Manner = _USUAL, operator: str = "") -> str:
    """The words of a state beside a title: "On unless your organisation refuses"."""
    if value == StateValue.UNLESS_REFUSED:
        return _varied("chip", manner) % {"operator": _short(operator)}
    if value == StateValue.ONLY_IF_AGREED and manner.by_organisation:
        return gettext("Off unless your organisation agrees")
    return str(value.label)


def sentence_words(sentence: Sentence, operator: str = "") -> str:
    """What happens, with the places and people that it is limited to."""
    template, parts = _sentence(sentence, operator)
    return _with_details(template % parts, _details(sentence))


def sentence_html(sentence: Sentence, operator: str = "") -> SafeString:
    """Like sentence_words, with a mark on the title on pages in another language."""
    template, parts = _sentence(sentence, operator)
    html = _filled(template, parts | {"title": _as_written(parts["title"], "span")})
    details = [
        _as_written(each, "span")
        if each == sentence.who and not is_in_page_language(each)
        else escape(each)
        for each in _details(sentence)
    ]
    return SafeString(_with_details(html, details))


@once_per_language
def since_words(since: Since) -> str:
    """Since when the answer is yes: "since 16 July 2024", "start not known"."""
    if since.differs_by_place:
        words = gettext("since when differs by place")
    elif since.on is None:
        words = gettext("start not known")
    else:
        date = format_date(since.on, since.precision)
        words = str(_SINCE[since.since_is]) % {"date": date}
    if since.disputed_in_part:
        return _with_details(words, [gettext("disputed in some places")])
    return _with_details(words, [gettext("disputed")] if since.disputed else [])


def act_words(
    control: ControlFacts,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
) -> str:
    """The act and the label together: "Turn off “Improve the model for everyone”".

    value: the state of the use; where it is only-if-agreed, nothing needs to be done.
    people: an organisation acts by itself, others ask their admin.
    """
    label = gettext("“%(label)s”") % {"label": control.label}
    if local := control.label_in(get_language()):
        label = f"{gettext('“%(label)s”') % {'label': local}} ({label})"
    return _act(control, value, people) % _objects(control, label, operator)


def act_html(
    control: ControlFacts,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
    quoted: bool = False,
) -> SafeString:
    """Like act_words, with the label in <em>, or between quotation marks."""
    label = _as_written(control.label, "span" if quoted else "em")
    local = escape(control.label_in(get_language()))
    if quoted:
        label = _filled(gettext("“%(label)s”"), {"label": label})
        local = local and _filled(gettext("“%(label)s”"), {"label": local})
    elif local:
        local = SafeString(f"<em>{local}</em>")
    if local:
        label = SafeString(f"{local} ({label})")
    objects = _objects(control, label, operator)
    if control.name:
        objects["name"] = _as_written(control.name, "span")
    return _filled(_act(control, value, people), objects)


def way_words(way: Way, *, people: People = People.PERSONAL, operator: str = "") -> str:
    """A way out: "Turn on “Temporary Chat” each time"."""
    words = act_words(way.control, people=people, operator=operator)
    for template in _qualifiers(way):
        words = template % {"act": words}
    return words


def way_html(
    way: Way,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
    quoted: bool = False,
) -> SafeString:
    """Like way_words, with the label in <em>. What is left as it is needs no repetition."""
    html = act_html(way.control, value, people=people, operator=operator, quoted=quoted)
    if value == StateValue.ONLY_IF_AGREED:
        return html
    for template in _qualifiers(way):
        html = _filled(template, {"act": html})
    return html


def ways_words(verdict: Verdict) -> str:
    """The best way out and how many more are needed; "" if none is known.

    The minutes are those of all ways together.
    """
    if not verdict.ways:
        return ""
    if verdict.ways_differ_by_place:
        return gettext("The way out differs by place")
    words = way_words(verdict.ways[0], people=verdict.people, operator=verdict.operator)
    for template, parts in _around_ways(verdict):
        words = template % (parts | {"way": words})
    return words


def ways_html(verdict: Verdict) -> SafeString:
    """Like ways_words, with a mark on the label on pages in another language."""
    if not verdict.ways or verdict.ways_differ_by_place:
        return format_html("{}", ways_words(verdict))
    people, operator = verdict.people, verdict.operator
    html = way_html(verdict.ways[0], people=people, operator=operator, quoted=True)
    for template, parts in _around_ways(verdict):
        html = _filled(template, parts | {"way": html})
    return html


def _around_ways(verdict: Verdict) -> list[tuple[str, dict[str, str]]]:
    """Return the texts to put around the best way out: how many more, and the minutes of all."""
    around: list[tuple[str, dict[str, str]]] = []
    if _only_stays_away(verdict):
        around.append((gettext("You cannot refuse, only stay away. %(way)s"), {}))
    if more := len(verdict.ways) - 1:
        template = ngettext("%(way)s, and %(count)s more", "%(way)s, and %(count)s more", more)
        around.append((template, {"count": str(more)}))
    if verdict.minutes is not None:
        minutes = ngettext("%(count)d minute", "%(count)d minutes", verdict.minutes)
        around.append(("%(way)s · %(minutes)s", {"minutes": minutes % {"count": verdict.minutes}}))
    return around


def _only_stays_away(verdict: Verdict) -> bool:
    """True if all ways mean giving the product up, and what they end cannot be refused."""
    reached = {use for way in verdict.ways for use in way.uses}
    return all(way.control.refuse in _GIVING_UP for way in verdict.ways) and all(
        line.value == StateValue.NO_WAY_OUT for line in verdict.lines if line.use.key in reached
    )


def _reasons(differs_by: Iterable[DiffersBy]) -> str:
    return _listed([str(_DIFFERS_BY[reason]) for reason in differs_by])


@once_per_language
def _varied(kind: str, manner: Manner) -> str:
    """kind: a key of _VARIED."""
    return str(_VARIED[kind][manner if manner.binding else manner._replace(each_time=False)])


@once_per_language
def _sentence_template(value: StateValue, by_organisation: bool, has_title_if_not: bool) -> str:
    if value == StateValue.ONLY_IF_AGREED:
        if by_organisation:
            return gettext("%(title)s only if your organisation agrees")
        return gettext("%(title)s only if you agree")
    if value == StateValue.NOT_USED and not has_title_if_not:
        # The catalog refuses this; the title alone would say the opposite.
        return gettext("Not used: %(title)s")
    return str(_SENTENCES[value])


def _sentence(sentence: Sentence, operator: str) -> tuple[str, dict[str, str]]:
    value, title, title_if_not = sentence.value, sentence.use.title, sentence.use.title_if_not
    if value == StateValue.UNLESS_REFUSED:
        parts = {"title": title, "operator": _short(operator)}
        return _varied("sentence", sentence.manner), parts
    if value == StateValue.NOT_USED:
        title = title_if_not or title
    elif value == StateValue.UNCLEAR and title.partition(" ")[0] in _NO_NAMES:
        title = title[0].lower() + title[1:]
    template = _sentence_template(value, sentence.manner.by_organisation, bool(title_if_not))
    return template, {"title": title}


def _details(sentence: Sentence) -> list[str]:
    details = [place_words_in_brief(where) for where in sentence.wheres]
    if sentence.who:
        details.append(people_words((), (), sentence.who))
    elif sentence.plans:
        details.append(_listed(sentence.plans))
    if sentence.disputed_in:
        places = _listed([place_words(where) for where in sentence.disputed_in])
        details.append(gettext("disputed: %(places)s") % {"places": places})
    elif sentence.disputed:
        details.append(gettext("disputed"))
    return details


def _act(control: ControlFacts, value: StateValue, people: People) -> str:
    refuse = control.refuse
    if not control.label:
        if value == StateValue.ONLY_IF_AGREED and refuse in _LEAVE_NAMES_AS_THEY_ARE:
            return str(_LEAVE_NAMES_AS_THEY_ARE[refuse])
        if control.is_by_admin and people != People.ORGANISATION:
            if refuse == Refuse.WRITE:
                return str(_ACTS_OF_ADMINS[refuse])
            return str(_ACTS_WITH_NAMES[Refuse.ASK_ADMIN])
        return str(_ACTS_WITH_NAMES[refuse])
    if value == StateValue.ONLY_IF_AGREED and refuse in _LEAVE_AS_IT_IS:
        return str(_LEAVE_AS_IT_IS[refuse])
    if control.is_by_admin and people != People.ORGANISATION and refuse in _ACTS_OF_ADMINS:
        return str(_ACTS_OF_ADMINS[refuse])
    if refuse == Refuse.DELETE and control.label.casefold().startswith("delete"):
        return gettext("Use %(label)s")
    return str(_ACTS[refuse])


def _objects(control: ControlFacts, label: str, operator: str) -> dict[str, str]:
    return {
        "label": label,
        "name": control.name,
        "address": control.to or _short(operator) or control.words,
    }


def _qualifiers(way: Way) -> list[str]:
    """Return the texts to put around an act: how often, and whether it is offered."""
    qualifiers = []
    if way.control.act_covers in _REPEATED:
        qualifiers.append(str(_REPEATED[way.control.act_covers]))
    if way.coverage == Coverage.PERHAPS:
        qualifiers.append(gettext("%(act)s, if it is offered to you"))
    return qualifiers


def _short(operator: str) -> str:
    """Return the operator without what the catalog adds in parentheses."""
    return operator.partition(" (")[0]


def _listed(names: Iterable[str]) -> str:
    return str(get_text_list(list(names), gettext("and")))


def _with_details(words: str, details: Sequence[str]) -> str:
    """Add the details in parentheses; semicolons between those that are lists themselves."""
    separator = "; " if any("," in each for each in details) else ", "
    return f"{words} ({separator.join(details)})" if details else words


def _as_written(text: str, tag: str) -> SafeString:
    """Return a text of the catalog in a tag, with its language if the page has another one."""
    text, language = escape(text), settings.LANGUAGE_CODE
    if get_language() == language:
        return SafeString(text if tag == "span" else f"<em>{text}</em>")
    return SafeString(f'<{tag} lang="{language}">{text}</{tag}>')


def _filled(template: str, parts: dict[str, str]) -> SafeString:
    """Fill a text with %(name)s into HTML, with everything in it escaped."""
    # Not format_html: the matrix has thousands of such texts.
    escaped = {
        name: part if isinstance(part, SafeString) else escape(part) for name, part in parts.items()
    }
    return SafeString(template % escaped)
