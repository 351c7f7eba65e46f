"""Put two texts side by side: blocks first, then the words of the blocks that changed."""

from consent.diffing.blocks import Block, Outline, cut
from consent.diffing.pairing import Pairing, Sheet, pair_blocks
from consent.diffing.reading import Lexicon, word_starts
from consent.diffing.structure import Diff, Hunk, Kind, Operation
from consent.diffing.words import Piece, whole_span, word_spans


def diff(before: str, after: str) -> Diff:
    """Return what differs between two Markdown texts, typographic variants told apart."""
    if before == after:
        return Diff(before, after, (), 1.0)
    lexicon = Lexicon()
    pairing = pair_blocks(Sheet(cut(before), lexicon), Sheet(cut(after), lexicon))
    hunks = _Hunks(pairing, lexicon).all()
    hunks.sort(key=lambda hunk: (hunk.after_span, hunk.before_span))
    return Diff(before, after, tuple(hunks), _ratio(before, after, hunks))


class _Hunks:
    """Turns paired blocks into hunks."""

    def __init__(self, pairing: Pairing, lexicon: Lexicon) -> None:
        self.pairing = pairing
        self.lexicon = lexicon
        self.before = pairing.before
        self.after = pairing.after
        self.outline_before = Outline(pairing.before.blocks)
        self.outline_after = Outline(pairing.after.blocks)

    def all(self) -> list[Hunk]:
        """Return the hunks of all blocks that differ, in no particular order."""
        return [
            *(
                self._paired(b, a)
                for b, a in self.pairing.kept
                if self.before.blocks[b].text != self.after.blocks[a].text
            ),
            *(self._moved(b, a) for b, a in self.pairing.moved),
            *self._deleted(),
            *self._inserted(),
        ]

    def _paired(self, b: int, a: int) -> Hunk:
        old, new = self._words(b, a)
        if old == new:
            return self._hunk("typographic", b, a, "equal")
        return self._hunk("replace", b, a)

    def _moved(self, b: int, a: int) -> Hunk:
        old, new = self._words(b, a)
        return self._hunk("move", b, a, "equal" if old == new else None)

    def _words(self, b: int, a: int) -> tuple[str, str]:
        """Return the words to compare; in headings, case is a matter of style."""
        old, new = self.before.reading(b), self.after.reading(a)
        if self.before.blocks[b].level or self.after.blocks[a].level:
            return old.folded, new.folded
        return self.lexicon.exact(old), self.lexicon.exact(new)

    def _hunk(self, kind: Kind, b: int, a: int, op: Operation | None = None) -> Hunk:
        old, new = self.before.blocks[b], self.after.blocks[a]
        before, after = (old.start, old.end), (new.start, new.end)
        if op:
            spans = whole_span(op, before, after)
        else:
            old_words, new_words = self._words(b, a)
            spans = word_spans(
                Piece(old_words, self.before.reading(b).words, _edges(old)),
                Piece(new_words, self.after.reading(a).words, _edges(new)),
            )
        return Hunk(
            kind,
            self.outline_after.place(a),
            self.outline_before.place(b),
            old.text,
            new.text,
            before,
            after,
            spans,
        )

    def _deleted(self) -> list[Hunk]:
        hunks: list[Hunk] = []
        kept = iter([*self.pairing.kept, (len(self.before.blocks), 0)])
        following, partner = next(kept)
        point = 0
        for b in sorted(self.pairing.free_before):
            while following < b:
                point = self.after.blocks[partner].end
                following, partner = next(kept)
            block, place = self.before.blocks[b], self.outline_before.place(b)
            before, after = (block.start, block.end), (point, point)
            kind: Kind = "delete" if self.before.reading(b).words else "typographic"
            spans = whole_span("delete", before, after)
            hunks.append(Hunk(kind, place, place, block.text, "", before, after, spans))
        return hunks

    def _inserted(self) -> list[Hunk]:
        hunks: list[Hunk] = []
        kept = iter([*self.pairing.kept, (0, len(self.after.blocks))])
        partner, following = next(kept)
        point = 0
        for a in sorted(self.pairing.free_after):
            while following < a:
                point = self.before.blocks[partner].end
                partner, following = next(kept)
            block = self.after.blocks[a]
            before, after = (point, point), (block.start, block.end)
            kind: Kind = "insert" if self.after.reading(a).words else "typographic"
            spans = whole_span("insert", before, after)
            hunks.append(
                Hunk(kind, self.outline_after.place(a), (), "", block.text, before, after, spans)
            )
        return hunks


def _edges(block: Block) -> list[int]:
    return [block.start, *(block.start + start for start in word_starts(block.text)[1:]), block.end]


def _ratio(before: str, after: str, hunks: list[Hunk]) -> float:
    changed = sum(
        span.before_end - span.before_start + span.after_end - span.after_start
        for hunk in hunks
        for span in hunk.spans
        if span.op != "equal"
    )
    return 1.0 - changed / (len(before) + len(after))
