"""Controls and exceptions in the lines next to a use."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from consent.classification.attributes import all_of, named_in
from consent.classification.candidates import statement_in
from consent.classification.lexicon import Lexicon, Rule
from consent.classification.sentences import Page, Sentence
from consent.classification.statements import Statement

LONGEST_NEIGHBOUR = 500  # characters
# Chosen: lines of help pages are shorter than this, paragraphs of policies longer.
LONGEST_STEP = 220  # characters
STEPS_BELOW = 14  # lines
LONGEST_PARAGRAPH = 700  # characters
NEXT_SENTENCES = 2
SURE_ITEM = 0.5  # certainty from which an item says more than what is used
MOST_ITEMS = 12  # of a list that a use leads into; bounds the work
STEP = re.compile(r"\s*(?:\d{1,2}[.)]|[-*+•])\s")


def with_neighbours(page: Page, statements: list[Statement], lexicon: Lexicon) -> list[Statement]:
    """Add the controls and the exceptions in the lines next to a use."""
    by_start = {statement.start: statement for statement in statements}
    seen_lines: set[int] = set()
    for statement in statements:
        if statement.denies and statement.control == "none":
            continue
        for line in _lines_around(page, page.line_at(statement.start)):
            if line in seen_lines:
                continue
            seen_lines.add(line)
            for sentence in page.sentences(line):
                if sentence.start not in by_start and (found := _neighbour(sentence, lexicon)):
                    by_start[found.start] = found
        if statement.kind == "use":
            for remark in _remarks(page, statement, lexicon):
                by_start.setdefault(remark.start, remark)
            for step in _steps_below(page, statement, by_start, lexicon):
                by_start[step.start] = step
    return [by_start[start] for start in sorted(by_start)]


def with_items(page: Page, statements: list[Statement], lexicon: Lexicon) -> list[Statement]:
    """Give each use that leads into a list the words of its items: they say what is used.

    Not where an item is a statement of its own.
    """
    starts = {statement.start for statement in statements if statement.certainty >= SURE_ITEM}
    found = []
    for statement in statements:
        items = _items_below(page, statement, starts)
        if statement.kind == "use" and items:
            words = f"{statement.words} {' and '.join(items)}"
            data, named = all_of(lexicon.data_kinds, words), named_in(words, lexicon)
            statement = replace(statement, words=words, data=data, named=named)
        found.append(statement)
    return found


def _items_below(page: Page, use: Statement, statements: Collection[int]) -> list[str]:
    """Return the words of the items that follow a sentence with a colon; few and short ones."""
    items: list[str] = []
    if not use.words.rstrip().endswith(":"):
        return items
    here = page.line_at(use.start)
    for line in range(here + 1, min(here + 1 + 2 * MOST_ITEMS, len(page.lines))):
        words = page.lines[line]
        if not words.strip():
            continue
        if not STEP.match(words):
            break
        sentences = list(page.sentences(line))
        if len(words) > LONGEST_STEP or any(one.start in statements for one in sentences):
            return []
        items.append(STEP.sub("", words, count=1).strip())
    return items


def with_paths(page: Page, statements: list[Statement]) -> list[Statement]:
    """Give each step that refuses or agrees the words of the steps before it: the way there."""
    starts = {statement.start for statement in statements}
    return [
        replace(statement, words=path)
        if statement.kind == "control" and (path := _path_to(page, statement, starts))
        else statement
        for statement in statements
    ]


def _path_to(page: Page, step: Statement, statements: Collection[int]) -> str:
    """Return the words of the steps down to one, or "" if it is no step of a list."""
    here = page.line_at(step.start)
    if not STEP.match(page.lines[here]):
        return ""
    path: list[str] = []
    for line in range(here, max(here - STEPS_BELOW, -1), -1):
        words = page.lines[line]
        if not words.strip():
            continue
        sentences = [one for one in page.sentences(line) if one.start <= step.start]
        is_other = line != here and any(one.start in statements for one in sentences)
        if is_other or not STEP.match(words):
            break
        path[:0] = [one.text for one in sentences]
    return " ".join(path)


def _remarks(page: Page, use: Statement, lexicon: Lexicon) -> Iterator[Statement]:
    """Yield what the next sentences of a short paragraph add to a use: a way out, how long."""
    line = page.line_at(use.start)
    if len(page.lines[line]) > LONGEST_PARAGRAPH or page.lines[line].lstrip().startswith("|"):
        return
    following = [sentence for sentence in page.sentences(line) if sentence.start > use.start]
    for sentence in following[:NEXT_SENTENCES]:
        if step := _step(sentence, lexicon):
            yield step
        elif (match := lexicon.retention.search(sentence.text)) and not use.denies:
            rule = Rule("retention-nearby", "keep", lexicon.retention, 0.5)
            kept = statement_in("use", sentence, sentence.text, rule, match, 0.5, lexicon)
            yield replace(kept, actor=use.actor, stance=use.stance, control="none", route="none")


def _steps_below(
    page: Page, use: Statement, known: Mapping[int, Statement], lexicon: Lexicon
) -> Iterator[Statement]:
    """Yield the ways to refuse that short lines below a use give, as help pages do.

    They need not name the use again. Steps of a list are one way, with the path to the switch.
    """
    here = page.line_at(use.start)
    above = page.headings(use.start)
    steps: list[Sentence] = []
    for line in range(here + 1, min(here + 1 + STEPS_BELOW, len(page.lines))):
        words = page.lines[line]
        if not words.strip():
            continue
        if len(words) > LONGEST_STEP or page.headings(page.starts[line])[: len(above)] != above:
            return
        sentences = list(page.sentences(line))
        steps = [*steps, *sentences] if sentences and sentences[0].is_item else sentences
        for sentence in sentences:
            step = known.get(sentence.start) or _step(sentence, lexicon)
            if step is not None and step.kind == "control":
                path = [earlier.text for earlier in steps if earlier.start <= sentence.start]
                yield replace(step, words=" ".join(path))
                steps = []
                break


def _step(sentence: Sentence, lexicon: Lexicon) -> Statement | None:
    """Return the way to refuse that a short line gives, or None."""
    words = sentence.text
    if words.endswith(":") or lexicon.control_elsewhere.search(words):
        return None
    if lexicon.control_gone.search(words) or not (match := lexicon.refusals.search(words)):
        return None
    rule = Rule("step-nearby", "control", lexicon.refusals, 0.5)
    step = statement_in("control", sentence, words, rule, match, 0.5, lexicon)
    return replace(
        step,
        control=step.control if step.control != "none" else "opt-out",
        route=step.route if step.route != "none" else "switch",
    )


def _lines_around(page: Page, line: int) -> Iterator[int]:
    yield line
    for step, most in ((1, 3), (-1, 2)):
        yielded = 0
        at = line + step
        while yielded < most and 0 <= at < len(page.lines) and abs(at - line) < 8:
            if page.lines[at].strip():
                yield at
                yielded += 1
            at += step


def _neighbour(sentence: Sentence, lexicon: Lexicon) -> Statement | None:
    words = sentence.text
    if len(words) > LONGEST_NEIGHBOUR or not lexicon.control_topic.search(words):
        return None
    if (
        lexicon.control_elsewhere.search(words)
        or lexicon.user_bound.search(words)
        or lexicon.control_gone.search(words)
    ):
        return None
    for default in (lexicon.default_off, lexicon.default_on):
        if (match := default.search(words)) and lexicon.by_default.search(match[0]):
            rule = Rule("default-nearby", "control", default, 0.6)
            return statement_in("control", sentence, words, rule, match, 0.6, lexicon)
    for name, pattern in lexicon.control_beside.items():
        if match := pattern.search(words):
            rule = Rule(f"{name}-nearby", "control", pattern, 0.5)
            return statement_in("control", sentence, words, rule, match, 0.5, lexicon)
    if match := lexicon.exception_nearby.search(words):
        rule = Rule("exception-nearby", "collect", lexicon.exception_nearby, 0.5)
        exception = statement_in("use", sentence, words, rule, match, 0.5, lexicon)
        return replace(exception, stance="will-not" if "will" in match[0] else "does-not")
    return None
