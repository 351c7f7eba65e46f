"""The version of Default On. The latest release in CHANGELOG.md is headed by it."""

VERSION = "1.0.0"
