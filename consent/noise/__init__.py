"""How noisy a watched page is, and rules that would quiet it."""
