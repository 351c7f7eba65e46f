"""Thirteen platforms of the real catalog, for tests that draw many pages.

Pages of all platforms take several times as long to draw and to look at. These have every
shape: one use with five histories, alternatives, no way out, devices, places of all kinds.
"""

import shutil
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import call_command

#: Controls of these name no other platform; entries that do are left out.
FEW_PLATFORMS = (
    *("x", "xai-grok", "facebook", "instagram", "meta-ai", "meta-glasses", "threads", "whatsapp"),
    *("linkedin", "chatgpt", "slack", "clearview-ai", "amazon-alexa"),
)


def load_few_platforms(folder: Path) -> None:
    """Load them from copies of their files in this folder, which is made."""
    folder.mkdir()
    shutil.copy(settings.CATALOG_DIR / "_references.yaml", folder)
    for name in FEW_PLATFORMS:
        text = (settings.CATALOG_DIR / f"{name}.yaml").read_text()
        record = yaml.load(text, yaml.CSafeLoader)
        record["entries"] = [
            entry
            for entry in record["entries"]
            if {*FEW_PLATFORMS}.issuperset(entry.get("platforms", ()))
        ]
        text = yaml.dump(record, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text)
    call_command("load_catalog", folder, verbosity=0)
