"""Which subscribers hear of an entry, and when."""
