"""Words that name a part, a plan, a place or people never fill in more than words without them."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from consent.classification import suggest
from consent.curation.prefill import covers, reading_of, value_in
from consent.models import Branch, Use
from consent.vocabulary import Purpose
from platforms.models import Platform
from platforms.places import WORLDWIDE

TEXT = "# Privacy Policy\n\nThis page explains how we handle data.\n\n{}\n"
#: What a sentence says, with a place for what limits it.
SENTENCES = [
    "We do not use your chats{} to train our AI models.",
    "We never train our AI models on your chats{}.",
    "We use your chats{} to train our AI models unless you opt out.",
    "Your chats{} are not used to train our AI models.",
    "Your chats{} will not be used to train our models without your consent.",
]
#: What is put in, and what a branch or its use names of it.
LIMITS = {
    " in Lumo Health": {"part": "Lumo Health"},
    " with Lumo Voice": {"part": "Lumo Voice"},
    " in Lumo Pro": {"plans": ["Pro"]},
    " of Lumo Team": {"plans": ["Team"], "people": ["organisation"]},
    " of free accounts": {"plans": ["free"]},
    " in Germany": {"places": ["DE"]},
    " in the European Union": {"places": ["EU", "DE"]},  # Germany is inside it
    " outside the United States": {"except_places": ["US"]},
    " of business customers": {"people": ["organisation"]},
    " of children": {"people": ["minors"]},
    " of creators": {"people": ["creators"]},
}
KINDS = st.sets(
    st.sampled_from(["personal", "organisation", "minors", "creators"]), min_size=1
).map(sorted)


@st.composite
def branches(draw):
    use = Use(
        platform=Platform(name="Lumo"),
        slug="chats",
        purpose=Purpose.TRAINING,
        part=draw(st.sampled_from(["", "", "Lumo Health", "Lumo Voice"])),
        data_kinds=["chats"],
    )
    return Branch(
        use=use,
        people=draw(KINDS | st.just(["personal"])),
        plans=draw(st.sampled_from([[], [], ["Pro"], ["Team"], ["Pro", "Team"], ["free"]])),
        places=draw(st.sampled_from([[], [], ["DE"], ["EU"], ["US"]])),
        except_places=draw(st.sampled_from([[], [], ["US"]])),
    )


def proposed(words, record):
    """Return the numbers of the branches that words give a state to."""
    suggestion = suggest(TEXT.format(""), TEXT.format(words), subject="Lumo")
    passage = asdict(suggestion.passages[0]) if suggestion.passages else None
    reading = reading_of(passage)
    if not value_in(reading, suggestion.effects):
        return set()
    return {n for n, branch in enumerate(record) if covers(reading, branch, WORLDWIDE)}


def names(branch, limit):
    return (not limit.get("part") or branch.use.part == limit["part"]) and all(
        not wanted or set(getattr(branch, field)) & set(wanted)
        for field, wanted in limit.items()
        if field != "part"
    )


@given(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(sorted(LIMITS)), min_size=1, max_size=2, unique=True),
    st.lists(branches(), min_size=1, max_size=8),
)
def test_words_that_name_something_fill_in_only_what_names_it_too(sentence, limits, record):
    wide = proposed(sentence.format(""), record)
    narrow = proposed(sentence.format("".join(limits)), record)
    naming = {n for n, branch in enumerate(record) if any(names(branch, LIMITS[x]) for x in limits)}
    assert narrow <= wide | naming


@given(
    st.sampled_from(SENTENCES),
    st.sampled_from(sorted(LIMITS)),
    st.lists(branches(), min_size=1, max_size=8),
)
def test_where_no_branch_names_them_such_words_fill_in_no_more(sentence, limit, record):
    record = [branch for branch in record if not names(branch, LIMITS[limit])]
    wide = proposed(sentence.format(""), record)
    assert proposed(sentence.format(limit), record) <= wide


def test_words_that_name_nobody_fill_in_persons_and_no_plan():
    platform = Platform(name="Lumo")
    use = Use(platform=platform, slug="chats", purpose=Purpose.TRAINING, data_kinds=["chats"])
    record = [
        Branch(use=use, people=["personal"]),
        Branch(use=use, people=["organisation"]),
        Branch(use=use, people=["minors"]),
        Branch(use=use, people=["personal"], plans=["Pro"]),
        Branch(use=use, people=["personal"], places=["DE"]),
        Branch(use=use, people=["personal", "organisation"]),
    ]
    for sentence in SENTENCES:
        assert proposed(sentence.format(""), record) == {0}
