"""The version of Default On. The latest release in CHANGELOG.md is headed by it."""

VERSION = "0.2.0"
