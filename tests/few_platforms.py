"""Thirteen platforms of the real catalog, for tests that draw many pages.

Pages of all platforms take several times as long to draw and to look at. These have every
shape: one use with five histories, alternatives, no way out, devices, places of all kinds.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

#: Entries and controls of these name no other platform.
FEW_PLATFORMS = (
    *("x", "xai-grok", "facebook", "instagram", "meta-ai", "meta-glasses", "threads", "whatsapp"),
    *("linkedin", "chatgpt", "slack", "clearview-ai", "amazon-alexa"),
)


def load_few_platforms(folder: Path) -> None:
    """Load them from copies of their files in this folder, which is made."""
    folder.mkdir()
    for name in ("_references", *FEW_PLATFORMS):
        shutil.copy(settings.CATALOG_DIR / f"{name}.yaml", folder)
    call_command("load_catalog", folder, verbosity=0)
