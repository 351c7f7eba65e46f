"""Serve the practice platform: `python -m tests.practice PORT FOLDER`.

Writes its catalog to FOLDER and serves its pages on PORT. Press Enter for the next version.
"""

import contextlib
import sys
from pathlib import Path

from tests.practice.site import HELP, VERSIONS, PracticeSite, declare


def main(port: int, folder: Path) -> None:
    with PracticeSite(port) as site:
        declare(site.url, folder)
        while True:
            input(f"{site.url}{HELP}: version {site.version} of {VERSIONS}. Enter for the next: ")
            site.version = site.version % VERSIONS + 1


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    with contextlib.suppress(KeyboardInterrupt, EOFError):
        main(int(sys.argv[1]), Path(sys.argv[2]))
