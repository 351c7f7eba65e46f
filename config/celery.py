"""The Celery application: settings come from Django, tasks from each app's tasks.py."""

from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from config import heartbeats, liveness_file
from config.startup import require_readiness

app = Celery("default_on")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
liveness_file.connect()


@setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Leave logging as LOGGING says.

    Celery would set the level of its command line, WARNING if none is given, for all loggers: the
    one line of each visit and mail would be missing.
    """


@worker_init.connect
@beat_init.connect
def _require_readiness(**_: Any) -> None:
    """A worker or beat ends at once if a setting is refused or migrations are pending."""
    require_readiness()


@worker_init.connect
def _follow_tasks(**_: Any) -> None:
    heartbeats.follow_tasks()
