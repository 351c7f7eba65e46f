#!/usr/bin/env python3
import os
import sys

from config.private_files import create_private_files


def main() -> None:
    create_private_files()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
