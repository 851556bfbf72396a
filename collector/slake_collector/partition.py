# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""One partition of a source: receive, write the raw object, send its pointer, and only then move the checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aws_lambda_powertools import Logger

from .checkpoint import Checkpoint, CheckpointTable, Position
from .delivery import Deadline, Delivery
from .envelope import events
from .failure import CheckpointConflict, ReceiverReplaced, SourceFailed
from .raw_object import RawObject
from .settings import Start
from .source import Extent, Message, Source

logger = Logger(child=True)

#: A source calls with no messages about every half second: after 30 s of them a partition is left as it is.
_IDLE_CALLS = 60

Status = Literal["caught up", "deadline", "not reached", "stalled", "replaced", "overtaken", "failed"]


@dataclass
class PartitionResult:
    """What became of one partition; counts are of what was delivered and checkpointed."""

    partition: str
    status: Status = "not reached"
    messages: int = 0
    events: int = 0
    objects: int = 0
    #: Compressed, as written.
    bytes: int = 0
    #: Messages the source had dropped before they could be collected.
    lost: int = 0
    #: Messages between the checkpoint and the last one enqueued when the run looked; None when it did not look.
    lag: int | None = None
    failure: Exception | None = None

    def describe(self) -> dict[str, object]:
        shown = {key: value for key, value in vars(self).items() if key != "failure"}
        return {**shown, "failure": str(self.failure)} if self.failure else shown


class PartitionReader:
    """Reads one partition once, from its checkpoint to the last message it held when the reader looked."""

    def __init__(
        self,
        source: Source,
        delivery: Delivery,
        checkpoints: CheckpointTable,
        deadline: Deadline,
        partition: str,
    ) -> None:
        self.result = PartitionResult(partition)
        self._source = source
        self._delivery = delivery
        self._checkpoints = checkpoints
        self._deadline = deadline
        self._partition = partition
        self._origin = source.origin(partition)
        self._target = -1
        #: Sequence number of the last message taken; what is not above it is a repetition.
        self._taken = -1
        self._idle_calls = 0
        self._begin_object()

    def read(self, saved: Checkpoint | None, start: Start) -> PartitionResult:
        """Never raises: what went wrong stands in the result, and the checkpoint stands where everything is safe."""
        try:
            self._read(saved, start)
        except ReceiverReplaced as failure:
            self.result.status = "replaced"
            logger.warning("Another receiver took the partition", extra=self._fields(reason=str(failure)))
        except CheckpointConflict as failure:
            self.result.status = "overtaken"
            logger.warning("Another run moved the checkpoint", extra=self._fields(reason=str(failure)))
        except Exception as failure:
            self.result.status = "failed"
            self.result.failure = failure
            logger.exception("Partition failed", extra=self._fields())
        return self.result

    def _read(self, saved: Checkpoint | None, start: Start) -> None:
        extent = self._source.extent(self._partition)
        self._target = extent.last
        saved = self._rewound(saved, extent)
        begin = self._first_begin(start, extent) if saved is None else self._begin_after(saved.position, extent)
        if self.result.lag == 0:
            self.result.status = "caught up"
            return
        try:
            self._source.receive(self._partition, begin, self._take)
            if self.result.status == "not reached":
                raise SourceFailed("The source stopped delivering by itself")
        except SourceFailed:
            # What came before the source failed is whole: delivering it is progress, however often the source fails.
            self._commit()
            raise
        self._commit()

    def _rewound(self, saved: Checkpoint | None, extent: Extent) -> Checkpoint | None:
        """A checkpoint ahead of the partition is one of a hub that was made again: back to before its first message."""
        if saved is None or saved.position.sequence_number <= extent.last:
            return saved
        logger.warning(
            "The checkpoint is ahead of the partition, which is read from its start",
            extra=self._fields(checkpoint=saved.position.sequence_number, last_enqueued=extent.last),
        )
        before_first = extent.last if extent.is_empty else extent.first - 1
        position = Position(before_first, extent.last_offset if extent.is_empty else "-1")
        self._checkpoints.reset(self._partition, position, seen=saved)
        return Checkpoint(position, saved.updated_at)

    def _begin_after(self, position: Position, extent: Extent) -> int | None:
        oldest = extent.last + 1 if extent.is_empty else extent.first
        self._taken = position.sequence_number
        self.result.lag = extent.last - position.sequence_number
        self.result.lost = max(0, oldest - (position.sequence_number + 1))
        if not self.result.lost:
            return position.sequence_number if position.sequence_number >= extent.first else None
        logger.warning(
            "Messages expired in the source before they were collected",
            extra=self._fields(lost=self.result.lost, checkpoint=position.sequence_number, oldest=oldest),
        )
        if extent.is_empty:
            self._pin(extent)
        return None

    def _first_begin(self, start: Start, extent: Extent) -> datetime | None:
        """Where a partition without checkpoint begins."""
        self.result.lag = 0 if extent.is_empty else extent.last - extent.first + 1
        if start == "earliest":
            return None
        if start == "latest":
            # Without a checkpoint the next run would skip what comes until then.
            self._pin(extent)
            return None
        if extent.last_time < start:
            self.result.lag = 0
        return start

    def _pin(self, extent: Extent) -> None:
        self._checkpoints.save(self._partition, Position(extent.last, extent.last_offset))
        self.result.lag = 0

    def _take(self, messages: Sequence[Message]) -> bool:
        """Takes what was received, in order; answers whether more is wanted."""
        for message in messages:
            # A link that was opened again may deliver again what was taken.
            if message.sequence_number <= self._taken:
                continue
            self._taken = message.sequence_number
            self._first = self._first or message
            self._last = message
            self._messages += 1
            id = f"{self._origin}/{message.sequence_number}"
            self._object.add(events(id, self._source_uri, self._source.stream, message.time, message.body))
            if self._object.text_bytes >= self._delivery.raw_object_bytes:
                self._commit()
        self._idle_calls = 0 if messages else self._idle_calls + 1
        if self._taken >= self._target:
            self.result.status = "caught up"
        elif self._deadline.passed():
            self.result.status = "deadline"
        elif self._idle_calls >= _IDLE_CALLS:
            self.result.status = "stalled"
            logger.warning("Nothing comes although the partition holds more", extra=self._fields(lag=self.result.lag))
        else:
            return True
        return False

    def _commit(self) -> None:
        """Makes safe what was taken. The order is the invariant: raw object, pointer, checkpoint."""
        first, last = self._first, self._last
        if first is None or last is None:
            return
        stream, count = self._source.stream, self._object.count
        size = self._delivery.send(
            self._object, self._origin, stream, first.sequence_number, last.sequence_number, first.time
        )
        self._checkpoints.save(self._partition, Position(last.sequence_number, last.offset))
        self.result.messages += self._messages
        self.result.events += count
        self.result.objects += 1
        self.result.bytes += size
        self.result.lag = self._target - last.sequence_number
        self._begin_object()

    def _begin_object(self) -> None:
        self._object = RawObject()
        self._first: Message | None = None
        self._last: Message | None = None
        self._messages = 0

    @property
    def _source_uri(self) -> str:
        return f"//{self._origin}"

    def _fields(self, **fields: object) -> dict[str, object]:
        return {"partition": self._partition, "source": self._origin, **fields}
