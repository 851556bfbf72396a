# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""What a processor must give the run loop: a source that is a set of logs, each read by position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """One message of a partition, as the source delivered it."""

    sequence_number: int
    offset: str
    #: When the source accepted it; aware.
    time: datetime
    body: bytes


@dataclass(frozen=True)
class Extent:
    """What a partition holds now. `first` is the oldest message retained; in an empty one it means nothing."""

    first: int
    last: int
    last_offset: str
    last_time: datetime
    is_empty: bool


class Source(Protocol):
    """Its methods are called by several threads at once, for different partitions."""

    #: CloudEvents `type` of everything it delivers: `com.microsoft.azure.eventhub`.
    stream: str

    def partitions(self) -> Sequence[str]:
        """The ids of all partitions. Raises SourceFailed."""

    def origin(self, partition: str) -> str:
        """`<namespace>/<hub>/<partition>`, what ids and names are made of."""

    def extent(self, partition: str) -> Extent:
        """Raises SourceFailed."""

    def receive(self, partition: str, start: int | datetime | None, take: Callable[[Sequence[Message]], bool]) -> None:
        """Hands messages in order to `take` until it answers False, then closes the link.

        `start`: after this sequence number, from this time on, or from the oldest (None). While nothing comes,
        `take` is called with no messages about every half second. What `take` raises comes out unchanged.
        Raises ReceiverReplaced when another receiver took the partition, SourceFailed for everything else.
        """
