"""Figures to quote: of a day, at an address of that day, and how two days differ."""
