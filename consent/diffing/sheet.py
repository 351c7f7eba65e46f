"""One of the two texts of a comparison: its blocks, and their words once they are asked for."""

from consent.diffing.blocks import Block, Outline, cut
from consent.diffing.reading import Lexicon, Reading, has_words, word_starts
from consent.diffing.structure import Place, Range


class Sheet:
    """The part of a text that is compared, cut into blocks. Runs of them are ranges of positions.

    above: the blocks before that part, which give its blocks their place; end: where it ends.
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
        """Return the words of a block, one character each, typography and case left out."""
        return self.reading(block).folded

    def exact(self, block: int) -> str:
        """Return the words of a block, one character each, typography left out."""
        return self._lexicon.exact(self.reading(block))

    def has_words(self, run: range) -> bool:
        """Return whether there is anything to read in a run."""
        return any(has_words(self.blocks[block].text) for block in run)

    def run(self, run: range) -> str:
        """Return the text of a run."""
        start, end = self.characters(run)
        return self.text[start:end]

    def characters(self, run: range) -> Range:
        """Return where a run of blocks lies in the text; an empty run lies before its block."""
        return self._offset(run.start), self._offset(run.stop)

    def edges(self, run: range) -> list[int]:
        """Return where in the text each word of a run begins, and where the run ends.

        The first word counts from where the run begins.
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
