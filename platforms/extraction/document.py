"""What a reading of a page yields: plain, frozen, comparable data."""

from dataclasses import dataclass
from typing import Literal

from platforms.extraction.actions import is_action, lasting_targets

BlockKind = Literal["heading", "paragraph", "item", "row", "term", "definition", "code", "control"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of words, in page order.

    text: the words alone, whitespace collapsed; a line break of the page stays a newline.
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
    """A link or image of the selected content.

    target: absolute URL as the page gave it, tokens and all: evidence, not for comparison.
    text: the words of the link, or what stands for the image.
    """

    target: str
    text: str = ""

    @property
    def action(self) -> bool:
        """Whether a reader acts on their data through it: a form, a mail, a way into settings."""
        return is_action(self.target, self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """A page's words in canonical Markdown, with what a judge of the capture needs to know.

    digest: SHA-256 (hex) of `comparison_text(text)`: equal digests, no change worth a word.
    links, images: a channel of their own, outside text and digest.
    forms: where forms of the selected content send what readers enter to act on their data; each
        with the words it is known by. Frames that show a form of another site are among them.
    missed_selectors: the `select` entries that matched nothing or cannot be read as CSS.
    refresh_url, canonical_url: absolute, "" where the page names none.
    noindex: the page asks search engines to leave it out (soft 404s and walls often do).
    has_password_field: somewhere on the page, selected or not.
    whole_page_excerpt: up to 2,000 characters of all the page shows, filled only where the
        content came out short (under 500 characters) and a judge has to look around it.
    is_script_shell: next to no words, and scripts that would have brought them.
    failure: why nothing could be read ("damaged PDF", …); "" where reading worked.
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
        """All that the page gave, one after the other; the texts of blocks are part of `text`."""
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
        """The links and forms by which readers of this page act on their data."""
        return (*(link for link in self.links if link.action), *self.forms)

    @property
    def action_targets(self) -> tuple[str, ...]:
        """Where readers of this page are sent to act, sorted: a form that moves is news.

        Compared between readings beside the digest; tokens and trackers are left out.
        """
        return lasting_targets(link.target for link in self.actions)
