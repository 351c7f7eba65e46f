"""The confidence of a suggestion: a small logistic model over added, removed and reworded text.

A change whose probability is below RELEVANT is not suggested. Trained by
benchmarks/train_meaning.py and tested on operators that it was not trained on.
"""

import math

from consent.classification.delta import Delta
from consent.classification.languages import lexicon_for
from consent.classification.learned import Features, Weights, log_odds_of

FLOOR, CEILING = 0.05, 0.99  # chosen: no suggestion is called certain or impossible
RELEVANT = 0.5  # probability from which a change counts as relevant
# The same on help pages. Chosen: a missed change is never seen by a curator, and a false one costs
# a minute.
RELEVANT_ON_HELP_PAGES = 0.3


def features_of(delta: Delta) -> dict[str, float]:
    """Return the features of the model, each between 0 and 1."""
    changed = [
        *(new for _, new in delta.reworded),
        *delta.added,
        *delta.removed,
        *(new for _, new in delta.rows),
        *delta.repeated,
    ]
    uses = [statement for statement in changed if statement.kind == "use"]
    certainties = sorted((statement.certainty for statement in changed), reverse=True)
    return {
        "certainty": max(certainties, default=0.0),
        "doubtful": float(bool(certainties) and certainties[0] < 0.7),
        "certain": float(bool(certainties) and certainties[0] >= 0.95),
        "by words alone": float(all(statement.rule == "reader" for statement in changed)),
        "strongest": max((statement.strength for statement in changed), default=0.0),
        "says train": float(any(statement.action == "train" for statement in uses)),
        "several": min(1.0, math.log2(max(1, len(changed))) / 3),
        "names data": float(any(statement.data for statement in uses)),
        "names a control": float(any(statement.control != "none" for statement in changed)),
        "denies": float(any(statement.denies for statement in uses)),
        "only removed": float(bool(delta.removed) and not delta.added and not delta.reworded),
        "only nearby": float(all(statement.rule.endswith("-nearby") for statement in changed)),
        "only moved": float(not (delta.reworded or delta.added or delta.removed)),
        "only repeated": float(
            bool(delta.repeated)
            and not (delta.reworded or delta.added or delta.removed or delta.rows)
        ),
        "stated before": float(any(statement.kind == "use" for statement in delta.before)),
        "help page": float(on_help_page(delta)),
    }


def on_help_page(delta: Delta) -> bool:
    """Return whether the texts were read as help pages."""
    return any(
        statement.seen is not None and bool(statement.seen.manner)
        for statement in (*delta.before, *delta.after)
    )


def likelihood(features: Features, weights: Weights) -> float:
    """Return the probability that a change of statements is relevant."""
    name = "relevant on help pages" if features.get("help page") else "relevant"
    return weights.models[name].probability(features)


def is_relevant(probability: float, features: Features) -> bool:
    """Return whether a change of this probability is suggested."""
    least = RELEVANT_ON_HELP_PAGES if features.get("help page") else RELEVANT
    return probability >= least


def confidence_in_silence(delta: Delta, before: str, after: str, weights: Weights) -> float:
    """Return the probability that a change without changed statements is not relevant."""
    name = "unchanged" if delta.before or delta.after else "silent"
    return bounded(weights.models[name].probability(features_of_silence(before, after)))


def features_of_silence(before: str, after: str) -> dict[str, float]:
    """Return how much changed, and how much of it has words about AI or training.

    So that of the changes without a statement the doubtful ones can be looked at first.
    """
    lexicon = lexicon_for(after)
    changed = set(before.split("\n")) ^ set(after.split("\n"))
    mentions = sum(
        any(map(line.__contains__, lexicon.exact_triggers))
        or any(map(line.lower().__contains__, lexicon.triggers))
        for line in changed
    )
    return {
        "mentions": min(1.0, math.log2(1 + mentions) / 5),
        "mentions any": float(mentions > 0),
        "changed lines": min(1.0, math.log2(1 + len(changed)) / 10),
    }


HEADLINE, EFFECT = "true headline", "true effect"  # models that calibrate
LOG_ODDS = "log odds"


def calibrated(name: str, probability: float, weights: Weights) -> float:
    """Return how often a headline or an effect of this probability was true.

    Measured on operators left out of training. A headline has that of its least likely part.
    Weights that are only being measured have no such model.
    """
    model = weights.models.get(name)
    if model is None:
        return probability
    return model.probability({LOG_ODDS: log_odds_of(probability)})


def bounded(probability: float) -> float:
    return round(min(CEILING, max(FLOOR, probability)), 3)
