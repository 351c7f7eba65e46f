"""The evidence of a change as a file (WACZ) that anybody can check without us."""
