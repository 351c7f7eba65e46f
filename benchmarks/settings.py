"""Settings of a server that is measured: ours, with a view that does nothing.

KEEP says what is kept from one request to the next: nothing, data of an edition (each page is drawn
anew, but the edition lasts), or pages, as on a site.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
BACKENDS = {
    "nothing": "django.core.cache.backends.dummy.DummyCache",
    "data": "benchmarks.editions_alone.EditionsAlone",
}
if (kept := os.environ.get("KEEP", "pages")) in BACKENDS:
    CACHES = CACHES | {"pages": {"BACKEND": BACKENDS[kept]}}
