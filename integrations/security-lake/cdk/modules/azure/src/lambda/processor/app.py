# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Collects what an event hub holds: each run brings every partition up to what it held when the run looked."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from azure.eventhub import EventHubConsumerClient

from helpers.connection import Connection
from helpers.event_hub import EventHub
from slake_collector.delivery import Deadline
from slake_collector.run import Summary, run
from slake_collector.services import Services, services_of
from slake_collector.settings import start_of

logger = Logger()
# Partitions are read in threads of their own, where a patched client would find no segment.
tracer = Tracer(auto_patch=False)
metrics = Metrics()

#: What one partition may hold in memory: two batches of messages of 1 MiB would be more, most messages are far smaller.
_PARTITION_MEMORY_MB = 192
_MOST_WORKERS = 8

#: Opens what a connection string names.
connect = EventHubConsumerClient.from_connection_string


@cache
def services() -> Services:
    return services_of(os.environ, connections=_MOST_WORKERS)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, object]:
    """Runs on a schedule; the event is not looked at. Raises when a partition failed, after the others are done."""
    reached = services()
    deadline = Deadline(lambda: context.get_remaining_time_in_millis() / 1000)
    # The key may have been rotated since the secret was read.
    return reached.with_current_secret(lambda: _collect(reached, context, deadline)).describe()


def _collect(reached: Services, context: LambdaContext, deadline: Deadline) -> Summary:
    connection = Connection.of(reached.secret, os.environ.get("EVENT_HUB_CONSUMER_GROUP"))
    origin = f"{connection.namespace}/{connection.hub}/{connection.consumer_group}"
    summary = run(
        EventHub(connection, connect),
        reached.delivery(),
        reached.checkpoints(origin, context.aws_request_id),
        deadline,
        start=start_of(os.environ, "EVENT_HUB_STARTING_POSITION"),
        workers=max(1, min(_MOST_WORKERS, int(context.memory_limit_in_mb) // _PARTITION_MEMORY_MB)),
    )
    _measure(summary)
    version = reached.settings.module_version
    logger.info("Run done", extra={"collected": summary.describe(), "module_version": version})
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
