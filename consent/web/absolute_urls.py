"""Full addresses of our own pages."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """Put SITE_URL before a path of ours, for mails, feeds and other sites."""
    return f"{settings.SITE_URL}{path}"
