"""Removes lists of related articles below the text: sites choose other articles at each visit.

Most are recognised by class names (boilerplate.py). On sites with generated class names, only a
heading such as "Related articles" shows them, followed by nothing but links.
"""

import re
from collections.abc import Container, Sequence

from platforms.extraction.document import Block

_HEADING = re.compile(
    r"(?:related|recommended|similar|suggested|popular) "
    r"(?:help )?(?:articles?|questions?|topics?|posts?|content|pages|stories)"
    r"|(?:ähnliche|verwandte|empfohlene|beliebte) (?:artikel|fragen|themen|beiträge)"
    r"|(?:articles|questions|sujets) (?:connexes|associée?s|similaires|liée?s|recommandée?s)"
    r"|(?:artículos|preguntas|temas) (?:relacionad|similar|recomendad)[oae]s"
    r"|(?:artigos|perguntas|tópicos) (?:relacionad|recomendad)[oa]s"
    r"|(?:articoli|domande|argomenti) (?:correlat|consigliat|simil)[ie]"
    r"|(?:gerelateerde|verwante) (?:artikelen|vragen|onderwerpen)|powiązane artykuły"
    r"|relaterade artiklar|relaterede artikler"
    r"|関連(?:記事|トピック)|相关(?:文章|问题)|관련 (?:문서|게시글|도움말)",
    re.IGNORECASE,
)


def without_further_reading(blocks: Sequence[Block], links: Container[str]) -> Sequence[Block]:
    """Return the blocks without a closing list of other articles. links: texts of all links."""
    for at in range(len(blocks) - 1, 0, -1):
        if _HEADING.fullmatch(blocks[at].text.rstrip(" :")):
            is_list = at + 1 < len(blocks)
            return blocks[:at] if is_list else blocks
        if blocks[at].text not in links:
            break
    return blocks
