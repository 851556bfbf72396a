# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: up to where a partition is safe. One item per partition, without expiry.

| attribute         | type | meaning                                                              |
|-------------------|------|----------------------------------------------------------------------|
| pk                | S    | `<module>#<namespace>/<hub>/<consumer group>`                        |
| sk                | S    | `partition#<id>`                                                     |
| v                 | N    | format of the item; a newer one than this code knows is refused      |
| sequence_number   | N    | of the last message that is safe                                     |
| offset            | S    | of that message; opaque, never compared                              |
| updated_at        | S    | RFC 3339                                                             |
| run_id            | S    | the run that wrote it                                                |
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from .envelope import rfc3339
from .failure import CheckpointConflict, CheckpointTooNew

FORMAT_VERSION = 1
# A write that is repeated because its answer was lost finds its own item: that is no conflict.
_OWN_ITEM = "(sequence_number = :sequence AND run_id = :run)"
FORWARD = f"attribute_not_exists(pk) OR (v <= :v AND (sequence_number < :sequence OR {_OWN_ITEM}))"
UNCHANGED = f"v <= :v AND (sequence_number = :seen OR {_OWN_ITEM})"


@dataclass(frozen=True)
class Position:
    """A place in a partition: everything up to and including this message."""

    sequence_number: int
    offset: str


@dataclass(frozen=True)
class Checkpoint:
    position: Position
    updated_at: str


class CheckpointTable:
    """The checkpoints of one reader (`<module>#<namespace>/<hub>/<consumer group>`)."""

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        reader: str,
        run_id: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._reader = reader
        self._run_id = run_id
        self._now = now

    def load(self, partition: str) -> Checkpoint | None:
        """Raises CheckpointTooNew for an item of a later format: ignoring it would read everything again."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=self._key(partition), ConsistentRead=True)
        item = answer.get("Item")
        if not item:
            return None
        self._check_version(partition, item)
        position = Position(int(item["sequence_number"]["N"]), item["offset"]["S"])
        return Checkpoint(position, item["updated_at"]["S"])

    def save(self, partition: str, position: Position) -> None:
        """Moves the checkpoint forward; raises CheckpointConflict when it stands at or past `position` already."""
        self._put(partition, position, FORWARD, {})

    def reset(self, partition: str, position: Position, seen: Checkpoint) -> None:
        """Moves the checkpoint anywhere, also back; raises CheckpointConflict when it is no longer `seen`."""
        self._put(partition, position, UNCHANGED, {":seen": {"N": str(seen.position.sequence_number)}})

    def _put(self, partition: str, position: Position, condition: str, values: dict[str, dict[str, str]]) -> None:
        sequence = {"N": str(position.sequence_number)}
        version = {"N": str(FORMAT_VERSION)}
        run = {"S": self._run_id}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **self._key(partition),
                    "v": version,
                    "sequence_number": sequence,
                    "offset": {"S": position.offset},
                    "updated_at": {"S": rfc3339(self._now())},
                    "run_id": run,
                },
                ConditionExpression=condition,
                ExpressionAttributeValues={":sequence": sequence, ":v": version, ":run": run, **values},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            standing = error.response.get("Item", {})
            self._check_version(partition, standing)
            stands = standing.get("sequence_number", {}).get("N", "elsewhere")
            raise CheckpointConflict(
                f"The checkpoint of partition {partition} stands at {stands}, so {position.sequence_number} was refused"
            ) from error

    def _check_version(self, partition: str, item: dict[str, dict[str, str]]) -> None:
        version = int(item.get("v", {}).get("N", FORMAT_VERSION))
        if version > FORMAT_VERSION:
            raise CheckpointTooNew(
                f"The checkpoint of partition {partition} has format {version}; this version knows {FORMAT_VERSION}"
            )

    def _key(self, partition: str) -> dict[str, dict[str, str]]:
        return {"pk": {"S": self._reader}, "sk": {"S": f"partition#{partition}"}}
