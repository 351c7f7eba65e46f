"""What no log line may hold."""

import logging
import re

#: The part of an address of ours that is the key to somebody's alerts
#: (consent/alerts/subscriptions/tokens.py).
_KEY = re.compile(r"(/(?:confirm|address|alerts|u)/)[-_.A-Za-z0-9]{18,}")


class WithoutKeys(logging.Filter):
    """Takes the keys out of readers' links: Django names the path of each request it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _KEY.search(said):
            record.msg, record.args = _KEY.sub(r"\1…", said), ()
        return True
