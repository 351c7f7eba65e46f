"""Answers that stand beside a sentence and decide what it says.

A question with its answer ("Do you train AI on my chats? No."), a label with its state ("(on) Train
AI on my chats", "AI training: off"), and the cells of a table. A sentence with an answer is read as
if it were said plainly: `read_as` has the words for the rules and models, `answer` is yes, no, on
or off, and `states` has the states of all cells of its row.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from consent.classification.lexicon import Lexicon
from consent.classification.sentences import Page, Sentence, is_row, plain

# How extraction writes switches and check boxes.
MARK = re.compile(
    r"^\W{0,4}?(?:[(\[](?P<switch>on|off|ON|OFF|On|Off)[)\]]|\[(?P<box>[xX ])\]"
    r"|(?P<sign>[☑☒☐✅⬜🔘◉○]))\s+(?=\S)"
)
TICKED = "☑☒✅🔘◉"
SEPARATOR = re.compile(r"[\s|:-]*---[\s|:-]*")
END_OF_STATE = re.compile(r"\s*(?:$|[,.;:!(|–—-])")
# Characters and lines; chosen so that hostile pages cost little and real tables and answers fit.
LONGEST_ANSWER = 300
LONGEST_ROW = 2000
MOST_ROWS = 60
MOST_ANSWER_WORDS = 16


def answered(
    page: Page, sentence: Sentence, lexicon: Lexicon, *, on_help_page: bool = False
) -> Sentence:
    """Return a sentence with the answer that stands beside it; the same if there is none.

    on_help_page: whether to look for answers in other forms than usual, and on the next line.
    """
    text = sentence.text
    if mark := MARK.match(text):
        ticked = _is_ticked(mark)
        return replace(sentence, read_as=text[mark.end() :], answer="on" if ticked else "off")
    if text.endswith("?"):
        return _with_answer(page, sentence, lexicon, any_answer=on_help_page)
    if is_row(sentence.paragraph):
        return _in_row(page, sentence, lexicon)
    label, colon, value = text.rpartition(":")
    if colon and (state := state_of(value, lexicon, whole=True)):
        return replace(sentence, read_as=label, answer=state)
    return _labelled(page, sentence, lexicon) if on_help_page else sentence


# A label with its state: "Improve the assistant – Off", "Improve the assistant (default: on)".
LABEL = re.compile(
    r"(?P<label>[^.!?]{4,120}?)\s*(?:[:·•–—(\[]|\s-\s)\s*(?P<state>[^.!?()\[\]]{2,40}?)\s*[)\]]?\.?"
)
LEAD = re.compile(
    r"(?:(?:the )?(?:by )?(?:default|status|state|setting|value|now|currently|currently set to"
    r"|set to|is|it is|is set to)\b\W*){0,3}",
    re.IGNORECASE,
)
LONGEST_LABEL = 120  # characters
LONGEST_STATE = 40  # characters


def _labelled(page: Page, sentence: Sentence, lexicon: Lexicon) -> Sentence:
    """Return a label with the state in the same line or in the next one."""
    text = sentence.text
    if len(text) > LONGEST_LABEL + LONGEST_STATE:
        return sentence
    if (match := LABEL.fullmatch(text)) and (state := _bare_state(match["state"], lexicon)):
        return replace(sentence, read_as=match["label"], answer=state)
    if len(text) > LONGEST_LABEL or text[-1:] in ".!?:;," or STATE_LINE.match(text):
        return sentence
    following = page.sentence_after(sentence)
    if following is None or following.line == sentence.line:
        return sentence
    if len(following.text) > LONGEST_STATE or not (state := _bare_state(following.text, lexicon)):
        return sentence
    return replace(
        sentence,
        text=f"{text}: {following.text}",
        end=following.end,
        paragraph=page.text[sentence.paragraph_start : following.end],
        read_as=text.lstrip("# "),
        answer=state,
    )


STATE_LINE = re.compile(r"\W*(?:status|state|default)\b", re.IGNORECASE)


def _bare_state(words: str, lexicon: Lexicon) -> str:
    """Return the state that words are, with or without a lead like "Default:"; else ""."""
    lead = LEAD.match(words)
    return state_of(words[lead.end() if lead else 0 :], lexicon, whole=True)


def _is_ticked(mark: re.Match[str]) -> bool:
    if mark["switch"]:
        return mark["switch"].lower() == "on"
    return mark["sign"] in TICKED if mark["sign"] else mark["box"] != " "


def state_of(words: str, lexicon: Lexicon, *, whole: bool = False) -> str:
    """Return the state that words begin with (or are): yes, no, on, off; else ""."""
    words = words.strip(" \t.|")
    for state, pattern in lexicon.states.items():
        match = pattern.match(words)
        end = match and END_OF_STATE.match(words, match.end())
        if end and (not whole or end.end() == len(words)):
            return state
    return ""


def _with_answer(
    page: Page, question: Sentence, lexicon: Lexicon, *, any_answer: bool = False
) -> Sentence:
    """Return a question with its answer, if that says nothing on training by itself.

    any_answer: whether an answer counts that does not begin with yes or no.
    """
    answer = page.sentence_after(question)
    if answer is None or len(answer.text) > LONGEST_ANSWER or lexicon.mentions(answer.text):
        return question
    state = state_of(answer.text, lexicon)
    if state not in ("yes", "no"):
        return _with_words(page, question, answer) if any_answer else question
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


def _with_words(page: Page, question: Sentence, answer: Sentence) -> Sentence:
    """Return a question and its answer as one sentence: "Do you? Only if you agree."."""
    if answer.text.endswith("?") or len(answer.text.split()) > MOST_ANSWER_WORDS:
        return question
    return replace(
        question,
        text=f"{question.text} {answer.text}",
        end=answer.end,
        paragraph=page.text[question.paragraph_start : answer.end],
        read_as=f"{question.text} {answer.text}",
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


def in_columns(
    page: Page, line: int, lexicon: Lexicon, is_topic: Callable[[str], bool] | None = None
) -> Iterator[Sentence]:
    """Yield a sentence for each cell below the headings of a table that speak of training.

    is_topic: on help pages, whether a heading speaks of it. There a cell also counts that is no
    state ("only if you agree").
    """
    names_training = is_topic or lexicon.mentions
    titles = _cells(page.lines[line]) if len(page.lines[line]) <= LONGEST_ROW else []
    columns = [column for column, title in enumerate(titles) if column and names_training(title)]
    for row in range(line + 2, min(line + 2 + MOST_ROWS, len(page.lines))) if columns else ():
        words = page.lines[row]
        if not is_row(words) or len(words) > LONGEST_ROW:
            return
        if is_header(page, row):
            return
        cells = _cells(words)
        for column in columns:
            if column >= len(cells) or not cells[column]:
                continue
            state = state_of(cells[column], lexicon)
            if state or is_topic:
                label, title = cells[0], titles[column]
                yield replace(
                    page.whole_line(row),
                    text=f"{label}: {title}: {cells[column]}",
                    read_as=f"{title}: {label}" if state else f"{title}: {label}: {cells[column]}",
                    answer=state,
                )


def is_separator(line: str) -> bool:
    """Return whether a line is the rule below the heading of a table."""
    return len(line) <= LONGEST_ROW and SEPARATOR.fullmatch(line) is not None


def is_header(page: Page, line: int) -> bool:
    """Return whether a line is the heading of a table."""
    return (
        line + 1 < len(page.lines)
        and is_row(page.lines[line])
        and is_separator(page.lines[line + 1])
    )


def _cells(row: str) -> list[str]:
    return [plain(cell) for cell in row.strip().strip("|").split("|")]
