"""What programs read: feeds and files."""
