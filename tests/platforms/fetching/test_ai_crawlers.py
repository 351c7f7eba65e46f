"""What a robots.txt says to AI crawlers: rules by name, and preferences on use."""

import time

import pytest

from platforms.extraction.plain_text import read_plain
from platforms.fetching.ai_crawlers import (
    ContentSignal,
    CrawlerAccess,
    known_crawlers,
    statements_to_crawlers,
)


def access(body, name="GPTBot"):
    (rule,) = [rule for rule in statements_to_crawlers(body).rules if rule.crawler.name == name]
    return rule.access, rule.named


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ("all", False)),
        ("User-agent: *\nDisallow:", ("all", False)),
        ("User-agent: *\nDisallow: /", ("none", False)),
        ("User-agent: *\nDisallow: /private", ("part", False)),
        ("User-agent: GPTBot\nDisallow: /", ("none", True)),
        ("User-agent: gptbot\nDisallow: /*", ("none", True)),
        ("User-agent: GPTBot\nDisallow: /\nAllow: /blog", ("part", True)),
        ("User-agent: GPTBot\nDisallow:\n\nUser-agent: *\nDisallow: /", ("all", True)),
        ("User-agent: ClaudeBot\nUser-agent: GPTBot\nDisallow: /", ("none", True)),
        ("User-agent: ClaudeBot\nDisallow: /", ("all", False)),
        ("# User-agent: GPTBot\n# Disallow: /", ("all", False)),
        ("User-agent: GPTBot\nDisallow: /a\n\nUser-agent: GPTBot\nDisallow: /", ("none", True)),
    ],
)
def test_a_crawler_may_read_all_or_parts_or_nothing(body, expected):
    assert access(body) == expected


def test_names_with_the_same_beginning_are_distinguished():
    body = "User-agent: ChatGPT-User\nDisallow: /\n\nUser-agent: Claude-User\nDisallow: /x"

    assert access(body, "ChatGPT-User") == ("none", True)
    assert access(body, "Claude-User") == ("part", True)
    assert access(body, "ClaudeBot") == ("all", False)


def test_signals_and_usages_are_read_with_whom_and_what_they_are_about():
    body = (
        "Content-Usage: train-ai=n\n"
        "User-agent: *\n"
        "Content-Signal: search=yes, ai-input=no,ai-train=no\n"
        "Allow: /\n\n"
        "User-agent: GPTBot\n"
        "Content-Usage: /works/ train-ai=y, sound=loud\n"
        "Disallow: /\n"
    )

    assert statements_to_crawlers(body).signals == (
        ContentSignal("usage", "train-ai", False, "n", ()),
        ContentSignal("signal", "search", True, "yes", ("*",)),
        ContentSignal("signal", "ai-input", False, "no", ("*",)),
        ContentSignal("signal", "ai-train", False, "no", ("*",)),
        ContentSignal("usage", "train-ai", True, "y", ("gptbot",), "/works/"),
        ContentSignal("usage", "sound", None, "loud", ("gptbot",), "/works/"),
    )


def test_the_stored_text_of_a_file_has_the_same_rules():
    body = (
        "# Rules\n\nUser-agent: *\nDisallow: /*_private*\n\n# AI\nUser-agent: GPTBot\nDisallow: /\n"
    )
    kept = read_plain(body.encode(), content_type="text/plain").text

    assert statements_to_crawlers(kept) == statements_to_crawlers(body)


def test_a_hostile_file_is_read_quickly():
    agents = "".join(f"User-agent: bot{number}\n" for number in range(10_000))
    rules = "".join(f"Disallow: /{number}*{number}*\n" for number in range(10_000))
    signals = "Content-Signal: " + "a=b," * 50_000
    started = time.process_time()

    statements = statements_to_crawlers(f"{agents}User-agent: GPTBot\n{rules}\n{signals}\n")

    assert access(f"User-agent: GPTBot\n{rules}")[0] == CrawlerAccess.PART
    assert len(statements.signals) <= 50
    assert time.process_time() - started < 10


def test_every_known_crawler_has_a_source_and_a_name_of_its_own():
    crawlers = known_crawlers()

    assert len({crawler.name.lower() for crawler in crawlers}) == len(crawlers) >= 120
    assert all(crawler.source.startswith("https://") for crawler in crawlers)


def test_every_known_crawler_is_recognised_by_its_own_name():
    """A name also covers the crawlers whose names continue it: Applebot, Applebot-Extended."""
    for crawler in known_crawlers():
        rules = statements_to_crawlers(f"User-agent: {crawler.name}\nDisallow: /\n").rules

        named = [rule.crawler.name for rule in rules if rule.named]
        assert crawler.name in named
        assert all(name.lower().startswith(crawler.name.lower()) for name in named)


def test_licences_in_rsl_are_read_wherever_their_lines_are():
    """https://rslstandard.org: a License line belongs to no group."""
    body = """License: https://a.example/license.xml
User-agent: GPTBot
Disallow: /
  license:https://b.example/rsl.xml
License: not an address
# License: https://c.example/
"""
    assert statements_to_crawlers(body).licences == (
        "https://a.example/license.xml",
        "https://b.example/rsl.xml",
    )
