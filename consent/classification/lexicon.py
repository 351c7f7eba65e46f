"""What a language must bring along so that its texts can be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from re import Pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying that data is used for models.

    weight: 1.0 says so by itself; less needs more around it (a possessive, a stated purpose).
    """

    name: str
    action: str
    pattern: Pattern[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. Every pattern runs over one plain sentence, never over a page.

    Patterns must stay linear: no nested quantifiers, gaps bounded.
    """

    language: str
    common_words: frozenset[str]  # tell the language of a page
    triggers: tuple[str, ...]  # in lower case: lines without one are not looked at
    exact_triggers: tuple[str, ...]  # the same, in this case only
    uses: tuple[Rule, ...]
    needs_paragraph: frozenset[str]  # rules that count if use_nearby stands in the same paragraph
    use_nearby: Pattern[str]  # "we may use your data to improve"
    model_names: Pattern[str]  # Grok, Gemini
    not_training: Pattern[str]  # staff training and the like, blanked before the rules run
    people_data: Pattern[str]  # words for data that is people's
    asks_about_people: Pattern[str]  # what a question must name to count
    user_bound: Pattern[str]  # binds the user: "you may not", "prohibited"
    user_acts: Pattern[str]  # the user as subject: "you may", "compete with"
    service_acts: Pattern[str]  # the service as subject: "we may", "third parties will"
    service_implied: Pattern[str]  # the service without a name: "is used", "a licence to"
    user_headings: Pattern[str]  # headings above rules for users
    user_objects: Pattern[str]  # things users are told not to train on: the service, its output
    purpose_lead_in: Pattern[str]  # "we use your information to:"
    purpose_start: Pattern[str]  # how a purpose begins in a list or table: "To train"
    denial: Pattern[str]  # before a use, turns it into its opposite
    denial_after: Pattern[str]  # after a use ("is prohibited")
    consent_needed: Pattern[str]
    may: Pattern[str]
    hedge: Pattern[str]  # a control that may not be there: "you may have the right"
    controls: Mapping[str, Pattern[str]]  # opt-out, opt-in, consent, objection, admin
    routes: Mapping[str, Pattern[str]]  # switch, form, email, admin-console, account-deletion
    default_on: Pattern[str]
    default_off: Pattern[str]
    actors: Mapping[str, Pattern[str]]
    data_kinds: Mapping[str, Pattern[str]]
    retention: Pattern[str]
    control_over: Pattern[str]  # "opt out of", "control whether": what follows is controlled, not stated
    control_beside: Mapping[str, Pattern[str]]  # controls clear enough to count without training words
    control_topic: Pattern[str]  # what a control beside a use statement must speak of
    control_elsewhere: Pattern[str]  # controls over something else: cookies, marketing, arbitration
    exception_nearby: Pattern[str]  # "we will not collect your prompts" beside a use statement
    regions: Mapping[str, Pattern[str]]
    audiences: Mapping[str, Pattern[str]]
    since: Pattern[str]

    def mentions(self, words: str) -> bool:
        """Tell whether a sentence has any of the words without which it says nothing."""
        lowered = words.lower()
        return any(trigger in lowered for trigger in self.triggers) or any(
            trigger in words for trigger in self.exact_triggers
        )

    @property
    def controls_beside_use(self) -> Mapping[str, Pattern[str]]:
        """The controls that a sentence about a use may name in passing."""
        return {**self.controls, **self.control_beside}


def words(*alternatives: str, flags: re.RegexFlag = re.IGNORECASE) -> Pattern[str]:
    """Compile alternatives that must stand as whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", flags)


NEVER = re.compile(r"(?!)")
