# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Where raw objects and their pointers go, and until when there is time to receive more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from .pointer import PointerQueue, pointer
from .raw_object import RAW_OBJECT_BYTES, RawBucket, RawObject, raw_key, raw_name

#: Kept free at the end of an invocation, to compress, write and checkpoint what was received.
MARGIN_SECONDS = 25.0


class Deadline:
    """When to stop receiving: MARGIN_SECONDS before the time that `remaining_seconds` counts down runs out.

    Of a short time the last quarter is kept free, so that a short timeout still collects something.
    """

    def __init__(self, remaining_seconds: Callable[[], float]) -> None:
        self._remaining_seconds = remaining_seconds
        self._margin = min(MARGIN_SECONDS, remaining_seconds() / 4)

    def passed(self, next_seconds: float = 0.0) -> bool:
        """Whether there is no time left for something that takes `next_seconds`."""
        return self._remaining_seconds() <= self._margin + next_seconds


@dataclass(frozen=True)
class Delivery:
    """The raw bucket and the queue of a module."""

    module_id: str
    bucket: RawBucket
    queue: PointerQueue
    raw_object_bytes: int = RAW_OBJECT_BYTES
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def send(
        self,
        content: RawObject,
        origin: str,
        stream: str,
        first: int,
        last: int,
        first_time: datetime,
        by_content: bool = False,
    ) -> int:
        """Writes the raw object of `first` to `last`, then sends its pointer; returns its bytes, compressed.

        Only after that may a checkpoint move. `by_content`: the same numbers may stand for different content, so the
        name holds its digest. Raises PointerRefused, and what S3 refused.
        """
        body = content.finish()
        name = raw_name(origin, first, last, first_time)
        if by_content:
            name = f"{name}_{sha256(body).hexdigest()[:12]}"
        key = raw_key(self.module_id, stream, first_time, name)
        self.bucket.put(key, body)
        self.queue.send([pointer(self.bucket.bucket, key, f"//{origin}", stream, self.now(), content.count)])
        return len(body)
