"""Backups of an installation, their restoration, and the erasure of readers."""
