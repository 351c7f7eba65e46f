from config.startup import load_settings

load_settings()  # first: what follows reads them

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
