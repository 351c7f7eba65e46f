"""Claims that circulate about training, checked."""
