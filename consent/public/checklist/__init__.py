"""The checklist of settings to switch off. It is stored in its address, not in an account."""
