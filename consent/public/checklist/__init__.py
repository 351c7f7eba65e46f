"""The checklist of uses to refuse. It is stored in its address, not in an account."""
