# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Collects the event log of Acme, up to its end or as far as time allows."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.session import Session

from helpers.api import EventLog
from slake_collector.checkpoint import CheckpointTable
from slake_collector.delivery import Deadline, Delivery
from slake_collector.failure import AuthenticationFailed
from slake_collector.pages import Collected, collect
from slake_collector.pointer import PointerQueue
from slake_collector.raw_object import RawBucket
from slake_collector.secret import Secret
from slake_collector.settings import Settings

logger = Logger()
tracer = Tracer(auto_patch=False)
metrics = Metrics()


@dataclass(frozen=True)
class Services:
    """What the handler reaches; made once per container."""

    settings: Settings
    s3: Any
    sqs: Any
    dynamodb: Any
    secret: Secret


@cache
def services() -> Services:
    settings = Settings.of(os.environ)
    session = Session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5})
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
    """Runs on a schedule; the event is not looked at. Raises what the API or AWS refused."""
    reached = services()
    deadline = Deadline(lambda: context.get_remaining_time_in_millis() / 1000)
    try:
        return _collect(reached, context, deadline).describe()
    except AuthenticationFailed:
        # The token may have been rotated since the secret was read.
        if not reached.secret.refresh():
            raise
        logger.warning("The API refused the token; the secret has changed since it was read")
        return _collect(reached, context, deadline).describe()


def _collect(reached: Services, context: LambdaContext, deadline: Deadline) -> Collected:
    settings = reached.settings
    page_size = int(os.environ.get("EVENT_LOG_PAGE_SIZE") or 1000)
    source = EventLog(reached.secret, page_size, os.environ.get("EVENT_LOG_START_AT"))
    reader = f"{settings.module_id}#{source.origin}"
    delivery = Delivery(
        module_id=settings.module_id,
        bucket=RawBucket(reached.s3, settings.raw_bucket),
        queue=PointerQueue(reached.sqs, settings.queue_url),
        raw_object_bytes=settings.raw_object_bytes,
    )
    checkpoints = CheckpointTable(reached.dynamodb, settings.checkpoint_table, reader, context.aws_request_id)
    collected = collect(source, delivery, checkpoints, deadline)
    metrics.add_metric("EventsCollected", MetricUnit.Count, collected.events)
    metrics.add_metric("RawObjects", MetricUnit.Count, collected.objects)
    metrics.add_metric("RawBytes", MetricUnit.Bytes, collected.bytes)
    logger.info("Run done", extra={"collected": collected.describe(), "module_version": settings.module_version})
    return collected
