"""Phrases of error pages, walls and empty shells in several languages.

The files in wordings/ have one regular expression per line, for the beginning of a sentence: in
lower case, with straight apostrophes. Apologies ("sorry, …") and doubts ("it looks like …") may
precede all of them. Pages that only mention such a phrase have it in the middle of a sentence.
"""

import re
import unicodedata
from pathlib import Path

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"'})
_LEADING_MARKS = re.compile(r"^(?:[\s#>*_\-–—•·|!\"¡¿.:()\[\]]|\d{1,2}\.\s)+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_SEGMENT_MARKS = re.compile(r"\s+[|–—\-·•:»/]+\s+|\s*[|•·]\s*|: ")
_MAX_LINE = 400  # characters; all wordings are shorter
_PICTOGRAMS = frozenset({"So", "Sk", "Cn", "Mn", "Cf"})  # Unicode categories

_APOLOGY = (
    r"(?:(?:we(?:'re| are) )?(?:so )?sorry|unfortunately|oops|hmm+|uh[ -]oh|oh no|whoops|ah|error|"
    r"hoppla|ups|oh nein|entschuldigung|leider|oups|"
    r"(?:(?:nous sommes|je suis) )?désolée?s?|zut|vaya|uy|lo sentimos|ops|"
    r"(?:siamo )?spiacenti|ci dispiace|opa|desculpe|lamentamos|oeps|helaas|przepraszamy|hoppsan|"
    r"ojdå|oj|beklager|извините|抱歉|很抱歉|对不起|죄송합니다|申し訳(?:ありません|ございません)が?)"
    r"[,.!:;…、。，！ ]*(?:but |aber |mais |pero |ma |mas |maar )?"
)
_DOUBT = (
    r"(?:it (?:looks|seems) like|(?:il semble|parece|sembra|es scheint|het lijkt erop)"
    r"(?:,? (?:que|che|dass|dat))?) "
)
_SUBJECT = "(?:page|content|article|document|link|url|resource|post|profile|site|website)"


def _read(name: str) -> re.Pattern[str]:
    path = Path(__file__).parent / "wordings" / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    wordings = [line for line in lines if line and not line.startswith("#")]
    # In Latin script the wording must end at the end of a word; other scripts have no spaces.
    pattern = f"(?:{_APOLOGY})?(?:{_DOUBT})?(?:{'|'.join(wordings)})(?![0-9a-z\u00df-\u024f])"
    return re.compile(pattern.replace("{page}", _SUBJECT))


NOT_FOUND = _read("not-found")
BROKEN = _read("broken")
BOT_WALL = _read("bot-wall")
LOGIN = _read("login")
LOGIN_TITLE = _read("login-title")
SCRIPT_NEEDED = _read("script-needed")


def plain(line: str) -> str:
    """Return a line in the form that the wordings match: lower case, straight quotes."""
    line = unicodedata.normalize("NFKC", line[:_MAX_LINE]).translate(_QUOTES).casefold()
    line = _LEADING_MARKS.sub("", line)
    while line and unicodedata.category(line[0]) in _PICTOGRAMS:
        line = _LEADING_MARKS.sub("", line[1:])
    return " ".join(line.split())


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in plain form, without empty ones."""
    return [
        plain_sentence
        for line in text.splitlines()
        for sentence in _SENTENCE_END.split(line)
        if (plain_sentence := plain(sentence))
    ]


def segments(title: str) -> list[str]:
    """Return the parts of a page title ("Page not found | Example") in plain form."""
    title = " ".join(title[:_MAX_LINE].split())
    return [segment for part in _SEGMENT_MARKS.split(title) if (segment := plain(part))]


def opens_with(pattern: re.Pattern[str], sentence: str) -> bool:
    """True if the sentence begins with the wording and is not a question about it."""
    match = pattern.match(sentence)
    return match is not None and not sentence[match.end() :].endswith("?")


def says_only(pattern: re.Pattern[str], sentence: str) -> bool:
    """True if the sentence is the wording and nothing else."""
    match = pattern.match(sentence)
    return match is not None and not sentence[match.end() :].strip(" .!…")
