"""The archive on S3, against a local server that speaks the protocol."""

import secrets
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from platforms.archive import (
    Archive,
    ArchiveUnavailable,
    DamagedBlob,
    InvalidDigest,
    MissingBlob,
    open_archive,
    s3_storage,
)
from platforms.archive.s3_storage import S3Storage
from tests.dripping import dripping
from tests.platforms.archive.pages import page


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def unused_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def bucket(endpoint):
    client = boto3.client("s3", endpoint_url=endpoint)
    name = f"bucket-{secrets.token_hex(8)}"
    client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def storage(endpoint, bucket):
    return S3Storage(bucket, "snapshots", endpoint=endpoint)


@pytest.fixture
def archive(storage):
    return Archive(storage)


def test_bodies_are_restored_and_stored_against_each_other(archive):
    first = archive.put(page(1))
    second = archive.put(page(2), similar_to=first)
    empty = archive.put(b"")

    assert (archive.get(first), archive.get(second), archive.get(empty)) == (page(1), page(2), b"")
    assert archive.base_of(second) == first
    assert list(archive.digests()) == sorted([first, second, empty])
    assert first in archive
    assert "0" * 64 not in archive
    assert archive.unfinished() == []


def test_objects_are_below_the_prefix_in_folders_by_digest(archive, bucket, endpoint):
    digest = archive.put(b"a body")
    listing = boto3.client("s3", endpoint_url=endpoint).list_objects_v2(Bucket=bucket)

    assert [item["Key"] for item in listing["Contents"]] == [
        f"snapshots/{digest[:2]}/{digest}.blob"
    ]


def test_all_blobs_of_several_list_responses_are_listed(archive, storage, monkeypatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "5")
    names = [f"{number:064x}" for number in range(12)]
    for name in names:
        storage.write(name, b"")

    assert list(archive.digests()) == names


def test_objects_of_others_are_no_blobs(archive, storage, bucket, endpoint):
    client = boto3.client("s3", endpoint_url=endpoint)
    for key in ("other/thing", "snapshots/README", f"snapshots/zz/{'0' * 64}.blob"):
        client.put_object(Bucket=bucket, Key=key, Body=b"")

    assert list(archive.digests()) == []


def test_an_existing_blob_is_kept_unless_it_is_to_be_replaced(storage):
    name = "0" * 64
    storage.write(name, b"first")
    storage.write(name, b"second")
    assert storage.read(name) == b"first"

    storage.write(name, b"third", replace=True)
    assert storage.read(name) == b"third"


def test_missing_and_damaged_blobs_are_distinguished_and_repaired(archive, storage):
    with pytest.raises(MissingBlob):
        archive.get("0" * 64)
    digest = archive.put(page(1))
    storage.write(digest, b"rubbish", replace=True)
    with pytest.raises(DamagedBlob):
        archive.get(digest)

    archive.put(page(1))

    assert archive.get(digest) == page(1)


def test_an_object_too_large_for_a_blob_is_not_read(archive, storage, monkeypatch):
    monkeypatch.setattr("platforms.archive.s3_storage.MAX_BLOB_BYTES", 1000)
    storage.write("0" * 64, bytes(2000))

    with pytest.raises(DamagedBlob, match="larger than any blob"):
        archive.get("0" * 64)


def test_a_name_that_is_no_digest_reaches_no_key(storage):
    with pytest.raises(InvalidDigest):
        storage.read("../secrets")


def test_a_missing_bucket_is_an_unavailable_archive(endpoint):
    archive = Archive(S3Storage("no-such-bucket", endpoint=endpoint))

    for ask in (
        lambda: archive.put(b"a body"),
        lambda: list(archive.digests()),
        lambda: archive.get("0" * 64),
    ):
        with pytest.raises(ArchiveUnavailable):
            ask()


def test_a_server_out_of_reach_is_an_unavailable_archive(unused_port):
    archive = Archive(S3Storage("bucket", endpoint=f"http://127.0.0.1:{unused_port}"))

    with pytest.raises(ArchiveUnavailable):
        archive.get("0" * 64)


def test_the_address_names_bucket_and_prefix(bucket, endpoint, settings):
    settings.ARCHIVE_S3_ENDPOINT = endpoint
    digest = open_archive(f"s3://{bucket}/deep/prefix/").put(b"a body")

    assert digest in Archive(S3Storage(bucket, "deep/prefix", endpoint=endpoint))
    assert digest not in open_archive(f"s3://{bucket}")


def test_without_boto3_the_address_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "platforms.archive.s3_storage")
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        open_archive("s3://bucket")


def test_an_archive_of_files_never_loads_boto3(tmp_path):
    program = (
        "import sys; from platforms.archive import open_archive; "
        f"open_archive('file://{tmp_path}').put(b'a'); assert 'boto3' not in sys.modules"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda storage: storage.read("0" * 64),
        lambda storage: storage.write("0" * 64, b"data"),
        lambda storage: "0" * 64 in storage,
        lambda storage: list(storage.digests()),
    ],
)
def test_a_store_that_drips_is_unavailable(monkeypatch, ask):
    monkeypatch.setattr(s3_storage, "_MOST_SECONDS", 0.3)
    with dripping() as port, pytest.raises(ArchiveUnavailable):
        ask(S3Storage("bucket", endpoint=f"http://127.0.0.1:{port}"))


def test_a_store_that_drips_in_the_midst_of_a_blob_is_unavailable(monkeypatch):
    monkeypatch.setattr(s3_storage, "_MOST_SECONDS", 0.3)
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
    with dripping(start) as port, pytest.raises(ArchiveUnavailable):
        S3Storage("bucket", endpoint=f"http://127.0.0.1:{port}").read("0" * 64)
