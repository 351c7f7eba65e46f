"""A curator's decisions: the only door to the public side."""
