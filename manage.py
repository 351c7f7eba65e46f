#!/usr/bin/env python3
import sys

from django.core.management import execute_from_command_line

from config.startup import explained
from platforms.release import VERSION


def main() -> None:
    if sys.argv[1:] in (["version"], ["--version"]):
        sys.stdout.write(f"{VERSION}\n")
        return
    with explained():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
