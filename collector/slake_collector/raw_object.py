# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Raw objects: the events of one partition as gzip NDJSON, at `raw/<module>/<stream>/<YYYY-MM-DD>/<name>.ndjson.gz`."""

import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from .envelope import rfc3339

#: Text of one raw object, in bytes, before compression; one message may go over it, since a message is never divided.
RAW_OBJECT_BYTES = 64 * 1024 * 1024
_CHUNK_CHARACTERS = 256 * 1024
_GZIP_WINDOW = 31
_GZIP_LEVEL = 1


class RawObject:
    """Collects lines and compresses them as they come, so that only compressed bytes are held.

    The gzip header carries no time and no name: the same lines give the same bytes.
    """

    def __init__(self) -> None:
        self.count = 0
        self._text_bytes = 0
        self._pending: list[str] = []
        self._pending_characters = 0
        self._compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        self._compressed: list[bytes] = []

    @property
    def text_bytes(self) -> int:
        """Bytes of text so far; what waits for compression counts a byte a character."""
        return self._text_bytes + self._pending_characters

    def add(self, lines: Iterable[str]) -> None:
        """Takes lines without their line feeds."""
        for line in lines:
            self._pending.append(line)
            self._pending_characters += len(line) + 1
            self.count += 1
            if self._pending_characters >= _CHUNK_CHARACTERS:
                self._compress_pending()

    def finish(self) -> bytes:
        """The whole object; nothing can be added after it."""
        self._compress_pending()
        self._compressed.append(self._compressor.flush())
        return b"".join(self._compressed)

    def _compress_pending(self) -> None:
        if not self._pending:
            return
        self._pending.append("")
        text = "\n".join(self._pending).encode()
        self._text_bytes += len(text)
        self._compressed.append(self._compressor.compress(text))
        self._pending = []
        self._pending_characters = 0


class RawBucket:
    """Writes raw objects; encryption is the bucket's default."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self.bucket = bucket
        self._s3 = s3

    def put(self, key: str, body: bytes) -> None:
        """@see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"""
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/gzip")


def raw_key(module: str, stream: str, first_time: datetime, name: str) -> str:
    """The key of a raw object; the day is the UTC day of `first_time`, when its first event was enqueued."""
    return f"raw/{module}/{stream}/{first_time.astimezone(UTC):%Y-%m-%d}/{name}.ndjson.gz"


def raw_name(origin: str, first: int, last: int, first_time: datetime) -> str:
    """The name of the object with messages `first` to `last` of `origin` (`<namespace>/<hub>/<partition>`).

    Made of what the object holds, so writing it again overwrites it. The time keeps a source that was deleted and made
    again, and counts from 0 again, from overwriting what the old one sent.
    """
    return f"{_sanitised(origin)}_{first}-{last}_{rfc3339(first_time).replace(':', '')}"


def _sanitised(origin: str) -> str:
    parts = [re.sub(r"[^A-Za-z0-9._-]", "-", part) for part in origin.split("/")]
    if "/".join(parts) == origin:
        return "_".join(parts)
    # Two origins that differ only in a forbidden character must not share a name.
    return f"{'_'.join(parts)}_{sha256(origin.encode()).hexdigest()[:8]}"
