"""Words that a curator types as a source's passage get their place in our capture."""

import datetime as dt
import hashlib

import pytest
from django.urls import reverse

from consent.models import Passage
from tests.factories import make_entry, make_page, make_platform, make_snapshot, make_source
from tests.pages import fields_of

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

TEXT = "# Privacy\n\nWe train on posts – always.\n\nAsk us.\n\nAsk us.\n"
WORDS = "We train on posts – always."
AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


@pytest.fixture
def draft():
    """A draft whose source is our capture of a page."""
    platform = make_platform()
    draft = make_entry(platform, status="draft", published_at=None)
    source = make_source(draft)
    source.snapshot = make_snapshot(make_page(platform), TEXT, AT)
    source.save(update_fields=["snapshot"])
    return draft


def typed(client, draft, words):
    """Type words beside the source on the page of the draft, and save it."""
    url = reverse("admin:consent_entry_publish", args=[draft.pk])
    fields = fields_of(client.get(url), "[name=version]")
    return client.post(url, fields | {"sources-0-words": words, "draft": "1"})


def test_words_that_occur_once_get_their_place_and_hash(client, editor, draft):
    assert typed(client, draft, WORDS).status_code == 302
    passage = Passage.objects.get()
    assert TEXT[passage.starts_at : passage.ends_at] == WORDS == passage.words
    assert passage.sha256 == hashlib.sha256(WORDS.encode()).hexdigest()
    assert passage.source.extractor == "1"


@pytest.mark.parametrize(
    ("words", "problem"),
    [("We sell posts.", "not in the text of our capture"), ("Ask us.", "more than once")],
)
def test_words_that_do_not_occur_once_are_refused_with_the_reason(
    client, editor, draft, words, problem
):
    answer = typed(client, draft, words)
    assert answer.status_code == 422
    assert problem in answer.text
    assert not Passage.objects.exists()


def test_words_that_are_corrected_move_and_words_that_are_emptied_go(client, editor, draft):
    typed(client, draft, WORDS)
    typed(client, draft, "train on posts")
    passage = Passage.objects.get()
    assert TEXT[passage.starts_at : passage.ends_at] == "train on posts"
    assert typed(client, draft, "").status_code == 302
    assert not Passage.objects.exists()


def test_words_of_a_page_without_a_capture_stay_without_a_place(client, editor, draft):
    draft.sources.update(snapshot=None)
    assert typed(client, draft, "We sell posts.").status_code == 302
    assert Passage.objects.get().starts_at is None
