# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Collects what an event hub holds: each run brings every partition up to what it held when the run looked."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from azure.eventhub import EventHubConsumerClient
from botocore.config import Config
from botocore.session import Session

from helpers.connection import Connection
from helpers.event_hub import EventHub
from slake_collector.checkpoint import CheckpointTable
from slake_collector.delivery import Deadline, Delivery
from slake_collector.failure import AuthenticationFailed
from slake_collector.pointer import PointerQueue
from slake_collector.raw_object import RawBucket
from slake_collector.run import Summary, run
from slake_collector.secret import Secret
from slake_collector.settings import Settings, start_of

logger = Logger()
# Partitions are read in threads of their own, where a patched client would find no segment.
tracer = Tracer(auto_patch=False)
metrics = Metrics()

#: What one partition may hold in memory: two batches of messages of 1 MiB would be more, most messages are far smaller.
_PARTITION_MEMORY_MB = 192
_MOST_WORKERS = 8


@dataclass(frozen=True)
class Services:
    """What the handler reaches; made once per container."""

    settings: Settings
    s3: Any
    sqs: Any
    dynamodb: Any
    secret: Secret
    connect: Callable[..., EventHubConsumerClient] = EventHubConsumerClient.from_connection_string


@cache
def services() -> Services:
    settings = Settings.of(os.environ)
    session = Session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=_MOST_WORKERS)
    return Services(
        settings=settings,
        s3=session.create_client("s3", config=config),
        sqs=session.create_client("sqs", config=config),
        dynamodb=session.create_client("dynamodb", config=config),
        secret=Secret(session.create_client("secretsmanager", config=config), settings.secret_id),
    )


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, object]:
    """Runs on a schedule; the event is not looked at. Raises when a partition failed, after the others are done."""
    reached = services()
    deadline = Deadline(lambda: context.get_remaining_time_in_millis() / 1000)
    try:
        return _collect(reached, context, deadline).describe()
    except AuthenticationFailed:
        # The key may have been rotated since the secret was read.
        if not reached.secret.refresh():
            raise
        logger.warning("The source refused the key; the secret has changed since it was read")
        return _collect(reached, context, deadline).describe()


def _collect(reached: Services, context: LambdaContext, deadline: Deadline) -> Summary:
    settings = reached.settings
    connection = Connection.of(reached.secret, os.environ.get("EVENT_HUB_CONSUMER_GROUP"))
    reader = f"{settings.module_id}#{connection.namespace}/{connection.hub}/{connection.consumer_group}"
    summary = run(
        EventHub(connection, reached.connect),
        Delivery(
            module_id=settings.module_id,
            bucket=RawBucket(reached.s3, settings.raw_bucket),
            queue=PointerQueue(reached.sqs, settings.queue_url),
            raw_object_bytes=settings.raw_object_bytes,
        ),
        CheckpointTable(reached.dynamodb, settings.checkpoint_table, reader, context.aws_request_id),
        deadline,
        start=start_of(os.environ, "EVENT_HUB_STARTING_POSITION"),
        workers=max(1, min(_MOST_WORKERS, int(context.memory_limit_in_mb) // _PARTITION_MEMORY_MB)),
    )
    _measure(summary)
    logger.info("Run done", extra={"collected": summary.describe(), "module_version": settings.module_version})
    summary.raise_failures()
    return summary


def _measure(summary: Summary) -> None:
    metrics.add_metric("EventsCollected", MetricUnit.Count, summary.events)
    metrics.add_metric("RawObjects", MetricUnit.Count, summary.objects)
    metrics.add_metric("RawBytes", MetricUnit.Bytes, summary.bytes)
    metrics.add_metric("EventsLost", MetricUnit.Count, summary.lost)
    for result in summary.partitions:
        if result.lag is not None:
            metrics.add_metric("CheckpointLag", MetricUnit.Count, result.lag)
