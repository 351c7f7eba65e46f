"""One of the two texts of a comparison: its blocks, and their words (read only when needed)."""

from consent.diffing.blocks import Block, Outline, cut
from consent.diffing.structure import Place, Range
from consent.diffing.visible_words import Lexicon, Reading, has_words, word_starts


class Sheet:
    """The compared part of a text, cut into blocks. A run of blocks is a range of positions.

    above: the blocks before that part; their headings give its blocks their place.
    end: offset of its end.
    """

    def __init__(self, text: str, above: list[Block], end: int, lexicon: Lexicon) -> None:
        self.text = text
        self.blocks = cut(text, above[-1].end if above else 0, end)
        self._end = end
        self._lexicon = lexicon
        self._outline = Outline(above, self.blocks)
        self._readings: dict[int, Reading] = {}

    def reading(self, block: int) -> Reading:
        """Return the words of a block."""
        known = self._readings.get(block)
        if known is None:
            known = self._readings[block] = self._lexicon.read(self.blocks[block].text)
        return known

    def folded(self, block: int) -> str:
        """Return the words of a block, one character each, without typography and case."""
        return self.reading(block).folded

    def exact(self, block: int) -> str:
        """Return the words of a block, one character each, without typography."""
        return self._lexicon.exact(self.reading(block))

    def has_words(self, run: range) -> bool:
        """Return whether a run has a word."""
        return any(has_words(self.blocks[block].text) for block in run)

    def run(self, run: range) -> str:
        """Return the text of a run."""
        start, end = self.characters(run)
        return self.text[start:end]

    def characters(self, run: range) -> Range:
        """Return the range of a run of blocks in the text; an empty run is before its block."""
        return self._offset(run.start), self._offset(run.stop)

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

    def _offset(self, block: int) -> int:
        return self.blocks[block].start if block < len(self.blocks) else self._end
