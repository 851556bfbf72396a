# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Pointers: what stands in the module's queue, a CloudEvent whose `dataref` names a raw object.

The shape is `Pointer` of src/contract/envelope.ts.
@see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/dataref.md
"""

import json
import time as clock
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from .envelope import rfc3339
from .failure import PointerRefused

#: Limits of SendMessageBatch, entries and bytes of all bodies.
BATCH_ENTRIES = 10
BATCH_BYTES = 1024 * 1024
_ATTEMPTS = 5
_FIRST_PAUSE_SECONDS = 0.2


def pointer(bucket: str, key: str, source: str, stream: str, time: datetime, event_count: int) -> str:
    """The pointer to a raw object with `event_count` lines, written at `time`, as JSON."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": key,
            "source": source,
            "type": stream,
            "time": rfc3339(time),
            "dataref": f"s3://{bucket}/{key}",
            "eventcount": event_count,
        },
        separators=(",", ":"),
    )


class PointerQueue:
    """Sends pointers; when `send` returns, the queue has accepted every one of them."""

    def __init__(self, sqs: Any, queue_url: str, pause: Callable[[float], None] = clock.sleep) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._pause = pause

    def send(self, bodies: Sequence[str]) -> None:
        """Raises PointerRefused when an entry is the sender's fault, or is still refused at the last attempt.

        @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
        """
        for batch in _batches(bodies):
            self._send_batch(batch)

    def _send_batch(self, batch: list[str]) -> None:
        waiting = {str(index): body for index, body in enumerate(batch)}
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._pause(_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            answer = self._sqs.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[{"Id": id, "MessageBody": body} for id, body in waiting.items()],
            )
            failed = answer.get("Failed", [])
            if not failed:
                return
            for entry in failed:
                if entry.get("SenderFault"):
                    raise PointerRefused(f"The queue refused a pointer: {entry.get('Code')}")
            waiting = {entry["Id"]: waiting[entry["Id"]] for entry in failed}
        raise PointerRefused(f"The queue refused {len(waiting)} pointers {_ATTEMPTS} times: {failed[0].get('Code')}")


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    batch_bytes = 0
    for body in bodies:
        size = len(body.encode())
        if size > BATCH_BYTES:
            raise PointerRefused(f"A message of {size} bytes is over the queue's limit of {BATCH_BYTES}")
        if batch and (len(batch) == BATCH_ENTRIES or batch_bytes + size > BATCH_BYTES):
            yield batch
            batch, batch_bytes = [], 0
        batch.append(body)
        batch_bytes += size
    if batch:
        yield batch
