"""What readers tell us: whether a guide worked, what is wrong, what is missing."""
