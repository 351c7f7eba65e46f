"""The words and patterns that each language defines."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from re import Match, Pattern

NEVER = re.compile(r"(?!)")
Patterns = Mapping[str, Pattern[str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying that data is used for models.

    weight: 1.0 is enough by itself; less needs support nearby (a possessive, a stated purpose).
    """

    name: str
    action: str
    pattern: Pattern[str]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """One language. Every pattern runs over one plain sentence, never over a page.

    Patterns must run in linear time: no nested quantifiers, bounded gaps. A field that a language
    leaves out never matches.
    """

    language: str
    common_words: str  # tell the language of a page
    triggers: tuple[str, ...]  # in lower case: lines without one are not looked at
    exact_triggers: tuple[str, ...]  # the same, in this case only
    uses: tuple[Rule, ...]
    model_names: Pattern[str] = NEVER  # Grok, Gemini
    not_training: Pattern[str] = NEVER  # staff training and the like, blanked before the rules
    needs_paragraph: frozenset[str] = frozenset()  # rules that count beside use_nearby
    use_nearby: Pattern[str] = NEVER  # "we may use your data to improve"

    pointer: Pattern[str] = NEVER  # "for more information on the data used to train, see"

    people_data: Pattern[str]  # words for data that is people's
    asks_about_people: Pattern[str]  # what a question must name to count
    data_kinds: Patterns

    user_bound: Pattern[str]  # binds the user: "you may not", "prohibited"
    user_acts: Pattern[str]  # the user as subject: "you may", "compete with"
    service_acts: Pattern[str]  # the service as subject: "we may", "third parties will"
    service_implied: Pattern[str]  # the service without a name: "is used", "a licence to"
    user_headings: Pattern[str] = NEVER  # headings above rules for users
    user_objects: Pattern[str] = NEVER  # what users are told not to train on: service, output
    purpose_lead_in: Pattern[str] = NEVER  # "we use your information to:"
    purpose_start: Pattern[str] = NEVER  # how a purpose begins in a list or table: "To train"
    actors: Patterns = field(default_factory=dict)  # others than the service who train

    denial: Pattern[str]  # turns a use into its opposite, from before it
    denial_after: Pattern[str] = NEVER  # the same, right after it ("is prohibited")
    verbs_last: bool = False  # whether verbs, and so denials and controls, may end the clause
    not_denial: Pattern[str] = NEVER  # after a denial: "do not | want us to"
    denied_denial: Pattern[str] = NEVER  # "we do not exclude", which promises nothing
    promise: Pattern[str] = NEVER  # a denial that binds: "will not", "never"
    may: Pattern[str]
    clause_end: Pattern[str]  # where the reach of a denial ends: "; but"

    controls: Patterns  # opt-out, opt-in, consent, objection, admin
    control_beside: Patterns  # controls clear enough to count without training words
    refusing_act: Pattern[str] = NEVER  # "if you object, we will not": a promise for who acts
    agreeing_act: Pattern[str] = NEVER  # "if you switch this on, we will": off until people act
    control_over: Pattern[str] = NEVER  # "opt out of": what follows is controlled, not stated
    control_topic: Pattern[str] = NEVER  # what a control beside a use must speak of
    control_elsewhere: Pattern[str] = NEVER  # cookies, marketing, arbitration
    exception_nearby: Pattern[str] = NEVER  # "we will not collect your prompts" beside a use
    refusals: Pattern[str] = NEVER  # how short steps below a use tell people to refuse it
    control_gone: Pattern[str] = NEVER  # "objecting is no longer possible"
    no_way_out: Pattern[str] = NEVER  # "regardless of your settings", "cannot opt out"
    opted_out_for_people: Pattern[str] = NEVER  # "we have opted out of training with providers"
    hedge: Pattern[str] = NEVER  # a control that may not be there: "you may have the right"
    routes: Patterns  # switch, form, email, admin-console, account-deletion
    consent_needed: Pattern[str]
    default_on: Pattern[str] = NEVER
    default_off: Pattern[str] = NEVER
    by_default: Pattern[str] = NEVER  # the words without which a default beside a use is none

    states: Patterns = field(default_factory=dict)  # yes, no, on, off: an answer, cell or status
    said_plainly: Callable[[str], str] = str  # turns "Do you use my" into "we use your"

    # Ideas of help pages by name ("refuse", "improve"); without them, help pages are read like
    # any other page.
    concepts: Patterns = field(default_factory=dict)

    retention: Pattern[str] = NEVER
    regions: Patterns = field(default_factory=dict)
    audiences: Patterns = field(default_factory=dict)
    since: Pattern[str] = NEVER

    def mentions(self, words: str) -> bool:
        """Return whether a sentence has a trigger; without one it states nothing."""
        return self._any_trigger.search(words) is not None

    def trigger_in(self, words: str) -> Match[str]:
        """Return the first trigger of a sentence that has one."""
        match = self._any_trigger.search(words) or re.match("", words)
        assert match is not None
        return match

    @cached_property
    def _any_trigger(self) -> Pattern[str]:
        exact = "|".join(map(re.escape, self.exact_triggers))
        anycase = "|".join(map(re.escape, self.triggers))
        return re.compile(f"(?i:{anycase})|{exact}")

    @cached_property
    def controls_beside_use(self) -> Patterns:
        """The controls that a sentence about a use may name in passing."""
        return {**self.controls, **self.control_beside}


def words(*alternatives: str, flags: re.RegexFlag = re.IGNORECASE) -> Pattern[str]:
    """Compile alternatives that match whole words only."""
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", flags)


def starts(*alternatives: str) -> Pattern[str]:
    """Compile alternatives that a text may begin with, whole words only."""
    return re.compile("(?:" + "|".join(alternatives) + r")(?!\w)", re.IGNORECASE)
