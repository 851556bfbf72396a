# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The run loop over all partitions of a source, until they are caught up or the deadline comes.

Wherever a run breaks off, the next one starts at the checkpoints and delivers again what was not checkpointed; a raw
object of the same messages overwrites itself.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from .checkpoint import CheckpointTable
from .delivery import Deadline, Delivery
from .failure import AuthenticationFailed, RunFailed
from .partition import PartitionReader, PartitionResult
from .settings import Start
from .source import Source

logger = Logger(child=True)


@dataclass(frozen=True)
class Summary:
    partitions: Sequence[PartitionResult]

    @property
    def events(self) -> int:
        return sum(result.events for result in self.partitions)

    @property
    def objects(self) -> int:
        return sum(result.objects for result in self.partitions)

    @property
    def bytes(self) -> int:
        return sum(result.bytes for result in self.partitions)

    @property
    def lost(self) -> int:
        return sum(result.lost for result in self.partitions)

    def describe(self) -> dict[str, object]:
        """Plain values, for the log and the answer of the Lambda function."""
        return {
            "events": self.events,
            "objects": self.objects,
            "bytes": self.bytes,
            "lost": self.lost,
            "partitions": [result.describe() for result in self.partitions],
        }

    def raise_failures(self) -> None:
        """Raises when a partition failed, so that the invocation counts as an error; AuthenticationFailed first."""
        failures = {result.partition: result.failure for result in self.partitions if result.failure}
        if not failures:
            return
        for failure in failures.values():
            if isinstance(failure, AuthenticationFailed):
                raise failure
        reasons = ", ".join(f"{partition} ({type(failure).__name__})" for partition, failure in failures.items())
        message = f"{len(failures)} of {len(self.partitions)} partitions failed: {reasons}"
        raise RunFailed(message) from next(iter(failures.values()))


def run(
    source: Source,
    delivery: Delivery,
    checkpoints: CheckpointTable,
    deadline: Deadline,
    start: Start = "earliest",
    workers: int = 1,
) -> Summary:
    """Brings every partition up to what it held when the run looked, or as far as the deadline allows.

    `workers` partitions are read at once; each holds what its source buffers plus one compressed raw object.
    Those checkpointed longest ago come first, so none starves when time is short. A partition that fails does not stop
    the others: ask `raise_failures` of the summary. Raises SourceFailed when the partitions cannot be listed, and
    CheckpointTooNew.
    """
    saved = {partition: checkpoints.load(partition) for partition in source.partitions()}
    order = sorted(saved, key=lambda partition: (at.updated_at if (at := saved[partition]) else "", partition))

    def read(partition: str) -> PartitionResult:
        if deadline.passed():
            return PartitionResult(partition)
        result = PartitionReader(source, delivery, checkpoints, deadline, partition).read(saved[partition], start)
        logger.info("Partition done", extra={"collected": result.describe()})
        return result

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="partition") as pool:
        return Summary(list(pool.map(read, order)))
