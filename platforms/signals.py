"""What this room announces. Sent inside the transaction that keeps the snapshot.

A receiver that fails therefore undoes the visit, which is then simply tried again.
"""

from django.dispatch import Signal

#: A page says something it has not said before (or not within the flap memory).
#: Arguments: page, before (Snapshot), after (Snapshot), before_document, after_document,
#: observed_from (datetime of the last visit that found it unchanged).
page_changed = Signal()

#: A page still says what it said: the baseline was seen again. Arguments: page, snapshot, seen_at.
page_unchanged = Signal()

#: A page went back to something it said not long ago. Arguments: page, before (the state it
#: left), after (the state it returned to), seen_at.
page_reappeared = Signal()

#: A page can no longer be read, or can be read again; said once each. Arguments: page,
#: gap (its ended_at tells which of the two).
page_health_changed = Signal()
