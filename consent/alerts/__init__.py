"""Alerts by mail: subscribe, confirm, receive, leave. How delivery works: docs/decisions/0008."""
