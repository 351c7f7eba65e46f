"""Lines around a text that say nothing about it: skip links, copy buttons, icons, link rows.

They are dropped from the comparison form, and stay in the text that people read.
"""

import re

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
#: A row of links is only dropped among the last lines. Chosen: a row inside may be a table.
_LAST_LINES = 3
#: So many links without a space are no table. Chosen: a product name has one or two.
_MANY_LINKS = 12


def without_furniture(lines: list[str]) -> list[str]:
    """Return the lines of a text without those of its page."""
    kept = [line for line in map(_without_icons, lines) if not _is_furniture(line)]
    filled = [number for number, line in enumerate(kept) if line.strip()]
    rows = {number for number in filled[-_LAST_LINES:] if _is_link_row(kept[number].strip())}
    if len(rows) == len(filled):
        return kept  # a text of nothing else is a list
    return [line for number, line in enumerate(kept) if number not in rows]


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
