"""What comes first on the search page for questions that people ask, with the real catalog."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core.management import call_command

from consent.models import Entry, Guide

pytestmark = pytest.mark.django_db

QUESTIONS = Path(__file__).with_name("questions.yaml")


def shown_first(client, query):
    """Return the section, the link and the words of the first answer on the search page."""
    page = BeautifulSoup(client.get(f"/search?{urlencode({'q': query})}").text, "lxml")
    assert page.select_one('.request-missing a[href^="/report/platform"], .request-missing a')
    if notice := page.select_one("main .notice strong"):
        return "unwatched", "", notice.get_text()
    section = page.select_one("main section")
    if section is None:
        return "", "", ""
    link = section.select_one(".hit a, .guide-line-title, .row-title a")
    return section["aria-labelledby"], link["href"], section.h2.get_text()


def answers(client, asked):
    """Return whether what must come first does."""
    section, link, words = shown_first(client, asked["q"])
    if "platform" in asked:
        return link in {f"/platforms/{slug}" for slug in asked["platform"]}
    if "operator" in asked:
        return section == "platforms" and words.casefold() == f"all of {asked['operator']}"
    if "trains_on" in asked:
        return section == "trainers"
    if "guide" in asked:
        guide = Guide.objects.filter(slug=link.rpartition("/")[2]).first()
        return guide is not None and guide.controls.filter(uses__purpose="training").exists()
    if "change" in asked:
        entry = Entry.objects.filter(public_id=link.split("/")[-1][:10]).first()
        return entry is not None and asked["change"] in entry.effects
    return section == "unwatched" and asked["unwatched"] in words


def missed(client, file):
    """Return the questions of a file whose answer does not come first, by kind of question."""
    by_kind = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        kind: [asked["q"] for asked in questions if not answers(client, asked)]
        for kind, questions in by_kind.items()
    }


def test_what_is_asked_for_comes_first(client):
    call_command("load_catalog", verbosity=0)
    found = missed(client, QUESTIONS)
    assert {kind: questions for kind, questions in found.items() if questions} == {}
