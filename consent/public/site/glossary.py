"""The words of the site explained: answers, states, kinds of change, and what we call things."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consent.vocabulary import Effect, StateValue


@dataclass(frozen=True, slots=True)
class Term:
    """A word, its anchor on the page, and what it means."""

    anchor: str
    word: str
    meaning: str


_STATES = {
    StateValue.NO_WAY_OUT: _("The data is used and there is no way to refuse, short of leaving."),
    StateValue.UNLESS_REFUSED: _("The data is used from the start, and you can refuse."),
    StateValue.ONLY_IF_AGREED: _("The data is used only after you choose it."),
    StateValue.NOT_USED: _("The platform says that the data is not used for this."),
    StateValue.UNCLEAR: _("The platform does not say, or sources disagree."),
    StateValue.NOT_OFFERED: _("The feature does not exist there, so the question does not arise."),
}
_KINDS = {
    Effect.USE_INTRODUCED: _("Data is used for training that was not used before."),
    Effect.USE_REMOVED: _("A use of data for training has ended."),
    Effect.PLEDGE_ADDED: _("The platform now promises not to train on some data."),
    Effect.PLEDGE_DROPPED: _("A promise not to train is gone from the text."),
    Effect.DEFAULT_ON: _("A use starts out on, unless people refuse."),
    Effect.DEFAULT_OFF: _("A use starts out off, until people agree."),
    Effect.OPT_OUT_ADDED: _("There is a new way to refuse."),
    Effect.OPT_OUT_REMOVED: _("A way to refuse is gone."),
    Effect.OPT_OUT_CHANGED: _("A way to refuse is in another place or has another name."),
    Effect.SCOPE_WIDENED: _("A use covers more data, people or places than before."),
    Effect.SCOPE_NARROWED: _("A use covers less data, fewer people or fewer places than before."),
    Effect.SHARING_WIDENED: _("Data may go to more companies."),
    Effect.SHARING_NARROWED: _("Data may go to fewer companies."),
    Effect.RETENTION_CHANGED: _("Data is kept for another time than before."),
    Effect.WORDING_ONLY: _("The text has other words and means the same."),
    Effect.ANNOUNCED: _("The platform says that something will change. It has not begun."),
    Effect.POSTPONED: _("What was announced comes later."),
    Effect.PAUSED: _("A use has stopped for now."),
    Effect.RESUMED: _("A use that was paused goes on."),
    Effect.WITHDRAWN: _("What was announced does not come."),
    Effect.REGULATOR_ACTION: _("An authority opened a case, gave an order or set a fine."),
    Effect.COURT_RULING: _("A court decided."),
    Effect.LAWSUIT: _("Somebody went to court."),
    Effect.COMPLAINT: _("Somebody complained to an authority."),
    Effect.CAME_TO_LIGHT: _("It became known now and began earlier."),
    Effect.CORRECTION: _("We were wrong before, and say so."),
}
_OTHERS = {
    "platform": (
        _("platform"),
        _("A service that people use, such as an app or a website."),
    ),
    "operator": (
        _("operator"),
        _("The company that runs a platform."),
    ),
    "use": (
        _("use"),
        _("What is done with some data of some people in some places."),
    ),
    "control": (
        _("way to refuse"),
        _("A switch, a form, a letter or a mode that refuses."),
    ),
    "change": (
        _("change"),
        _("A dated and sourced record of what a platform changed."),
    ),
    "default": (
        _("default, by default"),
        _("What happens to your data if you do nothing."),
    ),
    "training": (
        _("training"),
        _(
            "Making AI models from data. We count it with two other uses: people at the company "
            "who review data, and passing data on for training. Ads, AI features and what is "
            "merely collected do not count in an answer."
        ),
    ),
    "reach": (
        _("data concerned"),
        _(
            "How far a refusal goes: only what you add from now on, or what is there already too. "
            "What a model has learned stays in it."
        ),
    ),
    "as-of": (
        _("as of a day"),
        _("How things stood on that day, as far as we know today."),
    ),
    "observed": (
        _("observed"),
        _(
            "Between two of our readings of a page: it had not changed at the first and had "
            "changed at the second."
        ),
    ),
    "disputed": (
        _("disputed"),
        _("Sources disagree, or the platform denies what others report. We name both."),
    ),
    "gap": (
        _("gap"),
        _("We tried to read a page and could not. The page may be unchanged."),
    ),
}


def states() -> list[Term]:
    return [Term(f"state-{each.value}", str(each.label), str(_STATES[each])) for each in StateValue]


def kinds() -> list[Term]:
    return [Term(f"kind-{each.value}", str(each.label), str(_KINDS[each])) for each in Effect]


def other_words() -> list[Term]:
    return [Term(anchor, str(word), str(meaning)) for anchor, (word, meaning) in _OTHERS.items()]
