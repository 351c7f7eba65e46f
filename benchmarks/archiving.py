"""How much room the archive takes and how fast a body is back, beside gzip, zstd and git.

    python -m benchmarks.archiving [--json] [--histories FOLDER]

Runs over the shared histories (SHARED_DATA or ../shared): real pages in time order, each stored
as a worker would, against the state before it. All contenders get the same bodies in the same
run; every body read back is compared with what was put in.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Protocol

import zstandard
from tqdm import tqdm

from platforms.archive import Archive, blobs
from platforms.archive.storage import FileStorage

SHARED_DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared"))
MOST_BYTES_A_SNAPSHOT = 5_000
MOST_MS_A_READ = 20.0  # median


class Contender(Protocol):
    name: str

    def put(self, history: str, body: bytes) -> None: ...

    def settle(self) -> None:
        """Finish writing: everything is at its final size afterwards."""

    def get(self, sha256: str) -> bytes: ...

    def size(self) -> int:
        """Return the bytes stored."""

    def close(self) -> None: ...


class OurArchive:
    name = "archive"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(FileStorage(folder))
        self._latest: dict[str, str] = {}

    def put(self, history: str, body: bytes) -> None:
        self._latest[history] = self.archive.put(body, similar_to=self._latest.get(history))

    def settle(self) -> None:
        """Nothing to do: every put is final."""

    def get(self, sha256: str) -> bytes:
        return self.archive.get(sha256)

    def size(self) -> int:
        return _bytes_below(self.folder)

    def allocated(self) -> int:
        """Return what the files take on this file system, whose blocks are never half used."""
        return sum(p.stat().st_blocks * 512 for p in self.folder.rglob("*") if p.is_file())

    def depths(self) -> list[int]:
        digests = self.archive.digests()
        return [blobs.parse(d, self.archive.storage.read(d)).depth for d in digests]

    def close(self) -> None:
        """Nothing to do."""


class GzipFiles:
    name = "gzip -9"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, history: str, body: bytes) -> None:
        (self.folder / hashlib.sha256(body).hexdigest()).write_bytes(gzip.compress(body, 9))

    def settle(self) -> None:
        """Nothing to do."""

    def get(self, sha256: str) -> bytes:
        return gzip.decompress((self.folder / sha256).read_bytes())

    def size(self) -> int:
        return _bytes_below(self.folder)

    def close(self) -> None:
        """Nothing to do."""


class ZstdFiles:
    name = "zstd -12, each alone"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, history: str, body: bytes) -> None:
        (self.folder / hashlib.sha256(body).hexdigest()).write_bytes(zstandard.compress(body, 12))

    def settle(self) -> None:
        """Nothing to do."""

    def get(self, sha256: str) -> bytes:
        return zstandard.decompress((self.folder / sha256).read_bytes())

    def size(self) -> int:
        return _bytes_below(self.folder)

    def close(self) -> None:
        """Nothing to do."""


class GitRepository:
    """One commit a snapshot, one branch a history, repacked from scratch; read by cat-file."""

    name = "git, repacked"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, str] = {}  # SHA-256 → git's own
        self._reader: subprocess.Popen[bytes] | None = None
        self._git("init", "--quiet", "--bare")
        self._importer = self._start("fast-import", "--quiet")

    def put(self, history: str, body: bytes) -> None:
        self._names[hashlib.sha256(body).hexdigest()] = hashlib.sha1(
            b"blob %d\0" % len(body) + body
        ).hexdigest()
        head = (
            f"commit refs/heads/{history}\ncommitter reader <reader@localhost> 0 +0000\n"
            f"data 0\nM 100644 inline page\ndata {len(body)}\n"
        )
        pipe = _pipe(self._importer.stdin)
        pipe.write(head.encode() + body + b"\n")
        pipe.flush()

    def settle(self) -> None:
        _pipe(self._importer.stdin).close()
        if self._importer.wait():
            raise RuntimeError("git fast-import failed")
        self._git("repack", "-a", "-d", "-f", "--quiet")
        self._reader = self._start("cat-file", "--batch", stdout=subprocess.PIPE)

    def get(self, sha256: str) -> bytes:
        if self._reader is None:
            raise RuntimeError("settle() comes first")
        requests, answers = _pipe(self._reader.stdin), _pipe(self._reader.stdout)
        requests.write(f"{self._names[sha256]}\n".encode())
        requests.flush()
        length = int(answers.readline().split()[2])
        return answers.read(length + 1)[:-1]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.glob("objects/pack/*.pack"))

    def close(self) -> None:
        if self._reader is not None:
            self._reader.communicate()

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True)

    def _start(self, *arguments: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", *arguments], cwd=self.folder, stdin=subprocess.PIPE, stdout=stdout
        )


@dataclass(frozen=True, slots=True)
class Result:
    """Sizes in bytes, times in milliseconds; a snapshot here is one distinct body."""

    name: str
    bytes_a_snapshot: float
    put_ms_median: float
    put_ms_p95: float
    read_ms_median: float
    read_ms_p95: float
    read_ms_worst: float


@dataclass(frozen=True, slots=True)
class Report:
    """The archive's own result comes first."""

    histories: int
    snapshots: int
    distinct: int
    raw_bytes_a_snapshot: float
    results: list[Result]
    keyframes: int
    deepest: int
    allocated_bytes_a_snapshot: float
    peak_memory_mb: int
    targets_met: dict[str, bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--histories", type=Path, default=SHARED_DATA / "data" / "histories")
    options = parser.parse_args()
    tars = sorted(options.histories.glob("*.tar.xz"))
    if not tars:
        sys.exit(f"no histories in {options.histories}: set SHARED_DATA or --histories")
    with tempfile.TemporaryDirectory(prefix="archiving-") as folder:
        report = run(tars, Path(folder))
    print(json.dumps(asdict(report), indent=2) if options.json else as_table(report))


def run(tars: list[Path], folder: Path) -> Report:
    """Store and read all histories with every contender."""
    ours = OurArchive(_made(folder / "archive"))
    contenders: list[Contender] = [
        ours,
        GzipFiles(_made(folder / "gzip")),
        ZstdFiles(_made(folder / "zstd")),
    ]
    if shutil.which("git"):
        contenders.append(GitRepository(_made(folder / "git")))
    stored = store(tars, contenders)
    order = sorted(stored.digests)
    random.Random(1).shuffle(order)  # the same for all, and no neighbour after its neighbour
    results = [measured(each, order, stored.put_ms[each.name]) for each in contenders]
    depths = ours.depths()
    return Report(
        histories=len(tars),
        snapshots=len(stored.sizes),
        distinct=len(order),
        raw_bytes_a_snapshot=round(statistics.mean(stored.sizes), 1),
        results=results,
        keyframes=depths.count(0),
        deepest=max(depths),
        allocated_bytes_a_snapshot=round(ours.allocated() / len(order), 1),
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        targets_met=targets_met(results[0]),
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """All snapshots that were stored, and how long each contender took for each."""

    put_ms: dict[str, list[float]]
    sizes: list[int]
    digests: set[str]


def store(tars: list[Path], contenders: list[Contender]) -> Stored:
    """Store every snapshot with every contender."""
    stored = Stored({contender.name: [] for contender in contenders}, [], set())
    for tar in tqdm(tars, desc="put", unit="history"):
        for body in bodies(tar):
            stored.sizes.append(len(body))
            stored.digests.add(hashlib.sha256(body).hexdigest())
            for contender in contenders:
                started = time.perf_counter()
                contender.put(tar.name.removesuffix(".tar.xz"), body)
                stored.put_ms[contender.name].append((time.perf_counter() - started) * 1000)
    return stored


def targets_met(ours: Result) -> dict[str, bool]:
    """Return our targets in words, and whether each is met."""
    return {
        f"at most {MOST_BYTES_A_SNAPSHOT} bytes a snapshot": (
            ours.bytes_a_snapshot <= MOST_BYTES_A_SNAPSHOT
        ),
        f"any snapshot back in {MOST_MS_A_READ:.0f} ms (median)": (
            ours.read_ms_median <= MOST_MS_A_READ
        ),
    }


def measured(contender: Contender, order: list[str], put_ms: list[float]) -> Result:
    """Finish a contender, read everything back from it, and close it."""
    contender.settle()
    read_ms = timed_reads(contender, order)
    size = contender.size()
    contender.close()
    return Result(
        name=contender.name,
        bytes_a_snapshot=round(size / len(order), 1),
        put_ms_median=round(statistics.median(put_ms), 2),
        put_ms_p95=round(quantile(put_ms, 0.95), 2),
        read_ms_median=round(statistics.median(read_ms), 2),
        read_ms_p95=round(quantile(read_ms, 0.95), 2),
        read_ms_worst=round(max(read_ms), 2),
    )


def bodies(tar: Path) -> Iterator[bytes]:
    """Yield the bodies of one history in time order, one at a time."""
    with tarfile.open(tar, "r|xz") as stream:
        before = ""
        for member in stream:
            file = stream.extractfile(member)
            if file is None:
                continue
            if member.name <= before:
                raise ValueError(f"{tar.name}: {member.name} comes after {before}")
            before = member.name
            yield file.read()


def timed_reads(contender: Contender, order: list[str]) -> list[float]:
    """Read every body once, cache warm as after a put; return milliseconds each."""
    read_ms = []
    for sha256 in tqdm(order, desc=f"read, {contender.name}", unit="body"):
        started = time.perf_counter()
        body = contender.get(sha256)
        read_ms.append((time.perf_counter() - started) * 1000)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ValueError(f"{contender.name} gave back another body than {sha256}")
    return read_ms


def as_table(report: Report) -> str:
    lines = [
        f"{report.snapshots} snapshots of {report.histories} pages, {report.distinct} distinct, "
        f"{report.raw_bytes_a_snapshot:,.0f} bytes each as received",
        "",
        f"{'':22}{'bytes each':>12}{'put ms':>9}{'p95':>8}{'read ms':>9}{'p95':>8}{'worst':>8}",
        *(
            f"{result.name:22}{result.bytes_a_snapshot:12,.0f}"
            f"{result.put_ms_median:9.2f}{result.put_ms_p95:8.2f}"
            f"{result.read_ms_median:9.2f}{result.read_ms_p95:8.2f}{result.read_ms_worst:8.2f}"
            for result in report.results
        ),
        "",
        f"archive: {report.keyframes} keyframes, at most {report.deepest} deltas deep, "
        f"{report.allocated_bytes_a_snapshot:,.0f} bytes each in whole disk blocks",
        f"peak memory: {report.peak_memory_mb} MB",
        *(f"{'met' if met else 'MISSED'}: {name}" for name, met in report.targets_met.items()),
    ]
    return "\n".join(lines)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process was started without this pipe")
    return pipe


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
