"""What people ask, by an address or in words, and the answers; pages draw them elsewhere."""
