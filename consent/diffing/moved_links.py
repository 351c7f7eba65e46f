"""Links and forms whose words stay the same while their target changes.

They are no change in wording, and most are noise (tracking parameters, redirects). But an opt-out
form that moves is news, so they are compared separately.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from platforms.extraction.actions import lasting_target


@dataclass(frozen=True, slots=True)
class MovedLink:
    """A link or form whose target changed.

    before, after: URLs as they are on the page; "" where the words were no link.
    """

    text: str
    before: str
    after: str


def moved_links(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> tuple[MovedLink, ...]:
    """Return the links with the same words and another target, in the order of `after`.

    before, after: rows of "text" and "url", as stored with a text. Tracking parameters are ignored.
    Words that are a link on one side only are included if that target is not on the other side.
    """
    old, new = _by_words(before), _by_words(after)
    old_targets = {target: url for target, url in _all(old).items() if target not in _all(new)}
    new_targets = {target: url for target, url in _all(new).items() if target not in _all(old)}
    moved = []
    for text in dict.fromkeys((*new, *old)):
        departed = [url for target, url in old.get(text, {}).items() if target in old_targets]
        arrived = [url for target, url in new.get(text, {}).items() if target in new_targets]
        moved += [
            MovedLink(text, old_url, new_url)
            for old_url, new_url in zip_longest(departed, arrived, fillvalue="")
        ]
    return tuple(moved)


def _by_words(links: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the links by words, then by target without tracking parameters."""
    targets: dict[str, dict[str, str]] = defaultdict(dict)
    for link in links:
        targets[link["text"]].setdefault(lasting_target(link["url"]), link["url"])
    return targets


def _all(links: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {target: url for targets in links.values() for target, url in targets.items()}
