"""Find platforms by any of their names, and what is said about them."""
