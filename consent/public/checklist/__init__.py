"""A list of what to switch off, without an account: its address holds the choice."""
