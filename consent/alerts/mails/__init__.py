"""What each mail says."""
