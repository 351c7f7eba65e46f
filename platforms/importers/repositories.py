"""Reads Git repositories of Open Terms Archive versions by running git, without a checkout.

Each commit records the text of one document, in the file "<Service>/<Document Type>.md". The start
of its subject shows the kind of record; the wordings are those of the archive's engine, before and
since its version 0.27 (github.com/OpenTermsArchive/engine, dataMapper.js).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import select
import stat
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

from platforms.characters import without_controls

#: Starts of the subjects of commits that record a page as it was read.
_RECORDINGS = ("First record of ", "Record new changes of ", "Start tracking ", "Update ")

# A repository is data of strangers: git must not run programs from its configuration or read other
# files that it names, must not fetch missing objects, and must ignore objects that replace others.
_OPTIONS = (
    *("--no-pager", "--no-replace-objects", "--literal-pathspecs"),
    *(
        argument
        for setting in (
            "protocol.allow=never",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.attributesFile=/dev/null",
            "core.bigFileThreshold=1m",  # nothing larger is compared
            "diff.orderFile=/dev/null",
            "i18n.logOutputEncoding=UTF-8",
            "log.mailmap=false",
            "log.showRoot=true",
            "log.showSignature=false",
            "safe.directory=*",  # nothing of its configuration is trusted, whoever owns it
        )
        for argument in ("-c", setting)
    ),
)
_ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_INCLUDES = re.compile(rb"\[\s*include", re.IGNORECASE)
_LARGEST_CONFIG = 1_000_000  # bytes
#: Files by which a repository uses another folder.
_ELSEWHERE = ("commondir", "objects/info/alternates", "objects/info/http-alternates")
#: Seconds that git may write nothing. Chosen: it walks 100,000 commits before it writes the first.
_PATIENCE = 300.0
_HEADER = "\x01"
_CHUNK = 65_536
_CLOCK_TOLERANCE = 24 * 3600  # seconds that an author's clock may be ahead; chosen
_SCP_STYLE = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")


class RepositoryError(Exception):
    """A repository cannot be read. The message is for the operator who runs the import."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of one document. at: the author's time, seconds since 1970.

    recording: the archive read the page for this commit. Others are technical upgrades, renames
    and repairs.
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
    """One document: its commits in time order, and its paths, the present one last."""

    paths: list[str]
    commits: list[Commit] = field(default_factory=list)

    @property
    def service(self) -> str:
        return _service_of(self.paths[-1])

    @property
    def services(self) -> set[str]:
        """The present and former names of the service."""
        return {_service_of(path) for path in self.paths}

    @property
    def type(self) -> str:
        return _printable(self.paths[-1].partition("/")[2].removesuffix(".md"))


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone, bare or not, and the web address of the published repository."""

    folder: Path
    address: str

    @classmethod
    def at(cls, folder: Path, *, name: str = "") -> Repository:
        """Open a clone. name: "owner/repository" or a web address, instead of that of its remote.

        Raises RepositoryError.
        """
        if not folder.is_dir():
            raise RepositoryError(
                f"{folder} is not a folder; clone the repository first (git clone --bare)"
            )
        _require_sound(folder)
        _git_output(folder, "rev-parse", "--git-dir")
        address = _address(name) if name else _address_of_remote(folder)
        if not address:
            raise RepositoryError(
                f"{folder} has no remote on the web; give its address with --name"
            )
        return cls(folder, address)

    def commit_url(self, commit: Commit) -> str:
        return f"{self.address}/commit/{commit.name}"

    def text_url(self, commit: Commit) -> str:
        """The address of the text as this commit left it."""
        return f"{self.address}/blob/{commit.name}/{_quoted(commit.path)}"

    def file_url(self, path: str) -> str:
        """The address of a document's newest text, on whichever branch is the main one."""
        return f"{self.address}/blob/HEAD/{_quoted(path)}"

    def folder_url(self, service: str) -> str:
        return f"{self.address}/tree/HEAD/{_quoted(service)}"

    def documents(self) -> list[VersionedDocument]:
        """Return all documents, by path; a renamed document is one. Raises RepositoryError.

        Takes some 220 bytes of memory for each commit.
        """
        by_path: dict[str, VersionedDocument] = {}
        for commit, former_path in self._log():
            document = by_path.setdefault(commit.path, VersionedDocument([commit.path]))
            if former := by_path.pop(former_path, None):
                document.paths = [*former.paths, *document.paths]
                document.commits = former.commits + document.commits
            document.commits.append(commit)
        documents = [document for _, document in sorted(by_path.items()) if _is_recorded(document)]
        for document in documents:
            # A stable sort: commits of the same second stay in their order.
            document.commits.sort(key=lambda commit: commit.at)
        return documents

    def _log(self) -> Iterator[tuple[Commit, str]]:
        """Yield each commit of each text, oldest first, with the former path if the file moved."""
        arguments = [
            *("log", "--reverse", "--author-date-order", "-z", "--raw", "--no-abbrev"),
            *("--find-renames", "--diff-merges=off", "--no-ext-diff", "--no-textconv"),
            f"--format={_HEADER}%H %at %s",
        ]
        paths: dict[str, str] = {}
        with _run_git(self.folder, *arguments) as output:
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
                    _check_date(sha, at)
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
    """Reads texts of a repository from one git process.

    with Texts(repository, most_bytes=1_000_000) as texts:
        body = texts.of(commit)
    """

    def __init__(self, repository: Repository, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._process = _start_git(
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
        with self._process:  # closes its pipes and waits for its end
            self._process.kill()

    def of(self, commit: Commit) -> bytes | None:
        """Return the text of a commit, None for one too large. Raises RepositoryError."""
        exists, body = self._read_object(commit.blob.hex())
        if not exists:
            raise RepositoryError(f"the text of commit {commit.name} is missing")
        return body

    def at(self, revision: str, path: str) -> bytes | None:
        """Return a file at a revision; None if it does not exist, or is too large.

        revision: a commit, or "<commit>^" for the one before it.
        """
        if "\n" in revision + path:
            return None
        return self._read_object(f"{revision}:{path}")[1]

    def _read_object(self, name: str) -> tuple[bool, bytes | None]:
        """Return whether git has a file of this name, and its bytes, None if they are too many."""
        requests, output = self._process.stdin, self._process.stdout
        assert requests is not None
        assert output is not None
        requests.write(name.encode("utf-8", "surrogateescape") + b"\n")
        requests.flush()
        _await(output)
        head = output.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            return False, None
        size = int(head[2])
        if head[1] != b"blob" or size > self._most_bytes:
            _discard(output, size + 1)
            return head[1] == b"blob", None
        return True, output.read(size + 1)[:size]  # a line break ends each text


def _check_date(sha: str, at: str) -> None:
    """Raise RepositoryError for a commit dated before 1970 or more than a day in the future.

    at: the author's time in seconds since 1970; empty if git cannot read it.
    """
    if not at or int(at) > time.time() + _CLOCK_TOLERANCE:
        dated = f"dated {at} seconds after 1970" if at else "dated before 1970"
        raise RepositoryError(
            f"commit {sha} is {dated}, which is impossible; import a copy without it"
        )


def _service_of(path: str) -> str:
    return _printable(path.partition("/")[0])


def _printable(name: str) -> str:
    """Return the name of a file, with U+FFFD for bytes that are not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _is_document(path: str) -> bool:
    """Return whether a path is like "<Service>/<Document Type>.md"."""
    service, _, document_type = path.partition("/")
    hidden = service.startswith(".")
    return document_type.endswith(".md") and "/" not in document_type and not hidden


def _is_recorded(document: VersionedDocument) -> bool:
    """Return whether the archive read a document on a page: not so for files such as a licence."""
    return any(commit.recording for commit in document.commits)


def _address_of_remote(folder: Path) -> str:
    try:
        return _address(_git_output(folder, "remote", "get-url", "origin"))
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


def _git_folder_of(folder: Path) -> Path:
    return folder / ".git" if os.path.lexists(folder / ".git") else folder


def _require_sound(folder: Path) -> None:
    """Raise RepositoryError if git would read anything but plain files of this repository.

    Pipes would block git for ever; links and included configuration lead out of the folder.
    """
    git_folder = _git_folder_of(folder)
    if not (git_folder / "HEAD").is_file() or git_folder.is_symlink():
        raise RepositoryError(f"{folder}: not a git repository; clone it first (git clone --bare)")
    for parent, folders, files in os.walk(git_folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            if not (stat.S_ISREG(mode := path.lstat().st_mode) or stat.S_ISDIR(mode)):
                raise RepositoryError(f"{folder}: neither file nor folder: {path.name!r}")
    for name in _ELSEWHERE:
        if (git_folder / name).exists():
            raise RepositoryError(f"{folder}: {name} leads to another folder; make a whole clone")
    for path in (git_folder / "config", git_folder / "config.worktree"):
        if path.exists():
            with path.open("rb") as file:
                config = file.read(_LARGEST_CONFIG + 1)
            if len(config) > _LARGEST_CONFIG or _INCLUDES.search(config):
                raise RepositoryError(f"{folder}: its configuration is large or includes files")


def _start_git(
    folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL, stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *_OPTIONS, f"--git-dir={_git_folder_of(folder)}", *arguments],  # noqa: S607 - found by PATH
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
            | _ENVIRONMENT,
        )
    except FileNotFoundError as error:
        raise RepositoryError("git is not installed") from error


@contextmanager
def _run_git(folder: Path, *arguments: str) -> Iterator[IO[bytes]]:
    """Yield the output of git as a stream; raise RepositoryError with its message if it fails."""
    # A file, not a pipe: git would block on a full pipe while the other one is read.
    with tempfile.TemporaryFile() as errors:
        with _start_git(folder, *arguments, stderr=errors) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            errors.seek(0)
            words = without_controls(errors.read(2000).decode(errors="replace"))
            raise RepositoryError(f"{folder}: {' '.join(words.split())}")


def _git_output(folder: Path, *arguments: str) -> str:
    with _run_git(folder, *arguments) as output:
        return b"".join(_chunks(output)).decode(errors="replace").strip()


def _tokens(output: IO[bytes]) -> Iterator[str]:
    """Yield the texts between NULs; bytes that are not UTF-8 become surrogates."""
    rest = b""
    for chunk in _chunks(output):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            if token:
                yield token.decode("utf-8", "surrogateescape")


def _chunks(output: IO[bytes]) -> Iterator[bytes]:
    while _await(output) and (chunk := os.read(output.fileno(), _CHUNK)):
        yield chunk


def _await(output: IO[bytes]) -> bool:
    """Wait until git writes or ends; raise RepositoryError if it does neither for too long."""
    if not select.select([output], [], [], _PATIENCE)[0]:
        raise RepositoryError(f"git has written nothing for {_PATIENCE:g} seconds")
    return True


def _discard(output: IO[bytes], count: int) -> None:
    while count > 0:
        count -= len(output.read(min(count, _CHUNK)))
