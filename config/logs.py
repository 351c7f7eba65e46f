"""Keeps secrets out of the log."""

import logging
import re

#: The part of an address of ours that is the key to somebody's alerts
#: (consent/alerts/subscriptions/tokens.py).
_KEY = re.compile(r"(/(?:confirm|address|alerts|u)/)[-_.A-Za-z0-9]{18,}")


class WithoutKeys(logging.Filter):
    """Removes the keys in readers' links: Django logs the path of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _KEY.search(message):
            record.msg, record.args = _KEY.sub(r"\1…", message), ()
        return True
