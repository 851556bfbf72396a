# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""A log that a service hands out page by page behind a cursor, as the APIs of SaaS products do.

Pages are numbered from 1 as they are received, and the checkpoint holds the number of the last one that is safe and
the cursor behind it. A run that breaks off asks again with that cursor. The last page may have grown by then, so the
name of a raw object also holds a digest of its content: what is the same overwrites itself, what is not stands beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Literal, NamedTuple, Protocol

from aws_lambda_powertools import Logger

from .checkpoint import Checkpoint, CheckpointTable, Position
from .delivery import Deadline, Delivery
from .envelope import event
from .failure import CheckpointConflict, SourceFailed
from .raw_object import RawObject

logger = Logger(child=True)

#: The one partition of such a log.
LOG = "0"


class Record(NamedTuple):
    """One event as the service gave it."""

    #: Unique in the log, and the same whenever the event is handed out again.
    id: str
    #: When the service recorded it; aware.
    time: datetime
    #: The text of one JSON document without line breaks, or bytes for what is no JSON.
    body: str | bytes


class Page(NamedTuple):
    records: Sequence[Record]
    #: Where the next page begins: opaque, and never empty.
    cursor: str
    #: Whether the service holds more now.
    has_more: bool


class PagedSource(Protocol):
    #: CloudEvents `type` of everything it delivers: `com.okta.systemlog`.
    stream: str
    #: `<host>/<log>`, what ids and names are made of.
    origin: str

    def page(self, cursor: str | None) -> Page:
        """The page behind `cursor`, or the first one (None).

        Raises AuthenticationFailed when the credential was refused, SourceFailed for everything else.
        """


Status = Literal["caught up", "deadline", "overtaken"]


@dataclass
class Collected:
    """What a run delivered and checkpointed."""

    status: Status = "caught up"
    pages: int = 0
    events: int = 0
    objects: int = 0
    #: Compressed, as written.
    bytes: int = 0

    def describe(self) -> dict[str, object]:
        """Plain values, for the log and the answer of the Lambda function."""
        return dict(vars(self))


def collect(source: PagedSource, delivery: Delivery, checkpoints: CheckpointTable, deadline: Deadline) -> Collected:
    """Brings the log up to its end, or as far as the deadline allows.

    Raises what the source raised, after what came before it was delivered; the checkpoint stands where all is safe.
    """
    return _Reader(source, delivery, checkpoints).read(checkpoints.load(LOG), deadline)


class _Reader:
    def __init__(self, source: PagedSource, delivery: Delivery, checkpoints: CheckpointTable) -> None:
        self._source = source
        self._delivery = delivery
        self._checkpoints = checkpoints
        self._result = Collected()

    def read(self, saved: Checkpoint | None, deadline: Deadline) -> Collected:
        self._number = saved.position.sequence_number if saved else 0
        self._cursor = saved.position.offset if saved else None
        self._begin_object()
        try:
            self._pages(deadline)
            self._commit()
        except SourceFailed:
            # What came before the source failed is whole: delivering it is progress, however often the source fails.
            self._commit()
            raise
        except CheckpointConflict as failure:
            self._result.status = "overtaken"
            logger.warning(
                "Another run moved the checkpoint", extra={"source": self._source.origin, "reason": str(failure)}
            )
        return self._result

    def _pages(self, deadline: Deadline) -> None:
        slowest = 0.0
        while True:
            asked = monotonic()
            page = self._source.page(self._cursor)
            slowest = max(slowest, monotonic() - asked)
            if page.has_more and page.cursor == self._cursor:
                raise SourceFailed("The source promises more behind a cursor that does not move")
            self._take(page)
            if not page.has_more:
                return
            # A page that would still be under way at the end would take all before it along.
            if deadline.passed(2 * slowest):
                self._result.status = "deadline"
                return
            if self._object.text_bytes >= self._delivery.raw_object_bytes:
                self._commit()

    def _take(self, page: Page) -> None:
        if not page.records and page.cursor == self._cursor:
            return
        self._number += 1
        self._cursor = page.cursor
        origin, stream = self._source.origin, self._source.stream
        self._first_time = self._first_time or (page.records[0].time if page.records else None)
        self._object.add(
            event(f"{origin}/{record.id}", f"//{origin}", stream, record.time, record.body) for record in page.records
        )

    def _commit(self) -> None:
        """Makes safe what was taken. The order is the invariant: raw object, pointer, checkpoint."""
        pages = self._number - self._first + 1
        if pages == 0 or self._cursor is None:
            return
        result, count = self._result, self._object.count
        if self._first_time:
            size = self._delivery.send(
                self._object,
                self._source.origin,
                self._source.stream,
                self._first,
                self._number,
                self._first_time,
                True,
            )
            result.objects += 1
            result.bytes += size
        self._checkpoints.save(LOG, Position(self._number, self._cursor))
        result.pages += pages
        result.events += count
        self._begin_object()

    def _begin_object(self) -> None:
        self._object = RawObject()
        self._first = self._number + 1
        self._first_time: datetime | None = None
