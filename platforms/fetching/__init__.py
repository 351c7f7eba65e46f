"""One page, one visit: what was received, or the reason why nothing could be."""
