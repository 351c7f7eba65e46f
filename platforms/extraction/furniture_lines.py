"""Lines around a text that say nothing about it: skip links, copy buttons, icons, menus, banners.

They are dropped from the comparison form, and stay in the text that people read.
"""

import re
from collections.abc import Iterable
from itertools import takewhile

from platforms.extraction.volatile_words import AGE, UPDATED

_LONGEST = 120  # characters; furniture is short
_WHOLE_LINES = re.compile(
    r"(?:skip|jump|zum|zur|aller au|ir al?|passer au|vai al) (?:to )?(?:the )?(?:main )?"
    r"(?:content|navigation|search|hauptinhalt|inhalt|contenu(?: principal)?"
    r"|contenido(?: principal)?|contenuto)(?: springen| wechseln)?"
    r"|(?:click to )?cop(?:y|ied)(?: (?:link|code|page|text|url|to clipboard|for (?:llms?|ai)))?!?"
    r"|(?:share|print|save|download|listen to) ?(?:this )?(?:page|article|pdf|link)?"
    r"|kopier(?:en|t)!?|link kopieren|copier(?: le lien)?|copié ?!?|drucken|teilen"
    r"|back to top|nach oben|retour en haut|on this page|auf dieser seite|sur cette page"
    r"|table of contents|(?:did this answer your question|was this (?:page |article )?helpful)\?"
    r"|\(off\)(?: \(off\))+"  # what is left of three smileys
    r"|(?:open|opens) in (?:a )?new (?:tab|window)(?:\((?:opens a )?footnote\))?"
    r"|(?:close|open|search|menu)(?: (?:menu|search))?"
    r"|contact us|help cent(?:er|re)|privacy (?:&|and) terms|sponsored"
    r"|(?:[\w,' -]{1,30} )?(?:©|copyright ©)(?: copyright)? ?\d{4}(?: [\w,.' -]{1,60})?"
    r"|(?:select|choose|change) (?:your |a )?language|sprache (?:aus)?wählen"
    r"|choisir (?:la|une) langue"
    r"|(?:\(x\) )?(?:english|deutsch|français|español|italiano|português|nederlands|polski)"
    r"(?: \([\w ]{2,30}\))?",
    re.IGNORECASE,
)
# Names of icons, which fonts turn into pictures: Material Symbols and its relatives.
_ICON = re.compile(
    r"(?<![\w-])(?:arrow|expand|chevron|keyboard|content|open|unfold|navigate|more|check|radio"
    r"|account|file|help|info|cloud|toggle|first|last|double|drag|remove|add|play|thumb|zoom)"
    r"(?:_[a-z0-9]+)+(?![\w-])"
    r"|(?<![\w-])(?:[a-z]+-)?fa-(?:[a-z]+-)*(?:[a-z]{3,}|regular|solid)(?![\w-])"
)
# "Terms · Privacy · Cookies": at least three names without a sentence.
_LINK_ROW = re.compile(r"[^.!?;:·•|]{2,40}(?: *[·•|] *[^.!?;:·•|]{2,40}){2,}")
# What a chat beside a text offers to ask. Questions alone state nothing.
_QUESTIONS = re.compile(r"(?:[^.!?;:]{8,200}\?){3,}")
# "Sign UpLog InMessenger": links without a space between them, or names of social networks.
_RUN_TOGETHER = re.compile("[a-z][A-Z]")
_SENTENCE = re.compile("[.!?;:,]")
_SENTENCE_MARK = re.compile("[.!?;:|。！？；：，、]")
#: A row of links is only dropped among the last lines. Chosen: a row inside may be a table.
_LAST_LINES = 3
#: So many links without a space are no table. Chosen: a product name has one or two.
_MANY_LINKS = 12
#: Names of a menu are no longer than this.
_LONGEST_NAME = 40
#: A menu below a text has at least so many names, and no more than this share of its characters;
#: more may be the text itself. Chosen.
_FEWEST_NAMES, _LARGEST_MENU = 3, 1 / 3
# A name with these words may be a setting or a way out: it is compared.
_TELLING = re.compile(
    r"train|\bopt|choice|consent|\bsell|\blearn|improv|\bmodel|\bdata\b|\bai\b"
    r"|daten|verbesser|widerspr|einwillig|zustimm|\bki\b"
    r"|donnée|amélior|entraîn|refus|oppos|\bia\b",
    re.IGNORECASE,
)
# Below its title, an article has its age or, in some weeks, its date. Dates with a word say more.
_BYLINE = re.compile(
    rf"(?:(?:last )?{UPDATED}:? )?{AGE}"
    r"|\d{1,2}\.? [^\W\d]{3,10}\.? \d{4}|[^\W\d]{3,10}\.? \d{1,2},? \d{4}|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_COOKIE_BUTTON = (
    r"(?:(?:accept|allow|reject|decline|refuse|deny) (?:all|[\w ]{0,24}?cookies)"
    r"|(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen)|tout (?:accepter|refuser))"
)
_COOKIE_BUTTONS = re.compile(rf"{_COOKIE_BUTTON}(?:[ ·|]+{_COOKIE_BUTTON})*", re.IGNORECASE)
#: The lines of a cookie banner above its buttons: a title and two paragraphs.
_BANNER_LINES = 3


def without_furniture(lines: list[str]) -> list[str]:
    """Return the lines of a text without those of its page."""
    kept = [line for line in map(_without_icons, lines) if line and not _is_furniture(line)]
    kept = _without_cookie_banner(kept)
    last = [line for line in kept[-_LAST_LINES:] if not _is_link_row(line.strip())]
    text = [*kept[:-_LAST_LINES], *last] or kept  # a text of nothing else is a list
    return _without_byline(_without_menus(text))


def _without_cookie_banner(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if not _COOKIE_BUTTONS.fullmatch(line.strip()):
            kept.append(line)
            continue
        for _ in range(_BANNER_LINES):
            if kept and "cookie" in kept[-1].lower() and not kept[-1].startswith("# "):
                kept.pop()
    return kept


def _without_menus(lines: list[str]) -> list[str]:
    """Return the lines without names of links above the title, and below the last sentence."""
    above = len(_names(line.rstrip("?:") for line in lines))
    if above < len(lines) and lines[above].startswith("# "):
        lines = [*filter(_TELLING.search, lines[:above]), *lines[above:]]
    menu = len(_names(reversed(lines)))
    text, names = lines[: len(lines) - menu], lines[len(lines) - menu :]
    longest = _LARGEST_MENU * sum(map(len, lines))
    if menu < _FEWEST_NAMES or sum(map(len, names)) > longest:
        return lines
    if text[-1].startswith("#") or text[-1].endswith(":"):
        return lines  # what they are is said above them
    return [*text, *filter(_TELLING.search, names)]


def _names(lines: Iterable[str]) -> list[str]:
    """Return the first lines as long as they may be names of links in a menu."""
    return list(takewhile(_is_name, lines))


def _is_name(line: str) -> bool:
    return len(line) <= _LONGEST_NAME and line[:1].isalnum() and not _SENTENCE_MARK.search(line)


def _without_byline(lines: list[str]) -> list[str]:
    title = next((number for number, line in enumerate(lines) if line.startswith("# ")), None)
    if title is None or not any(map(_BYLINE.fullmatch, lines[title + 1 : title + 2])):
        return lines
    return lines[: title + 1] + lines[title + 2 :]


def _is_link_row(line: str) -> bool:
    if _is_run_together(line, 4):
        return True
    return len(line) <= _LONGEST and _LINK_ROW.fullmatch(line) is not None


def _is_run_together(line: str, least: int) -> bool:
    return not _SENTENCE.search(line) and len(_RUN_TOGETHER.findall(line)) >= least


def _is_furniture(line: str) -> bool:
    if len(line) <= _LONGEST and _WHOLE_LINES.fullmatch(line.strip(" \t-*#>·•.")):
        return True
    if line.endswith("?"):
        return _QUESTIONS.fullmatch(line) is not None
    return _is_run_together(line, _MANY_LINKS)


def _without_icons(line: str) -> str:
    if len(line) > _LONGEST or ("_" not in line and "fa-" not in line):
        return line
    return " ".join(_ICON.sub(" ", line.replace("\\_", "_")).split())
