"""The content of each mail."""
