"""The process that reads untrusted bytes: `python -m platforms.fetching.reader_process MEMORY`.

Reads jobs from standard input and writes their answers to standard output, until its input ends.
The operating system limits its memory, and kills it if a job takes too much processor time.
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
from platforms.fetching.selector_suggestions import suggest_selectors


def main(memory: int) -> None:
    """Answer jobs. memory: limit of this process, in bytes of address space."""
    # The worker ends this process. On Ctrl-C it first finishes its visit.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # output of libraries must not mix with answers
    while (received := messages.read_frame(jobs)) is not None:
        answers.write(_answer(*received))
        answers.flush()


def _answer(values: dict[str, Any], body: bytes) -> bytes:
    job = messages.Job(**values)
    _limit_cpu(job.cpu_seconds)
    try:
        return messages.write_examined(_examine(job, body))
    except MemoryError:
        return messages.frame({"failure": "memory"})
    except Exception:
        return messages.frame({"fault": traceback.format_exc()})


def _limit_cpu(cpu_seconds: int) -> None:
    """Let the system kill this process after so much more processor time."""
    used = int(time.process_time()) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds, hard))


def _examine(job: messages.Job, body: bytes) -> messages.Examined:
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
