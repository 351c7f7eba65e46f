"""Answers that stand beside a sentence and decide what it says.

A question with its answer ("Do you train AI on my chats? No."), a label with its state ("(on) Train
AI on my chats", "AI training: off"), and the cells of a table. A sentence with an answer is read as
if it were said plainly: `read_as` has the words for the rules and models, `answer` is yes, no, on
or off, and `states` has the states of all cells of its row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from consent.classification.lexicon import Lexicon
from consent.classification.sentences import Page, Sentence, plain

# How extraction writes switches and check boxes.
MARK = re.compile(r"^\W{0,4}?(?:\((?P<switch>on|off)\)|\[(?P<box>[xX ])\])\s+(?=\S)")
SEPARATOR = re.compile(r"[\s|:-]*---[\s|:-]*")
END_OF_STATE = re.compile(r"\s*(?:$|[,.;:!(|–—-])")
# Characters and lines; chosen so that hostile pages cost little and real tables and answers fit.
LONGEST_ANSWER = 300
LONGEST_ROW = 2000
MOST_ROWS = 60


def answered(page: Page, sentence: Sentence, lexicon: Lexicon) -> Sentence:
    """Return a sentence with the answer that stands beside it; the same if there is none."""
    text = sentence.text
    if mark := MARK.match(text):
        ticked = mark["switch"] == "on" if mark["switch"] else mark["box"] != " "
        return replace(sentence, read_as=text[mark.end() :], answer="on" if ticked else "off")
    if text.endswith("?"):
        return _with_answer(page, sentence, lexicon)
    if "|" in sentence.paragraph and sentence.paragraph.lstrip().startswith("|"):
        return _in_row(page, sentence, lexicon)
    label, colon, value = text.rpartition(":")
    if colon and (state := state_of(value, lexicon, whole=True)):
        return replace(sentence, read_as=label, answer=state)
    return sentence


def state_of(words: str, lexicon: Lexicon, *, whole: bool = False) -> str:
    """Return the state that words begin with (or are): yes, no, on, off; else ""."""
    words = words.strip(" \t.|")
    for state, pattern in lexicon.states.items():
        match = pattern.match(words)
        end = match and END_OF_STATE.match(words, match.end())
        if end and (not whole or end.end() == len(words)):
            return state
    return ""


def _with_answer(page: Page, question: Sentence, lexicon: Lexicon) -> Sentence:
    answer = page.sentence_after(question)
    if answer is None or len(answer.text) > LONGEST_ANSWER or lexicon.mentions(answer.text):
        return question
    state = state_of(answer.text, lexicon)
    if state not in ("yes", "no"):
        return question
    _, comma, rest = answer.text.partition(",")
    said = lexicon.said_plainly(question.text.rstrip("? "))
    return replace(
        question,
        text=f"{question.text} {answer.text}",
        end=answer.end,
        paragraph=page.text[question.paragraph_start : answer.end],
        read_as=f"{said},{rest}" if comma else f"{said}.",
        answer=state,
    )


def _in_row(page: Page, sentence: Sentence, lexicon: Lexicon) -> Sentence:
    if len(sentence.paragraph) > LONGEST_ROW:
        return sentence
    cells = _cells(sentence.paragraph)
    states = [state_of(cell, lexicon) for cell in cells]
    known = tuple(state for state in states if state)
    if not known:
        return sentence
    lead_ins = sentence.lead_ins
    if _answer(known) in ("yes", "on") and len(set(known)) > 1:
        header = _cells(page.header_of(sentence.line))
        lead_ins += tuple(
            name for name, state in zip(header, states, strict=False) if state in ("yes", "on")
        )
    return replace(
        sentence,
        read_as=sentence.text.strip(" |"),
        answer=_answer(known),
        states=known,
        lead_ins=lead_ins,
    )


def _answer(states: Sequence[str]) -> str:
    """Return what a row says as a whole: yes if any cell does."""
    return next((state for state in ("on", "yes") if state in states), states[0])


def in_columns(page: Page, line: int, lexicon: Lexicon) -> Iterator[Sentence]:
    """Yield a sentence for each cell below the headings of a table that speak of training."""
    titles = _cells(page.lines[line]) if len(page.lines[line]) <= LONGEST_ROW else []
    columns = [column for column, title in enumerate(titles) if column and lexicon.mentions(title)]
    for row in range(line + 2, min(line + 2 + MOST_ROWS, len(page.lines))) if columns else ():
        words = page.lines[row]
        if not words.lstrip().startswith("|") or len(words) > LONGEST_ROW:
            return
        if is_header(page, row):
            return
        cells = _cells(words)
        for column in columns:
            if column < len(cells) and (state := state_of(cells[column], lexicon)):
                label, title = cells[0], titles[column]
                yield replace(
                    page.whole_line(row),
                    text=f"{label}: {title}: {cells[column]}",
                    read_as=f"{title}: {label}",
                    answer=state,
                )


def is_header(page: Page, line: int) -> bool:
    """Return whether a line is the heading of a table."""
    return (
        line + 1 < len(page.lines)
        and page.lines[line].lstrip().startswith("|")
        and len(page.lines[line + 1]) <= LONGEST_ROW
        and SEPARATOR.fullmatch(page.lines[line + 1]) is not None
    )


def _cells(row: str) -> list[str]:
    return [plain(cell) for cell in row.strip().strip("|").split("|")]
