"""Who wants which alerts: from sign-up to unsubscribe."""
