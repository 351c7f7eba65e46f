"""Settings of a server that is measured: ours, with a view that does nothing, and with or without
the cache of pages (KEEP_PAGES=no draws each page anew).
"""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
if os.environ.get("KEEP_PAGES") == "no":
    CACHES = CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
