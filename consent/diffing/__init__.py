"""What changed between two texts of a page, block by block and word by word.

    found = diff(before, after)
    found.changed            # False when only typography, numbering or link targets differ
    found.hunks              # one per block that differs, in the order of `after`

    passages(found)          # the sentences removed and added, for quoting
    link_changes(found)      # links within the texts, of the same words, that lead elsewhere
    moved_links(old, new)    # the same for links that are kept beside the texts

Pure: values in, frozen dataclasses out. `rendering` puts a Diff into HTML and plain text.
"""

from consent.diffing.comparison import diff
from consent.diffing.links import LinkChange, MovedLink, link_changes, moved_links
from consent.diffing.passages import Passage, passages
from consent.diffing.structure import Diff, Hunk, Kind, Operation, Place, Range, Span

__all__ = [
    "Diff",
    "Hunk",
    "Kind",
    "LinkChange",
    "MovedLink",
    "Operation",
    "Passage",
    "Place",
    "Range",
    "Span",
    "diff",
    "link_changes",
    "moved_links",
    "passages",
]
