# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Collects the event log of Acme, up to its end or as far as time allows."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from helpers.api import EventLog
from slake_collector.delivery import Deadline
from slake_collector.pages import Collected, collect
from slake_collector.services import Services, services_of

logger = Logger()
tracer = Tracer(auto_patch=False)
metrics = Metrics()


@cache
def services() -> Services:
    return services_of(os.environ)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, object]:
    """Runs on a schedule; the event is not looked at. Raises what the API or AWS refused."""
    reached = services()
    deadline = Deadline(lambda: context.get_remaining_time_in_millis() / 1000)
    # The token may have been rotated since the secret was read.
    return reached.with_current_secret(lambda: _collect(reached, context, deadline)).describe()


def _collect(reached: Services, context: LambdaContext, deadline: Deadline) -> Collected:
    page_size = int(os.environ.get("EVENT_LOG_PAGE_SIZE") or 1000)
    source = EventLog(reached.secret, page_size, os.environ.get("EVENT_LOG_START_AT"))
    checkpoints = reached.checkpoints(source.origin, context.aws_request_id)
    collected = collect(source, reached.delivery(), checkpoints, deadline)
    metrics.add_metric("EventsCollected", MetricUnit.Count, collected.events)
    metrics.add_metric("RawObjects", MetricUnit.Count, collected.objects)
    metrics.add_metric("RawBytes", MetricUnit.Bytes, collected.bytes)
    version = reached.settings.module_version
    logger.info("Run done", extra={"collected": collected.describe(), "module_version": version})
    return collected
