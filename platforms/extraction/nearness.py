"""How much two texts have in common. Pure."""

_TOGETHER = 3  # words; single words are common to all policies


def nearness(first: str, second: str) -> float:
    """Return the share of groups of three words that both texts have: 0.0 to 1.0.

    1.0 for the same words in the same order, about 0.05 for two policies of other companies.
    """
    one, other = _groups(first), _groups(second)
    if not one or not other:
        return float(first.split() == second.split())
    return 2 * len(one & other) / (len(one) + len(other))


def contained(part: str, whole: str) -> float:
    """Return the share of the groups of three words of `part` that `whole` has too."""
    groups = _groups(part)
    return len(groups & _groups(whole)) / len(groups) if groups else 1.0


def _groups(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(*(words[start:] for start in range(_TOGETHER)), strict=False))
