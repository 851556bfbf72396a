# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the handler on sample messages without AWS and without network: `python local_test.py`."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from azure.eventhub import EventData
from azure.eventhub.exceptions import AuthenticationError, EventHubError

if __name__ == "__main__":
    # Beside app.py in the Lambda package; in the repository it stands in collector/.
    kits = [folder / "collector" for folder in Path(__file__).resolve().parents]
    sys.path[:0] = [str(kit) for kit in kits if (kit / "slake_collector").is_dir()]

NAMESPACE = "contoso"
HUB = "security"
SECRET = {
    "connectionString": f"Endpoint=sb://{NAMESPACE}.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=sample",
    "eventHubName": HUB,
}
ENVIRONMENT = {
    "SLAKE_MODULE_ID": "azure",
    "SLAKE_MODULE_VERSION": "0.0.0",
    "SLAKE_RAW_BUCKET": "sample-raw",
    "SLAKE_QUEUE_URL": "https://sqs.invalid/azure",
    "SLAKE_CHECKPOINT_TABLE": "sample-checkpoints",
    "SLAKE_SECRET_ID": "azure-credentials",
    "POWERTOOLS_SERVICE_NAME": "azure-processor",
    "POWERTOOLS_METRICS_NAMESPACE": "Slake",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
FIRST_ENQUEUED = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
SAMPLES = [
    json.dumps({"records": [{"category": "Administrative", "level": "Information"}, {"category": "Alert"}]}),
    json.dumps({"SystemAlertId": "a-1", "AlertDisplayName": "Sample alert", "Severity": "High"}),
    json.dumps([{"type": "Microsoft.Storage.BlobCreated"}, {"type": "Microsoft.Storage.BlobCreated"}]),
    '{"category": "SignIn"}{"category": "Audit"}',
    "not JSON",
]


class HubInMemory:
    """An event hub at the boundary of the SDK; `connect` stands for `EventHubConsumerClient.from_connection_string`."""

    def __init__(self, partitions: dict[str, list[str | bytes]], first: int = 0) -> None:
        self.partitions = partitions
        #: Sequence number of the oldest message of every partition.
        self.first = first
        self.failures: dict[str, Exception] = {}
        self.refused_keys: set[str] = set()
        #: Messages handed over before a failure of `failures` comes.
        self.before_failure = 0
        self.receives: list[dict[str, Any]] = []
        self.batches = 0

    def connect(self, connection_string: str, **options: Any) -> "ConsumerInMemory":
        return ConsumerInMemory(self, connection_string)

    def event(self, partition: str, sequence_number: int) -> EventData:
        event = EventData(self.partitions[partition][sequence_number - self.first])
        time = FIRST_ENQUEUED + timedelta(seconds=sequence_number)
        event.raw_amqp_message.annotations = {
            b"x-opt-sequence-number": sequence_number,
            b"x-opt-offset": str(sequence_number * 100).encode(),
            b"x-opt-enqueued-time": int(time.timestamp() * 1000),
        }
        return event


class ConsumerInMemory:
    def __init__(self, hub: HubInMemory, connection_string: str) -> None:
        self._hub = hub
        self._connection_string = connection_string
        self._open = True

    def __enter__(self) -> "ConsumerInMemory":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._open = False

    def get_partition_ids(self) -> list[str]:
        for failure in [self._hub.failures.get("partitions"), self._refusal()]:
            if failure:
                raise failure
        return list(self._hub.partitions)

    def get_partition_properties(self, partition: str) -> dict[str, Any]:
        count = len(self._hub.partitions[partition])
        last = self._hub.first + count - 1
        return {
            "beginning_sequence_number": self._hub.first,
            "last_enqueued_sequence_number": last,
            "last_enqueued_offset": str(last * 100),
            "last_enqueued_time_utc": FIRST_ENQUEUED + timedelta(seconds=last),
            "is_empty": count == 0,
        }

    def receive_batch(
        self,
        *,
        on_event_batch: Callable[[None, Sequence[EventData]], None],
        on_error: Callable[[None, Exception], None],
        partition_id: str,
        starting_position: str | int | datetime,
        max_batch_size: int,
        **options: Any,
    ) -> None:
        self._hub.receives.append({"partition_id": partition_id, "starting_position": starting_position, **options})
        hub = self._hub
        events = [hub.event(partition_id, hub.first + index) for index in range(len(hub.partitions[partition_id]))]
        if isinstance(starting_position, int):
            events = [event for event in events if event.sequence_number > starting_position]
        if isinstance(starting_position, datetime):
            events = [event for event in events if event.enqueued_time >= starting_position]
        failure = hub.failures.pop(partition_id, None)
        if failure:
            on_event_batch(None, events[: hub.before_failure])
            on_error(None, failure)
        while self._open:
            hub.batches += 1
            on_event_batch(None, events[:max_batch_size])
            events = events[max_batch_size:]

    def _refusal(self) -> Exception | None:
        refused = any(key in self._connection_string for key in self._hub.refused_keys)
        return AuthenticationError("Unauthorized access") if refused else None


def stolen() -> EventHubError:
    """What the SDK reports when another receiver takes the partition."""
    error = EventHubError("New receiver created, the current one is disconnected")
    error.error = "link:stolen"
    return error


def main() -> int:
    """Prints what became of the samples; 0 when every one was delivered and checkpointed, else 1."""
    os.environ.update(ENVIRONMENT)
    import app
    from slake_collector.in_memory import S3, DynamoDb, LambdaContext, SecretsManager, Sqs
    from slake_collector.secret import Secret
    from slake_collector.services import Services
    from slake_collector.settings import Settings

    hub = HubInMemory({"0": list(SAMPLES), "1": list(SAMPLES[:2])})
    s3, sqs, dynamodb = S3(), Sqs(), DynamoDb()
    secret = Secret(SecretsManager({"azure-credentials": SECRET}), "azure-credentials")
    reached = Services(Settings.of(os.environ), s3, sqs, dynamodb, secret)
    app.services, app.connect = lambda: reached, hub.connect
    summary = app.lambda_handler({}, LambdaContext())

    lines = [json.loads(line) for line in s3.lines()]
    for key in sorted(s3.objects):
        print(f"object      s3://{key}")
    for body in sqs.bodies:
        pointer = json.loads(body)
        print(f"pointer     {pointer['eventcount']} events, source {pointer['source']}")
    for line in lines:
        print(f"event       {line['id']}  {json.dumps(line.get('data', '(not JSON)'))}")
    for (reader, partition), item in sorted(dynamodb.items.items()):
        print(f"checkpoint  {reader} {partition} at {item['sequence_number']['N']}")

    delivered = len(lines) == summary["events"] == 8 + 3
    checkpointed = [item["sequence_number"]["N"] for _, item in sorted(dynamodb.items.items())] == ["4", "1"]
    print("OK" if delivered and checkpointed else "FAILED")
    return 0 if delivered and checkpointed else 1


if __name__ == "__main__":
    sys.exit(main())
