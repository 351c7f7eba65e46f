"""Search: finds platforms by any of their names, and records by their texts."""
