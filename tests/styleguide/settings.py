"""Settings of the site with the style guide."""

from pathlib import Path
from typing import Any

from config.settings import *  # noqa: F403
from config.settings import STATICFILES_DIRS, TEMPLATES

HERE = Path(__file__).parent

ROOT_URLCONF = "tests.styleguide.urls"
_templates: dict[str, Any] = TEMPLATES[0]
TEMPLATES = [_templates | {"DIRS": [*_templates["DIRS"], HERE / "templates"]}]
STATICFILES_DIRS = [*STATICFILES_DIRS, HERE / "static"]
