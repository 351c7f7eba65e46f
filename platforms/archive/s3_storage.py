"""Blobs as objects in S3-compatible storage; needs requirements-s3.txt.

Credentials and region come from boto3's own places (environment, profile, instance role).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from platforms.archive.blobs import MAX_BLOB_BYTES
from platforms.archive.errors import ArchiveUnavailable, DamagedBlob, MissingBlob
from platforms.archive.storage import blob_name, digest_of
from platforms.deadlines import within

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError as error:
    raise ImproperlyConfigured(
        "ARCHIVE_URL names S3 storage, which needs boto3: pip install -r requirements-s3.txt"
    ) from error

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

#: For one request with its answer and repetitions. Chosen: four times to wait for a first byte, and
#: a minute for the largest blob.
_MOST_SECONDS = 180
_CONFIG = Config(
    connect_timeout=10,
    read_timeout=30,
    retries={"mode": "standard", "max_attempts": 4},
    # Other services than AWS refuse the trailing checksums that boto3 adds by default. Every blob
    # contains its own checksum.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3Storage:
    """One object per blob below a prefix. The bucket must exist.

    Existing objects are kept by a conditional PUT (If-None-Match), which AWS, MinIO, Ceph and R2
    honour. The service stores an object whole and durably, or not at all.
    """

    def __init__(self, bucket: str, prefix: str = "", *, endpoint: str = "") -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client: S3Client = boto3.client("s3", endpoint_url=endpoint or None, config=_CONFIG)

    def read(self, digest: str) -> bytes:
        with _unavailable_on_boto_error():
            return within(_MOST_SECONDS, lambda: self._read(digest))

    def _read(self, digest: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=self._key(digest))
        except self._client.exceptions.NoSuchKey:
            raise MissingBlob(digest) from None
        with answer["Body"] as stream:
            if answer["ContentLength"] > MAX_BLOB_BYTES:
                raise DamagedBlob(digest, "larger than any blob")
            return stream.read()

    def write(self, digest: str, data: bytes, *, replace: bool = False) -> None:
        put = partial(self._client.put_object, Bucket=self.bucket, Key=self._key(digest), Body=data)
        with _unavailable_on_boto_error():
            if replace:
                within(_MOST_SECONDS, put)
                return
            try:
                within(_MOST_SECONDS, lambda: put(IfNoneMatch="*"))
            except ClientError as error:
                if _status(error) != 412:  # 412: another writer was first
                    raise

    def settle(self, digest: str) -> None:
        """Nothing to do: an object that can be read is durable."""

    def __contains__(self, digest: str) -> bool:
        with _unavailable_on_boto_error():
            try:
                key = self._key(digest)
                within(_MOST_SECONDS, lambda: self._client.head_object(Bucket=self.bucket, Key=key))
            except ClientError as error:
                if _status(error) != 404:
                    raise
                return False
            return True

    def digests(self) -> Iterator[str]:
        # S3 lists keys in ascending order.
        with _unavailable_on_boto_error():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            listed = iter(pages)
            while page := within(_MOST_SECONDS, lambda: next(listed, None)):
                for entry in page.get("Contents", ()):
                    digest = digest_of(entry["Key"].rpartition("/")[2])
                    if digest is not None and entry["Key"] == self._key(digest):
                        yield digest

    def unfinished(self) -> list[str]:
        """None: S3 stores an object whole or not at all."""
        return []

    def _key(self, digest: str) -> str:
        return self.prefix + blob_name(digest)


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


@contextmanager
def _unavailable_on_boto_error() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, TimeoutError) as error:
        raise ArchiveUnavailable(str(error)) from error
