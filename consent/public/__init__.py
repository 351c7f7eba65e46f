"""What readers see, one folder for each capability."""
