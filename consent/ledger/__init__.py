"""The read model: each figure and date a reader sees comes from here."""
