"""The process that reads what strangers sent: `python -m platforms.fetching.reader_process`.

Reads jobs from standard input and answers each on standard output, until its input ends. The
system ends it when it takes too much processor time, and gives it no more memory than it may have.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from typing import Any

from platforms.extraction import extract
from platforms.fetching import reader_messages as messages
from platforms.fetching.page_metadata import describe
from platforms.fetching.suggesting import suggest_selectors


def main(memory: int) -> None:
    """Answer jobs. memory: bytes of address space that this process may have."""
    # The worker decides when this process ends: on Ctrl-C it still finishes its visit.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # what a library prints is no answer
    while (received := messages.read_frame(jobs)) is not None:
        answers.write(_answer(*received))
        answers.flush()


def _answer(values: dict[str, Any], body: bytes) -> bytes:
    job = messages.Job(**values)
    _allow(job.cpu_seconds)
    try:
        return messages.write_examined(_examined(job, body))
    except MemoryError:
        return messages.frame({"failure": "memory"})
    except Exception:
        return messages.frame({"fault": traceback.format_exc()})


def _allow(cpu_seconds: int) -> None:
    """Let the system end this process when it has used so much more processor time."""
    used = int(time.process_time()) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds, hard))


def _examined(job: messages.Job, body: bytes) -> messages.Examined:
    url, content_type = job.url, job.content_type
    document = extract(
        body, url=url, content_type=content_type, select=job.select, remove=job.remove
    )
    if not job.examine:
        return messages.Examined(document)
    return messages.Examined(
        document,
        describe(body, url=url, content_type=content_type),
        suggest_selectors(body, url=url, content_type=content_type),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
