"""What changed between two texts of a page, block by block and word by word.

    result = diff(before, after)
    result.changed           # False when only typography, numbering or link targets differ
    result.hunks             # one per block that differs, in the order of `after`

    passages(result)         # the removed and added sentences, for quoting
    moved_links(old, new)    # links and forms whose target changed

Pure: values in, frozen dataclasses out. `rendering` turns a Diff into HTML and plain text.
"""

from consent.diffing.comparison import diff
from consent.diffing.moved_links import MovedLink, moved_links
from consent.diffing.passages import Passage, passages
from consent.diffing.structure import Diff

__all__ = [
    "Diff",
    "MovedLink",
    "Passage",
    "diff",
    "moved_links",
    "passages",
]
