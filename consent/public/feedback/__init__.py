"""Feedback of readers: answers about guides, error reports, requests for platforms."""
