"""Signals of the watch. They are sent inside the transaction that records the snapshot.

A receiver that raises therefore rolls back the visit, which is then recorded as a fault of our own.
"""

from django.dispatch import Signal

#: A page has new content (new within FLAP_MEMORY).
#: Arguments: page, before (Snapshot), after (Snapshot), before_document, after_document,
#: observed_from (datetime of the last visit that found it unchanged).
page_changed = Signal()

#: A page is unchanged: the baseline was seen again. Arguments: page, snapshot, seen_at.
page_unchanged = Signal()

#: A page returned to a state it had within FLAP_MEMORY. Arguments: page, before (the state it
#: left), after (the state it returned to), seen_at.
page_reappeared = Signal()

#: A page can no longer be read, or can be read again; sent once each. Arguments: page,
#: gap (ended_at is None in the first case).
page_health_changed = Signal()

#: A repository of versions was imported. Not sent within a transaction. Receivers return lines for
#: the command to print. Arguments: address (of the repository on the web), text_at (a function of
#: a revision and a path that returns the bytes of that file, None if it is not there).
history_imported = Signal()
