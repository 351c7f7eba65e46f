"""One of the two texts of a comparison: its blocks, and their words (read only when needed)."""

from consent.diffing.blocks import Block, Outline, cut
from consent.diffing.structure import Place, Range
from consent.diffing.visible_words import Lexicon, word_starts, words_of


class Sheet:
    """The compared part of a text, cut into blocks. A run of blocks is a range of positions.

    above: the blocks before that part; their headings give its blocks their place.
    end: offset of its end.
    """

    def __init__(self, text: str, above: list[Block], end: int, lexicon: Lexicon) -> None:
        self.text = text
        self.blocks = cut(text, above[-1].end if above else 0, end)
        self.end = end
        self._edges = [*(block.start for block in self.blocks), end]
        self._lexicon = lexicon
        self._outline = Outline(above, self.blocks)
        self._folded: dict[int, str] = {}

    def words(self, block: int) -> list[str]:
        """Return the words of a block, including punctuation marks."""
        return words_of(self.blocks[block].text)

    def folded(self, block: int) -> str:
        """Return the words of a block, one character each, without typography and case."""
        known = self._folded.get(block)
        if known is None:
            known = self._folded[block] = self._lexicon.folded(self.blocks[block].text)
        return known

    def folded_run(self, run: range) -> str:
        """Return the words of a run as `folded` does."""
        return "".join(map(self.folded, run))

    def exact(self, block: int) -> str:
        """Return the words of a block, one character each, without typography."""
        return self._lexicon.exact(self.blocks[block].text)

    def characters(self, run: range) -> Range:
        """Return the range of a run of blocks in the text; an empty run is before its block."""
        return self._edges[run.start], self._edges[run.stop]

    def edges(self, run: range) -> list[int]:
        """Return the offset of each word of a run, and of its end.

        The first word begins with the run, including the markup before it.
        """
        edges = [
            self.blocks[block].start + start
            for block in run
            for start in word_starts(self.blocks[block].text)
        ]
        start, end = self.characters(run)
        return [start, *edges[1:], end]

    def place(self, run: range) -> Place:
        """Return the headings above a run; () for an empty one."""
        return self._outline.place(run.start) if run else ()
