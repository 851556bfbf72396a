# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""An event hub as a source: its partitions are read one by one from an explicit position, without load balancing.

@see https://learn.microsoft.com/en-us/python/api/azure-eventhub/azure.eventhub.eventhubconsumerclient
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from azure.eventhub import EventData, EventHubConsumerClient
from azure.eventhub.amqp import AmqpMessageBodyType
from azure.eventhub.exceptions import AuthenticationError, EventHubError

from slake_collector.failure import AuthenticationFailed, Failure, ReceiverReplaced, SourceFailed
from slake_collector.source import Extent, Message

from .connection import Connection

STREAM = "com.microsoft.azure.eventhub"
#: A receiver of the same level replaces the one before: of two overlapping runs the later one reads.
OWNER_LEVEL = 0
#: Messages asked for ahead, and most handed over at once. A message has up to 1 MiB, and two such batches may be held.
PREFETCH = 100
_OLDEST = "-1"
_IDLE_SECONDS = 0.5
_LINK_STOLEN = "link:stolen"


class EventHub:
    """`Source` of slake_collector. Each receiver has a connection of its own, so each can be closed alone."""

    stream = STREAM

    def __init__(
        self,
        connection: Connection,
        connect: Callable[..., EventHubConsumerClient] = EventHubConsumerClient.from_connection_string,
    ) -> None:
        self._connection = connection
        self._connect = connect

    def partitions(self) -> Sequence[str]:
        with _failures("list the partitions"), self._client() as client:
            return client.get_partition_ids()

    def origin(self, partition: str) -> str:
        return f"{self._connection.namespace}/{self._connection.hub}/{partition}"

    def extent(self, partition: str) -> Extent:
        with _failures("look at a partition"), self._client() as client:
            properties = client.get_partition_properties(partition)
        return Extent(
            first=properties["beginning_sequence_number"],
            last=properties["last_enqueued_sequence_number"],
            last_offset=properties["last_enqueued_offset"],
            last_time=properties["last_enqueued_time_utc"],
            is_empty=properties["is_empty"],
        )

    def receive(self, partition: str, start: int | datetime | None, take: Callable[[Sequence[Message]], bool]) -> None:
        ended = False
        raised: Exception | None = None

        def end(failure: Exception | None = None) -> None:
            # The first reason counts: closing may fail in its turn.
            nonlocal ended, raised
            if not ended:
                ended, raised = True, failure
                client.close()

        def on_batch(_: Any, batch: Sequence[EventData]) -> None:
            if ended:
                return
            try:
                if not take([_message(event) for event in batch]):
                    end()
            except Exception as failure:
                # The SDK would log it and go on: it is raised below instead.
                end(failure)

        def on_error(_: Any, error: Exception) -> None:
            # Left open, the SDK would begin again at `start`.
            end(_failure(error, "receive"))

        with _failures("receive"), self._client() as client:
            # The SDK lists the partitions again before it receives, and spins until it knows them.
            client.get_partition_ids = lambda: [partition]  # type: ignore[method-assign]
            client.receive_batch(
                on_event_batch=on_batch,
                on_error=on_error,
                partition_id=partition,
                starting_position=_OLDEST if start is None else start,
                starting_position_inclusive=isinstance(start, datetime),
                owner_level=OWNER_LEVEL,
                max_batch_size=PREFETCH,
                prefetch=PREFETCH,
                max_wait_time=_IDLE_SECONDS,
            )
        if raised:
            raise raised

    def _client(self) -> EventHubConsumerClient:
        return self._connect(
            self._connection.connection_string,
            consumer_group=self._connection.consumer_group,
            eventhub_name=self._connection.event_hub_name,
            retry_total=2,
        )


def _message(event: EventData) -> Message:
    return Message(event.sequence_number, event.offset, event.enqueued_time, _body(event))  # type: ignore[arg-type]


def _body(event: EventData) -> bytes:
    """The bytes of the body. Azure sends data sections; other senders may choose AMQP values, kept as their JSON."""
    if event.body_type == AmqpMessageBodyType.DATA:
        return b"".join(event.body)  # type: ignore[arg-type]
    value = event.body if event.body_type == AmqpMessageBodyType.VALUE else list(event.body)  # type: ignore[arg-type]
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(_plain(value), default=str).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


@contextmanager
def _failures(action: str) -> Iterator[None]:
    try:
        yield
    except EventHubError as error:
        raise _failure(error, action) from error


def _failure(error: Exception, action: str) -> Failure:
    reason = f"Event Hubs failed to {action} ({type(error).__name__}): {error}"
    if isinstance(error, AuthenticationError):
        return AuthenticationFailed(reason)
    if getattr(error, "error", None) == _LINK_STOLEN:
        return ReceiverReplaced(reason)
    return SourceFailed(reason)
