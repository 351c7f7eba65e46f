"""From a new snapshot to a Change, and what depends on it."""
