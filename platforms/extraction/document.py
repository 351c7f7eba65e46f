"""The result of reading a page: frozen dataclasses that can be compared."""

from dataclasses import dataclass
from typing import Literal

from platforms.extraction.actions import is_about_training, is_action, lasting_targets

BlockKind = Literal["heading", "paragraph", "item", "row", "term", "definition", "code", "control"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text.

    text: without Markdown, whitespace collapsed; a line break of the page is a newline.
    level: 1 to 6 for a heading; the number of lists around the block otherwise.
    marker: "-" or "3." for the first block of a list item, "" for all others.
    quoted: the number of quotations around the block.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    quoted: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link, image or form of the selected content.

    target: absolute URL with all its tokens, as evidence. Compare `lasting_target(target)`.
    text: the text of the link, the alternative text of the image, or the name of the form.
    """

    target: str
    text: str = ""

    @property
    def action(self) -> bool:
        """Whether readers can act on their data here: a form, an e-mail address, settings."""
        return is_action(self.target, self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a page in canonical Markdown, and signals for judging the visit.

    digest: SHA-256 (hex) of `comparison_text(text)`. Equal digests: no change that counts.
    links, images: not part of text and digest.
    forms: the selected forms with which readers act on their data: address and name. Includes
        frames that show a form of another site.
    missed_selectors: the `select` entries that matched nothing or are not valid CSS.
    refresh_url, canonical_url: absolute, "" if the page has none.
    noindex: the page asks search engines to leave it out; soft 404s and walls often do.
    has_password_field: anywhere on the page, also outside the selected content.
    whole_page_excerpt: up to 2,000 characters of the whole page, if the content is shorter than
        500 characters; else "".
    is_script_shell: the page has next to no text, and scripts that would load it.
    failure: why nothing could be read ("damaged PDF", …); "" if reading worked.
    """

    text: str
    blocks: tuple[Block, ...]
    digest: str
    title: str = ""
    language: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Link, ...] = ()
    forms: tuple[Link, ...] = ()
    missed_selectors: tuple[str, ...] = ()
    canonical_url: str = ""
    refresh_url: str = ""
    noindex: bool = False
    has_password_field: bool = False
    whole_page_excerpt: str = ""
    is_script_shell: bool = False
    failure: str = ""

    def all_texts(self) -> str:
        """Return all strings of the document, joined. Those of blocks are part of `text`."""
        links = (*self.links, *self.images, *self.forms)
        return "".join(
            (
                *(self.text, self.title, self.language, self.whole_page_excerpt),
                *(self.canonical_url, self.refresh_url),
                *(link.target for link in links),
                *(link.text for link in links),
            )
        )

    @property
    def actions(self) -> tuple[Link, ...]:
        """The links in sentences about training and the forms with which readers act on data.

        Links to settings for other purposes are on nearly every page, and move often.
        """
        links = (
            link
            for link in self.links
            if link.action
            and is_about_training(f"{link.target} {link.text} {self._words_around(link)}")
        )
        return (*links, *self.forms)

    def _words_around(self, link: Link) -> str:
        """Return the block that a link is in, and the two before it; all if it is in none."""
        for number, block in enumerate(self.blocks):
            if link.text and link.text in block.text:
                around = self.blocks[max(0, number - 2) : number + 1]
                return " ".join(each.text for each in around)
        return self.text

    @property
    def action_targets(self) -> tuple[str, ...]:
        """The targets of `actions`, sorted, without tokens and trackers.

        Compared between visits in addition to the digest: a form with a new address is news.
        """
        return lasting_targets(link.target for link in self.actions)
