"""Show the style guide at /styleguide: make styleguide"""

import os
import sys

os.environ |= {"DEBUG": "true", "DJANGO_SETTINGS_MODULE": "tests.styleguide.settings"}

import django
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    django.setup()
    from consent.web import default_deny
    from tests.styleguide.urls import PUBLIC

    default_deny.PUBLIC |= PUBLIC
    execute_from_command_line(["tests.styleguide", "runserver", *sys.argv[1:]])
