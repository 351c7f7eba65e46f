"""One visit to a page: due, claimed, attempted, recorded, rescheduled."""
