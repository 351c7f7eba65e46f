"""Real page histories, visited at simulated times: how long the watch is dark, and its mails."""
