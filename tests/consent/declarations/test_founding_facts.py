"""The facts that the project began with, each traced to the records of the loaded catalog.

They are those of an article of 29 July 2024 on Grok and the posts of X's users.
"""

import datetime as dt

import pytest

from consent.ledger.facts import facts_of_all
from consent.ledger.question import Question
from consent.ledger.verdict import answer_alone, training_uses
from consent.models import Control, Entry, Guide, Use

pytestmark = pytest.mark.django_db

FOUND = "x-2024-07-26-default-on"
ARTICLE_DAY = dt.date(2024, 7, 29)


def entry(key):
    return Entry.objects.published().get(key=key)


def says(text, *words):
    return all(word.casefold() in " ".join(text.split()).casefold() for word in words)


def switched_on_unannounced_in_july_2024():
    turned_on = Entry.objects.published().filter(
        platforms__slug="x", uses__slug="grok-training", effective_on__month=7
    )
    (found,) = turned_on.filter(effective_on__year=2024, told=["not-at-all"])
    return {"default-on", "opt-out-added"} <= set(found.effects) and says(
        found.summary, "the use itself was the default"
    )


def found_by_a_user():
    found = entry(FOUND)
    return (
        found.announced_on == dt.date(2024, 7, 26)
        and "came-to-light" in found.effects
        and says(found.summary, "@EasyBakedOven", "had not announced")
    )


def words_on_the_settings_page():
    words = (
        "Allow your posts as well as your interactions, inputs, and results with Grok to be used "
        "for training and fine-tuning"
    )
    control = Control.objects.published().get(platform__slug="x", slug="grok-data-sharing")
    return words in control.former_labels and says(entry(FOUND).summary, words)


def on_the_website_only():
    control = Control.objects.get(platform__slug="x", slug="grok-data-sharing")
    guide = Guide.objects.published().get(slug="x-grok-training")
    return (
        says(control.note, "on the website only at first")
        and says(entry(FOUND).summary, "the box was on the website only")
        and any(says(caveat, "July 2024", "website only") for caveat in guide.caveats)
        and says(control.surfaces.get(surface="web").path, "Privacy and safety", "Data sharing")
    )


def steps_are_told():
    guide = Guide.objects.published().get(slug="x-grok-training")
    steps = guide.surfaces.get(surface="web").steps.all()
    return [control.slug for control in guide.controls.all()] == ["grok-data-sharing"] and says(
        " ".join(step.act for step in steps), "Privacy and safety", "Data sharing", "Clear the box"
    )


def xai_is_the_service_provider():
    use = Use.objects.published().get(platform__slug="x", slug="grok-training")
    return says(entry(FOUND).summary, "service provider xAI") and use.trained_by == "SpaceXAI"


def conversations_can_be_deleted():
    control = Control.objects.published().get(platform__slug="x", slug="grok-conversation-history")
    guide = Guide.objects.published().get(controls=control)
    return (
        control.refuse == "delete"
        and says(control.note, "within 30 days", "security or law")
        and any(says(caveat, "30 days", "security or law") for caveat in guide.caveats)
    )


def irish_regulator_was_in_talks_and_surprised():
    found = entry(FOUND)
    return (
        says(found.summary, "Irish regulator", "in talks with X for months", "surprised")
        and found.references.filter(slug="irish-dpc", kind="regulator").exists()
    )


def fines_of_the_gdpr():
    found = entry(FOUND)
    return (
        says(found.note, "20 million euros", "4 %", "turnover", "whichever is higher")
        and found.references.filter(slug="gdpr", kind="law").exists()
    )


def posts_chats_and_profile_are_concerned():
    use = Use.objects.published().get(platform__slug="x", slug="grok-training")
    return {"public-posts", "chats"} <= set(use.data_kinds) and use.purpose == "training"


def its_sources_are_of_those_days():
    dated = entry(FOUND).sources.filter(published_precision="day")
    days = set(dated.values_list("published_on", flat=True))
    return {dt.date(2024, 7, 26), ARTICLE_DAY} <= days


def others_were_criticised(name, platforms, purpose="training"):
    """Named by the entry, and on record for what they did with people's data by that day."""

    def fact():
        uses = Use.objects.published().filter(platform__slug__in=platforms, purpose=purpose)
        question = Question(ARTICLE_DAY)
        trained = {
            facts.slug
            for facts in facts_of_all().values()
            if any(answer_alone(facts, use, question) for use in training_uses(facts))
        }
        before = Entry.objects.published().filter(platforms__slug__in=platforms)
        return (
            says(entry(FOUND).note, name, "criticised")
            and set(uses.values_list("platform__slug", flat=True)) == set(platforms)
            and (purpose != "training" or trained.issuperset(platforms))
            and before.filter(timeline_on__lte=ARTICLE_DAY).exists()
        )

    fact.__name__ = f"{name} was criticised"
    return fact


FACTS = (
    *(switched_on_unannounced_in_july_2024, found_by_a_user, words_on_the_settings_page),
    *(on_the_website_only, steps_are_told, xai_is_the_service_provider),
    *(conversations_can_be_deleted, irish_regulator_was_in_talks_and_surprised, fines_of_the_gdpr),
    *(posts_chats_and_profile_are_concerned, its_sources_are_of_those_days),
    others_were_criticised("Meta", ["facebook", "instagram"]),
    others_were_criticised("OpenAI", ["chatgpt"]),
    others_were_criticised("Slack", ["slack"]),
    others_were_criticised("Clearview AI", ["clearview-ai"], purpose="collection"),
)


def test_every_fact_of_the_article_is_in_the_catalog(whole_catalog):
    missing = []
    for fact in FACTS:
        try:
            known = fact()
        except (Entry.DoesNotExist, Use.DoesNotExist, Control.DoesNotExist, Guide.DoesNotExist):
            known = False
        if not known:
            missing.append(fact.__name__)
    assert missing == []
