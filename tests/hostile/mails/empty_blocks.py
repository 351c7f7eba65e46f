"""Two million empty groups of fields in a delivery report: 25 s."""

from consent.alerts.sending.bounces import process
from consent.alerts.subscriptions.tokens import return_address

CPU_SECONDS = 4
MEGABYTES = 200


def make() -> bytes:
    start = f"To: {return_address('a1', 1)}\nContent-Type: multipart/report; boundary=b;"
    start += " report-type=delivery-status\n\n--b\nContent-Type: message/delivery-status\n\n"
    return start.encode() + b"\n" * 2_000_000


def read(hostile: bytes) -> None:
    assert process(hostile) == "a report without a failure"
