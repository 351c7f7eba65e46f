"""Repositories made by strangers: git runs nothing of them, reads nothing else and never hangs."""

import os
import shutil
import subprocess

import pytest
from django.core.management.base import CommandError

from platforms.importers import repositories
from platforms.models import Document
from tests.platforms.importers.versions import FIRST, SILENT, TRAINING

pytestmark = pytest.mark.django_db


@pytest.fixture
def git_folder(versions):
    versions.record(SILENT, prefix=FIRST)
    versions.record(TRAINING)
    nested = versions.folder / ".git"
    return nested if nested.is_dir() else versions.folder


def add_to_config(git_folder, text):
    with (git_folder / "config").open("a") as config:
        config.write(text)


@pytest.mark.parametrize(
    "name", ["shallow", "info/grafts", "refs/heads/pipe", "objects/pack/pack-1.idx", "objects/ff/x"]
)
def test_a_named_pipe_is_refused_before_git_reads_it(git_folder, import_ota, name):
    (git_folder / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(git_folder / name)
    with pytest.raises(CommandError, match="neither file nor folder"):
        import_ota()


def test_a_pipe_in_the_place_of_its_configuration_is_refused(git_folder, import_ota):
    (git_folder / "config").unlink()
    os.mkfifo(git_folder / "config")
    with pytest.raises(CommandError, match="neither file nor folder"):
        import_ota()


def test_a_link_out_of_the_folder_is_refused(git_folder, import_ota, tmp_path):
    shutil.move(git_folder / "objects", tmp_path / "objects")
    (git_folder / "objects").symlink_to(tmp_path / "objects")
    with pytest.raises(CommandError, match="neither file nor folder: 'objects'"):
        import_ota()


def test_objects_of_another_repository_are_refused(git_folder, import_ota, tmp_path):
    (git_folder / "objects/info").mkdir(exist_ok=True)
    (git_folder / "objects/info/alternates").write_text(f"{tmp_path}\n")
    with pytest.raises(CommandError, match="leads to another folder"):
        import_ota()


@pytest.mark.parametrize("section", ["[include]", "[ Include ]", '[includeIf "gitdir:/"]'])
def test_a_configuration_that_includes_a_pipe_is_refused(git_folder, import_ota, tmp_path, section):
    os.mkfifo(tmp_path / "pipe")
    add_to_config(git_folder, f"{section}\n\tpath = {tmp_path}/pipe\n")
    with pytest.raises(CommandError, match="includes files"):
        import_ota()


def test_a_configuration_without_an_end_is_refused(git_folder, import_ota):
    add_to_config(git_folder, "#" * 2_000_000)
    with pytest.raises(CommandError, match="is large"):
        import_ota()


def test_programs_and_files_that_its_configuration_names_are_not_used(
    git_folder, import_ota, tmp_path
):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    os.mkfifo(tmp_path / "pipe")
    add_to_config(
        git_folder,
        f"""
[core]
\tfsmonitor = {trap}
\thooksPath = {tmp_path}
\tpager = {trap}
\teditor = {trap}
\tsshCommand = {trap}
\talternateRefsCommand = {trap}
\tattributesFile = {tmp_path}/pipe
\texcludesFile = {tmp_path}/pipe
\tworktree = {tmp_path}
[diff]
\texternal = {trap}
\torderFile = {tmp_path}/pipe
[diff "md"]
\ttextconv = {trap}
[gpg]
\tprogram = {trap}
[log]
\tshowSignature = true
\tmailmap = true
\tfollow = true
[mailmap]
\tfile = {tmp_path}/pipe
[i18n]
\tlogOutputEncoding = UTF-16
\tcommitEncoding = UTF-7
[format]
\tpretty = %H
[extensions]
\tpartialClone = evil
[remote "evil"]
\turl = ext::{trap}
\tpromisor = true
""",
    )
    (git_folder / "info").mkdir(exist_ok=True)
    (git_folder / "info/attributes").write_text("*.md diff=md filter=md\n")
    import_ota()
    assert Document.objects.count() == 2
    assert not (tmp_path / "sprung").exists()


def test_settings_of_whoever_imports_do_not_count(git_folder, import_ota, monkeypatch, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / ".gitconfig").write_text(f"[diff]\n\torderFile = {tmp_path}/pipe\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    import_ota()
    assert Document.objects.count() == 2


def test_a_folder_inside_another_repository_is_none(git_folder, import_ota, versions):
    inner = versions.folder / "inner"
    inner.mkdir()
    with pytest.raises(CommandError, match="not a git repository"):
        import_ota(repository=inner)


def test_commits_and_names_in_odd_encodings_are_read(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    commit = subprocess.run(
        ["git", "-C", versions.folder, "cat-file", "commit", "HEAD"],
        capture_output=True,
        check=True,
    ).stdout
    head, _, words = commit.partition(b"\n\n")
    odd = head + b"\nencoding no-such-encoding\n\n" + b"\xff\xfe\x01\x1b[2J " + words
    written = subprocess.run(
        ["git", "-C", versions.folder, "hash-object", "-t", "commit", "-w", "--stdin"],
        input=odd,
        capture_output=True,
        check=True,
    ).stdout.decode()
    subprocess.run(
        ["git", "-C", versions.folder, "update-ref", "HEAD", written.strip()], check=True
    )
    versions.record(TRAINING)
    import_ota()
    assert Document.objects.count() == 2


def test_git_that_writes_nothing_is_given_up(git_folder, import_ota, monkeypatch, tmp_path):
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(repositories, "_PATIENCE", 0.2, raising=False)
    with pytest.raises(CommandError, match="written nothing"):
        import_ota()
