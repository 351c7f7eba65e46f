"""Recording snapshots and reading stored ones again."""
