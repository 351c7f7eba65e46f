"""Errors of backup and restore. Each text says what to do."""


class BackupError(Exception):
    """A backup cannot be made, read or restored."""
