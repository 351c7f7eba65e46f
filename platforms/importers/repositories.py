"""Git repositories of Open Terms Archive versions, read by git itself and without a checkout.

Each commit records the text of one document, in the file "<Service>/<Document Type>.md". What
kind of record it is stands at the start of its subject; the wordings are those of the archive's
engine, before and since its version 0.27 (github.com/OpenTermsArchive/engine, dataMapper.js).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote, urlsplit

#: Subjects of commits that record what a page said.
_RECORDINGS = ("First record of ", "Record new changes of ", "Start tracking ", "Update ")

# A repository is somebody else's data: nothing its configuration names is run, nothing is
# fetched that it lacks, and its commits are read as they were made.
_OPTIONS = (
    *("--no-pager", "--no-replace-objects", "-c", "protocol.allow=never"),
    *("-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "core.fsmonitor=false"),
)
_ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_HEADER = "\x01"
_CHUNK = 65_536
_CLOCKS_APART = 24 * 3600  # seconds
_SCP_STYLE = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")


class RepositoryError(Exception):
    """What stands in the way of reading a repository, in words for whoever named it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit says of one document. at: the author's clock, seconds since 1970.

    recording: the page was read for it. All others (technical upgrades, renames, repairs) are the
    archive's own doing.
    """

    sha: bytes
    blob: bytes
    at: int
    path: str
    recording: bool

    @property
    def name(self) -> str:
        return self.sha.hex()

    @property
    def seen_at(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.at, dt.UTC)


@dataclass(slots=True)
class VersionedDocument:
    """One document with its commits in time order, and the paths it had, the present one last."""

    paths: list[str]
    commits: list[Commit] = field(default_factory=list)

    @property
    def service(self) -> str:
        return _service(self.paths[-1])

    @property
    def services(self) -> set[str]:
        """The names that the service had."""
        return {_service(path) for path in self.paths}

    @property
    def type(self) -> str:
        return _legible(self.paths[-1].partition("/")[2].removesuffix(".md"))


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone, bare or not, and the address at which its commits can be looked at."""

    folder: Path
    address: str

    @classmethod
    def at(cls, folder: Path, *, name: str = "") -> Repository:
        """Open a clone. name: "owner/repository" or a web address, in place of its remote's.

        Raises RepositoryError.
        """
        if not folder.is_dir():
            raise RepositoryError(
                f"{folder} is no folder; clone the repository first (git clone --bare)"
            )
        _ask(folder, "rev-parse", "--git-dir")
        address = _address(name) if name else _address_of_remote(folder)
        if not address:
            raise RepositoryError(
                f"{folder} has no remote on the web; say with --name where it is published"
            )
        return cls(folder, address)

    def commit_url(self, commit: Commit) -> str:
        return f"{self.address}/commit/{commit.name}"

    def text_url(self, commit: Commit) -> str:
        """The address of the text as this commit left it."""
        return f"{self.address}/blob/{commit.name}/{_quoted(commit.path)}"

    def file_url(self, path: str) -> str:
        """The address of a document's newest text, the same whatever the branch is called."""
        return f"{self.address}/blob/HEAD/{_quoted(path)}"

    def folder_url(self, service: str) -> str:
        return f"{self.address}/tree/HEAD/{_quoted(service)}"

    def documents(self) -> list[VersionedDocument]:
        """Return all documents, by path. Holds some 220 bytes a commit, and no text.

        A document that was renamed is one document. Raises RepositoryError.
        """
        found: dict[str, VersionedDocument] = {}
        for commit, former_path in self._log():
            document = found.setdefault(commit.path, VersionedDocument([commit.path]))
            if former := found.pop(former_path, None):
                document.paths = [*former.paths, *document.paths]
                document.commits = former.commits + document.commits
            document.commits.append(commit)
        documents = [document for _, document in sorted(found.items()) if _is_recorded(document)]
        for document in documents:
            # Stable: commits of one second stay in the order in which they were made.
            document.commits.sort(key=lambda commit: commit.at)
        return documents

    def _log(self) -> Iterator[tuple[Commit, str]]:
        """Yield each text a commit wrote, oldest commit first, with the path it moved from."""
        arguments = [
            *("log", "--reverse", "--author-date-order", "-z", "--raw", "--no-abbrev"),
            *("--find-renames", "--diff-merges=off", "--no-ext-diff", "--no-textconv"),
            f"--format={_HEADER}%H %at %s",
        ]
        paths: dict[str, str] = {}
        with _running(self.folder, *arguments) as output:
            tokens = _tokens(output)
            for token in tokens:
                if token.startswith(_HEADER):
                    sha, at, subject = token[1:].split(" ", 2)
                    continue
                _, mode, _, blob, status = token.lstrip("\n").split(" ")
                path = next(tokens)
                former_path = path
                if status[0] in "RC":
                    path = next(tokens)
                if mode.startswith("100") and _is_document(path):
                    path = paths.setdefault(path, path)  # one string for all its commits
                    _require_possible(sha, at)
                    yield (
                        Commit(
                            bytes.fromhex(sha),
                            bytes.fromhex(blob),
                            int(at),
                            path,
                            recording=subject.startswith(_RECORDINGS),
                        ),
                        former_path if status[0] == "R" else "",
                    )


class Texts:
    """The texts of a repository, one at a time.

    with Texts(repository, most_bytes=1_000_000) as texts:
        body = texts.of(commit)
    """

    def __init__(self, repository: Repository, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._process = _start(
            repository.folder,
            *("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:  # which closes its pipes and waits for it
            self._process.kill()

    def of(self, commit: Commit) -> bytes | None:
        """Return the text of a commit, None for one too large. Raises RepositoryError."""
        found, body = self._ask_for(commit.blob.hex())
        if not found:
            raise RepositoryError(f"the text of commit {commit.name} is missing")
        return body

    def at(self, revision: str, path: str) -> bytes | None:
        """Return a file as a revision has it; None if it is not there, or too large.

        revision: as git writes it: a commit, or "<commit>^" for the one before it.
        """
        if "\n" in revision + path:
            return None
        return self._ask_for(f"{revision}:{path}")[1]

    def _ask_for(self, name: str) -> tuple[bool, bytes | None]:
        """Return whether there is a file of this name, and its bytes unless they are too many."""
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        questions.write(name.encode("utf-8", "surrogateescape") + b"\n")
        questions.flush()
        head = answers.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            return False, None
        size = int(head[2])
        if head[1] != b"blob" or size > self._most_bytes:
            _pass_over(answers, size + 1)
            return head[1] == b"blob", None
        return True, answers.read(size + 1)[:size]  # a line break ends each answer


def _require_possible(sha: str, at: str) -> None:
    """Raise RepositoryError for a commit dated before 1970 or more than a day ahead of now.

    at: seconds since 1970, as the author's clock had it; empty where git cannot read them.
    """
    if not at or int(at) > time.time() + _CLOCKS_APART:
        dated = f"dated {at} seconds after 1970" if at else "dated before 1970"
        raise RepositoryError(f"commit {sha} is {dated}, which cannot be; import a copy without it")


def _service(path: str) -> str:
    return _legible(path.partition("/")[0])


def _legible(name: str) -> str:
    """Return a file's name without the bytes that are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _is_document(path: str) -> bool:
    """True of "<Service>/<Document Type>.md"."""
    service, _, document_type = path.partition("/")
    hidden = service.startswith(".")
    return document_type.endswith(".md") and "/" not in document_type and not hidden


def _is_recorded(document: VersionedDocument) -> bool:
    """False of a repository's own papers, which lie in folders but were never read on a page."""
    return any(commit.recording for commit in document.commits)


def _address_of_remote(folder: Path) -> str:
    try:
        return _address(_ask(folder, "remote", "get-url", "origin"))
    except RepositoryError:
        return ""


def _address(name: str) -> str:
    """Return the web address of "owner/repository", of an https address or of an ssh one."""
    name = name.strip().rstrip("/").removesuffix(".git")
    if re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        return f"https://github.com/{name}"
    parts = urlsplit(name)
    if parts.scheme in ("http", "https", "ssh", "git") and parts.hostname:
        return f"https://{parts.hostname}{parts.path}"
    if match := _SCP_STYLE.fullmatch(name):
        return f"https://{match['host']}/{match['path']}"
    return ""


def _start(
    folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL, stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *_OPTIONS, "-C", str(folder), *arguments],  # noqa: S607 - found by PATH
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=os.environ | _ENVIRONMENT,
        )
    except FileNotFoundError as error:
        raise RepositoryError("git is not installed") from error


@contextmanager
def _running(folder: Path, *arguments: str) -> Iterator[IO[bytes]]:
    """Yield what git prints while it prints; raise RepositoryError with its words if it fails."""
    # A file, not a pipe: nobody empties a pipe while the other one is read.
    with tempfile.TemporaryFile() as complaints:
        with _start(folder, *arguments, stderr=complaints) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip()
            raise RepositoryError(f"{folder}: {said}")


def _ask(folder: Path, *arguments: str) -> str:
    with _running(folder, *arguments) as output:
        return output.read().decode(errors="replace").strip()


def _tokens(output: IO[bytes]) -> Iterator[str]:
    """Yield what lies between NULs; names of files that are no UTF-8 keep their bytes."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            if token:
                yield token.decode("utf-8", "surrogateescape")


def _pass_over(answers: IO[bytes], count: int) -> None:
    while count > 0:
        count -= len(answers.read(min(count, _CHUNK)))
