"""The Celery application: settings come from Django, tasks from each app's tasks.py."""

import os

from celery import Celery

from config.private_files import create_private_files

create_private_files()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("default_on")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
