"""Pairs of short texts whose effects follow from how they are put together.

Real changes show rare effects a handful of times. These pairs are written from the meaning of the
effects and not from any platform's text: a page holds a use, a promise, a way out and so on, in one
of several wordings, and then one of these comes, goes or changes.
"""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

Pair = dict[str, Any]

USES = (
    "We use {data} to train our AI models.",
    "We may use {data} to develop and improve our machine learning models.",
    "Your {data} may be used for training artificial intelligence.",
    "Our models learn from {data}: we use them to train and fine-tune our AI.",
    "To improve our services, including training our algorithms, we process {data}.",
)
PUBLIC_USES = (
    "We use publicly available information to train our models.",
    "We collect public information from the internet to help train our language models.",
)
DENIALS = (
    "We do not use {data} to train our AI models.",
    "We will never train models on {data}.",
    "Your {data} are not used for training artificial intelligence.",
)
BUSINESS_DENIALS = (
    "We do not use {data} of business customers to train our AI models.",
    "We do not train our models on {data} from enterprise accounts.",
)
DEFAULT_DENIALS = (
    "By default, we do not use {data} to train our AI models.",
    "We do not train our models on {data} by default.",
)
CONSENT = (
    "We will not use {data} to train our models without your consent.",
    "We only use {data} for AI training if you have opted in.",
    "Unless you have agreed, your {data} are not used to train our AI.",
)
UNLESS = (
    "We use {data} to train our AI models unless you opt out.",
    "Unless you object, we may use {data} for training our models.",
    "Training on {data} is on by default; you can turn it off in your settings.",
)
OFF = (
    "Training on {data} is off by default.",
    "The setting for AI training is off by default.",
    "The use of {data} for training our models is disabled by default.",
    "AI training with {data}: off by default.",
)
ON = (
    "Training on {data} is on by default.",
    "The setting for AI training is on by default.",
    "The use of {data} for training our models is enabled by default.",
    "AI training with {data}: on by default.",
)
ROUTES = (
    "Settings, Privacy",
    "Data controls",
    "Account, Your data",
    "Settings > AI > Model training",
    "your profile settings",
)
ROUTED = (
    "You can turn off AI training on your data in {}.",
    "To opt out of model training, go to {}.",
    "To turn this off, open {} and switch off the training setting.",
)
WAYS = (
    "You can turn off AI training on your data in Settings under Privacy.",
    "To opt out of model training, switch off the toggle in your data controls.",
    "You can opt out of AI training by filling in this form.",
    "To object to the use of your data for AI training, write to privacy@example.org.",
    "You have the right to object to the training of our models with your data.",
)
OTHERS = (
    "Our partners may use {data} to train their own AI models.",
    "We share {data} with third parties who may use it to train their AI.",
    "We license {data} to other companies for training their models.",
)
KEPT = (
    "{Data} used for training our models are kept for {time}.",
    "We keep {data} for {time} to train our AI models.",
)
TIMES = ("30 days", "six months", "two years", "five years")
LABELS = (
    "Train our models on {data}",
    "Use {data} for AI training",
    "Let our AI learn from {data}",
)
SWITCHES = (("(off) {}", "(on) {}"), ("[ ] {}", "[x] {}"), ("{}: Off", "{}: On"))
ROWS = "| | Free | Plus | Team |\n| --- | --- | --- | --- |\n| {} | {} |"
QUESTIONS = (
    "Do you train AI on {data}?",
    "Are {data} used to train your models?",
    "Will you use {data} for AI training?",
)
PLACES_OF_SWITCH = ("Account", "Privacy", "Your data", "AI and data")
STEPS = (
    "To stop this:\n\n1. Tap your picture.\n2. Tap **{place}**.\n3. Turn off **{label}**.",
    "1. Open the menu.\n2. Choose **{place}**.\n3. Clear **{label}** and save.",
)
FIRM_DENIALS = ("We will never train our models on {data}.", "{Data} will not be used to train AI.")
LIMITED_DENIALS = (
    "We do not currently train our models on {data}.",
    "{Data} are not used to train AI at present.",
)
PURPOSE_ROW = (
    "| Data | Purpose | Kept |\n| --- | --- | --- |\n| {data} | To train our models | {time} |"
)
DATA = (
    "your chats",
    "your posts",
    "your photos",
    "your messages",
    "voice recordings",
    "your files",
    "customer content",
    "your prompts and outputs",
    "feedback",
)
PLACES = ("in the US", "in the EU", "in Canada", "in the UK")
PEOPLE = ("free users", "consumers", "business customers", "paid users")
AROUND = (
    "# Privacy\n\nWe take your privacy seriously.\n\n{}\n\nContact us with questions.\n",
    "## How we use information\n\nWe provide the service.\n\n{}\n\nWe bill you monthly.\n",
    "Help center\n\n{}\n\nWas this article helpful?\n",
)

LESS, MORE, MIXED, NEUTRAL = "less-control", "more-control", "mixed", "neutral"


def practice_pairs(seed: int = 5) -> Iterator[Pair]:
    """Yield cases of the shared form; each kind of pair in several wordings."""
    pick = random.Random(seed)
    for number, (before, after, effects, direction) in enumerate(_pairs(pick)):
        page = pick.choice(AROUND)
        yield {
            "id": f"practice-{number}",
            "platform": "Practice",
            "relevant": True,
            "effects": effects,
            "direction": direction,
            "evidence": "",
            "sure": True,
            "before": page.format(before),
            "after": page.format(after),
        }


Texts = tuple[str, str, list[str], str]


class _Sentences:
    """Fills patterns with data and times that are picked at random."""

    def __init__(self, pick: random.Random) -> None:
        self.pick = pick

    def fill(self, pattern: str, data: str = "") -> str:
        data = data or self.pick.choice(DATA)
        return pattern.format(data=data, Data=data.capitalize(), time=self.pick.choice(TIMES))

    def use(self) -> str:
        return self.fill(self.pick.choice(USES))


def _pairs(pick: random.Random) -> Iterator[Texts]:
    sentences = _Sentences(pick)
    yield from _uses_and_denials(sentences)
    yield from _defaults(sentences)
    yield from _ways_and_scopes(sentences)
    yield from _sharing_and_retention(sentences)
    yield from _wordings_and_regions(sentences)


def _uses_and_denials(sentences: _Sentences) -> Iterator[Texts]:
    """Uses that begin, and promises that are made and dropped."""
    pick, fill, use = sentences.pick, sentences.fill, sentences.use
    for pattern in USES:
        yield "", fill(pattern), ["use-introduced"], LESS
        for way in pick.sample(WAYS, 2):
            one = fill(pattern)
            yield one, f"{one} {way}", ["opt-out-added"], MORE
            yield "", f"{one} {way}", ["use-introduced", "opt-out-added"], MIXED
    for pattern in UNLESS:
        yield "", fill(pattern), ["use-introduced", "default-on", "opt-out-added"], LESS
        denial = fill(pick.choice(DENIALS))
        effects = ["use-introduced", "pledge-dropped", "default-on", "opt-out-added"]
        yield denial, fill(pattern), effects, LESS
    for pattern in DENIALS:
        yield "", fill(pattern), ["pledge-added"], MORE
        one = use()
        yield one, f"{one}\n\n{fill(pattern)}", ["pledge-added"], MORE
        yield one, fill(pattern), ["use-removed", "pledge-added"], MORE
        yield fill(pattern), use(), ["use-introduced", "pledge-dropped"], LESS
    for pattern in CONSENT:
        yield "", fill(pattern), ["pledge-added", "default-off"], MORE
        one = use()
        yield one, f"{one}\n\n{fill(pattern)}", ["pledge-added", "default-off"], MORE


def _defaults(sentences: _Sentences) -> Iterator[Texts]:
    """What is on by default, and what is only promised for some."""
    pick, fill = sentences.pick, sentences.fill
    for data in pick.sample(DATA, 4):
        for pattern, changed in zip(DENIALS[:2], DEFAULT_DENIALS, strict=True):
            old, new = fill(pattern, data), fill(changed, data)
            yield old, new, ["pledge-dropped", "default-off"], LESS
        for pattern, changed in zip(DENIALS[:2], BUSINESS_DENIALS, strict=True):
            yield fill(pattern, data), fill(changed, data), ["pledge-dropped"], LESS
    for off, on in zip(OFF, ON, strict=True):
        for data in pick.sample(DATA, 3):
            yield fill(off, data), fill(on, data), ["default-on"], LESS
            yield fill(on, data), fill(off, data), ["default-off"], MORE
        one = fill(USES[0], data)
        yield one, f"{one} {fill(off, data)}", ["default-off"], MORE
        for here in pick.sample(PLACES, 2):
            whole = f"{one} {fill(on, data)}"
            region = f"For people {here}, {off[0].lower()}{fill(off, data)[1:]}"
            yield whole, f"{whole} {region}", ["default-off"], MORE


def _ways_and_scopes(sentences: _Sentences) -> Iterator[Texts]:
    """Ways out that move, and uses of more or fewer data."""
    pick, fill = sentences.pick, sentences.fill
    for pattern in ROUTED:
        for _ in range(4):
            old, new = pick.sample(ROUTES, 2)
            one = fill(pick.choice((*USES, *UNLESS)))
            pair = f"{one} {pattern.format(old)}", f"{one} {pattern.format(new)}"
            yield *pair, ["opt-out-changed"], NEUTRAL
    for pattern in USES:
        yield from _scopes(pattern, pick)
        one, other = pick.sample(DATA, 2)
        again = pattern.format(data=one) + "\n\n" + pick.choice(USES).format(data=other)
        yield pattern.format(data=one), again, ["scope-widened"], LESS
    for public, pattern in product(PUBLIC_USES, USES):
        yield public, f"{public}\n\n{fill(pattern)}", ["use-introduced"], LESS


def _sharing_and_retention(sentences: _Sentences) -> Iterator[Texts]:
    """Who else gets the data, how long it is kept, and other ways out."""
    pick, fill, use = sentences.pick, sentences.fill, sentences.use
    for others in OTHERS:
        for _ in range(3):
            one = use()
            yield one, f"{one}\n\n{fill(others)}", ["sharing-widened"], LESS
        yield "", f"{use()}\n\n{fill(others)}", ["use-introduced", "sharing-widened"], LESS
    for kept in KEPT:
        for _ in range(4):
            data, (old, new) = pick.choice(DATA), pick.sample(TIMES, 2)
            words = {"data": data, "Data": data.capitalize()}
            pair = kept.format(time=old, **words), kept.format(time=new, **words)
            yield *pair, ["retention-changed"], NEUTRAL
    for old, new in pick.sample([(a, b) for a in WAYS for b in WAYS if a != b], 8):
        one = use()
        yield f"{one} {old}", f"{one} {new}", ["opt-out-changed"], NEUTRAL


def _wordings_and_regions(sentences: _Sentences) -> Iterator[Texts]:
    """The same in other words, and promises for one region."""
    pick, fill, use = sentences.pick, sentences.fill, sentences.use
    for old, new in ((a, b) for a in USES[:4] for b in USES[:4] if a != b):
        data = pick.choice(DATA)
        yield old.format(data=data), new.format(data=data), ["wording-only"], NEUTRAL
    for old, new in ((a, b) for a in DENIALS for b in DENIALS if a != b):
        data = pick.choice(DATA)
        yield old.format(data=data), new.format(data=data), ["wording-only"], NEUTRAL
    for _ in range(4):
        one = use()
        yield one, f"{one}\n\nTo sum up: {one}", ["wording-only"], NEUTRAL
    # A promise for one region, beside a use that stays on by default elsewhere.
    for promise, on in product(CONSENT, ON):
        whole = f"{use()} {fill(on)} {pick.choice(WAYS)}"
        region = f"For people {pick.choice(PLACES)}: {fill(promise)}"
        yield whole, f"{whole}\n\n{region}", ["pledge-added", "default-off"], MORE
    yield from _answers(pick)


def _answers(pick: random.Random) -> Iterator[Texts]:
    """Yield pairs in the manner of help pages: switches, tables, questions and steps."""
    yield from _switches(pick)
    yield from _questions(pick)
    yield from _steps(pick)
    yield from _denials(pick)
    yield from _times(pick)


def _switches(pick: random.Random) -> Iterator[Texts]:
    """Yield switches that are turned on or off, each with a table of plans or surfaces."""
    for label in LABELS:
        for off, on in SWITCHES:
            shown = label.format(data=pick.choice(DATA))
            yield off.format(shown), on.format(shown), ["default-on"], LESS
            yield on.format(shown), off.format(shown), ["default-off"], MORE
            yield "", on.format(shown), ["use-introduced", "default-on"], LESS
        shown = label.format(data=pick.choice(DATA))
        row = "{} | {} | {}".format
        for yes, no, more, fewer in (
            ("Yes", "No", "scope-widened", "scope-narrowed"),
            ("On", "Off", "default-on", "default-off"),
        ):
            all_no, some = ROWS.format(shown, row(no, no, no)), ROWS.format(shown, row(yes, no, no))
            most, all_yes = (
                ROWS.format(shown, row(yes, yes, no)),
                ROWS.format(shown, row(yes, yes, yes)),
            )
            yield some, most, [more], LESS
            yield most, all_yes, [more], LESS
            yield most, some, [fewer], MORE
            if yes == "On":
                yield all_no, some, [more], LESS
                yield all_yes, all_no, [fewer], MORE


def _questions(pick: random.Random) -> Iterator[Texts]:
    """Yield questions with Yes or No below them."""
    for question in QUESTIONS:
        asked = question.format(data=pick.choice(DATA).replace("your", "my"))
        no, yes = f"{asked}\n\nNo.", f"{asked}\n\nYes."
        yield no, yes, ["use-introduced", "pledge-dropped"], LESS
        yield yes, no, ["use-removed", "pledge-added"], MORE
        yield "", no, ["pledge-added"], MORE
        yield "", yes, ["use-introduced"], LESS
        yield yes, f"{yes[:-1]}, unless you opt out.", ["opt-out-added"], MORE


def _steps(pick: random.Random) -> Iterator[Texts]:
    """Yield steps to a switch: new, gone, or leading elsewhere."""
    for steps in STEPS:
        for _ in range(3):
            use, label = (
                pick.choice(group).format(data=pick.choice(DATA)) for group in (USES, LABELS)
            )
            here, there = pick.sample(PLACES_OF_SWITCH, 2)
            told = f"{use}\n\n{steps.format(place=here, label=label)}"
            moved = f"{use}\n\n{steps.format(place=there, label=label)}"
            yield use, told, ["opt-out-added"], MORE
            yield told, use, ["opt-out-removed"], LESS
            yield told, moved, ["opt-out-changed"], NEUTRAL
            yield "", told, ["use-introduced", "default-on", "opt-out-added"], LESS


def _denials(pick: random.Random) -> Iterator[Texts]:
    """Yield denials that become narrower."""
    for firm, limited in zip(FIRM_DENIALS, LIMITED_DENIALS, strict=True):
        for data in pick.sample(DATA, 3):
            words = {"data": data, "Data": data.capitalize()}
            yield firm.format(**words), limited.format(**words), ["pledge-dropped"], LESS


def _times(pick: random.Random) -> Iterator[Texts]:
    """Yield times after which data is deleted, changed."""
    for old, new in pick.sample([(a, b) for a in TIMES for b in TIMES if a != b], 4):
        data = pick.choice(DATA)
        before, after = (PURPOSE_ROW.format(data=data, time=time) for time in (old, new))
        yield before, after, ["retention-changed"], NEUTRAL


def _scopes(pattern: str, pick: random.Random) -> Iterator[Texts]:
    one, two, three = pick.sample(DATA, 3)
    wide, narrow = ["scope-widened"], ["scope-narrowed"]
    yield pattern.format(data=one), pattern.format(data=f"{one}, {two} and {three}"), wide, LESS
    yield pattern.format(data=f"{one} and {two}"), pattern.format(data=one), narrow, MORE
    all_three = pattern.format(data=f"{one}, {two} and {three}")
    yield all_three, pattern.format(data=f"{one} and {two}"), narrow, MORE
    yield pattern.format(data=f"{one} and {two}"), all_three, wide, LESS
    here, there = pick.sample(PLACES, 2)
    data = f"{one} of people {here}"
    yield pattern.format(data=data), pattern.format(data=f"{data} and {there}"), wide, LESS
    some, others = pick.sample(PEOPLE, 2)
    yield (
        pattern.format(data=f"data of {some}"),
        pattern.format(data=f"data of {some} and {others}"),
        wide,
        LESS,
    )
    plain = pattern.format(data=one)
    yield plain, f"{plain[:-1]}, except for people {there}.", narrow, MORE
