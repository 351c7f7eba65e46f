"""Every surface gives one question the same answer, or refuses it."""

from django.utils import timezone

from consent.ledger.facts import facts_of_all
from tests.same_answers import differences, drawn, expected, packaged
from tests.sweeps import DRILL

NUMBER = 20 if DRILL else 8


def test_every_surface_answers_a_question_alike(client, few_platforms):
    today = timezone.localdate()
    platforms = list(facts_of_all().values())
    by_slug = {facts.slug: facts for facts in platforms}
    questions = drawn(platforms, NUMBER, today, seed=28)
    answered = [asked for asked in questions if expected(by_slug[asked.slug], asked, today)]
    assert NUMBER / 4 < len(answered) < NUMBER
    found = [
        difference
        for asked in questions
        for difference in differences(client, by_slug[asked.slug], asked, today)
    ]
    assert found == []
    assert packaged(platforms, today) == []
