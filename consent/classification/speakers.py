"""Whose act a sentence speaks of: the service's, or what a user may or may not do."""

import re
from collections.abc import Iterator
from re import Match

from consent.classification.attributes import last
from consent.classification.lexicon import Lexicon
from consent.classification.sentences import Sentence

FIRST_WORD = re.compile(r"[\w-]+")


def speaker_of(sentence: Sentence, words: str, use: Match[str], lexicon: Lexicon) -> str:
    """Return whose act it is, by the nearest subject before the use: "user", "service" or ""."""
    implied_found = False
    verb = FIRST_WORD.match(words, use.start())
    for clause in _inside_out(sentence, words[: verb.end() if verb else use.start()]):
        bound, acts = last(lexicon.user_bound, clause), last(lexicon.service_acts, clause)
        if bound and acts:
            # A service inside the words that bind the user ("Your Accessory may not") does not
            # count. Where both begin together, the service is meant ("they do not use your input").
            covers = acts[0] <= bound[0] and acts[1] >= bound[1]
            return "service" if acts[0] >= bound[1] or acts[0] == bound[0] or covers else "user"
        if bound or acts:
            return "user" if bound else "service"
        user, implied = last(lexicon.user_acts, clause), last(lexicon.service_implied, clause)
        if user and (not implied or user[0] > implied[0]):
            return "user"
        implied_found = implied_found or implied is not None
    if implied_found:
        return "service"
    after = words[use.start() :]
    if lexicon.user_bound.search(after):
        return "user"
    if lexicon.service_acts.search(after) or lexicon.service_implied.search(after):
        return "service"
    return "user" if lexicon.user_acts.search(after) else ""


def _inside_out(sentence: Sentence, before: str) -> Iterator[str]:
    """Yield the text before a use: its own clause, earlier clauses, then the lead-ins."""
    start = before.rfind(";") + 1
    yield before[start:]
    if start:
        yield before[:start]
    yield from reversed(sentence.lead_ins)
