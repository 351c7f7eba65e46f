"""Settings of the site with the style guide."""

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import STATICFILES_DIRS, TEMPLATES

HERE = Path(__file__).parent

ROOT_URLCONF = "tests.styleguide.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], HERE / "templates"]}]
STATICFILES_DIRS = [*STATICFILES_DIRS, HERE / "static"]
