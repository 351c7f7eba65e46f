"""The version of Default On. The latest release in CHANGELOG.md is headed by it."""

VERSION = "1.0.0"
#: The end of a line that refuses a database or a backup.
BEFORE_1_0 = (
    "from before 1.0 and cannot be converted: begin with an empty database, run `upgrade`, which "
    "loads the catalog, and keep the archive (VAR_DIR/archive)."
)
