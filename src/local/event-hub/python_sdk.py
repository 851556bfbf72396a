# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the Azure SDK for the tests: one JSON request per line on stdin, answers with its id on stdout."""

import json
import logging
import sys
import threading
import time
from datetime import UTC, datetime

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient

# Its warnings are the very errors the tests provoke; they are answered, not printed.
logging.getLogger("azure").setLevel(logging.CRITICAL)

_output = threading.Lock()


def answer(request_id, **fields):
    with _output:
        sys.stdout.write(json.dumps({"id": request_id, **fields}) + "\n")
        sys.stdout.flush()


def send(request):
    producer = EventHubProducerClient.from_connection_string(request["connection"], retry_total=0)
    with producer:
        batch = producer.create_batch(
            partition_id=request.get("partition"),
            partition_key=request.get("partition_key"),
        )
        for body in request["bodies"]:
            event = EventData(body)
            event.properties = request.get("properties") or {}
            batch.add(event)
        producer.send_batch(batch)
    return {"sent": len(batch)}


def send_one(request):
    producer = EventHubProducerClient.from_connection_string(request["connection"], retry_total=0)
    with producer:
        producer.send_event(EventData("x" * request["size"]), partition_id=request["partition"])
    return {"sent": 1}


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def describe(event):
    body = b"".join(event.body)
    return {
        "body": body.decode() if len(body) <= 4096 else None,
        "size": len(body),
        "sequence_number": event.sequence_number,
        "offset": event.offset,
        "enqueued_time": event.enqueued_time.timestamp(),
        "partition_key": text(event.partition_key),
        "properties": {text(key): text(value) for key, value in (event.properties or {}).items()},
        "last_enqueued": (event.raw_amqp_message.delivery_annotations or {}).get(b"last_enqueued_sequence_number"),
    }


def receive(request):
    """Reads one partition until `count` events came, the SDK reports an error, or nothing ends it in time."""
    position = request.get("position", "-1")
    if isinstance(position, dict):
        position = datetime.fromtimestamp(position["time"], tz=UTC)
    consumer = EventHubConsumerClient.from_connection_string(
        request["connection"],
        consumer_group=request.get("group", "$Default"),
        retry_total=request.get("retries", 0),
    )
    events, errors = [], []
    finished = threading.Event()

    def on_batch(_context, batch):
        if batch:
            if not events:
                answer(request["id"], progress="receiving")
            events.extend(batch)
        if len(events) >= request["count"]:
            finished.set()

    def on_error(_context, error):
        errors.append(f"{type(error).__name__}: {error}")
        finished.set()

    reader = threading.Thread(
        target=consumer.receive_batch,
        kwargs={
            "on_event_batch": on_batch,
            "on_error": on_error,
            "partition_id": request["partition"],
            "starting_position": position,
            "starting_position_inclusive": request.get("inclusive", False),
            "owner_level": request.get("owner_level"),
            "track_last_enqueued_event_properties": request.get("metrics", False),
            "max_wait_time": 0.3,
            "prefetch": request.get("prefetch", 300),
            "max_batch_size": request.get("prefetch", 300),
        },
        daemon=True,
    )
    begin = time.monotonic()
    reader.start()
    finished.wait(45)
    seconds = time.monotonic() - begin
    consumer.close()
    reader.join(10)
    if request.get("summary"):
        numbers = [event.sequence_number for event in events]
        return {
            "count": len(events),
            "in_order": numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True,
            "first": numbers[0] if numbers else None,
            "bytes": sum(len(b"".join(event.body)) for event in events),
            "seconds": seconds,
            "errors": errors,
        }
    return {"events": [describe(event) for event in events], "errors": errors}


def properties(request):
    consumer = EventHubConsumerClient.from_connection_string(
        request["connection"], consumer_group="$Default", retry_total=0
    )
    with consumer:
        hub = consumer.get_eventhub_properties()
        partitions = [consumer.get_partition_properties(each) for each in hub["partition_ids"]]
    hub["created_at"] = hub["created_at"].timestamp()
    for each in partitions:
        moment = each["last_enqueued_time_utc"]
        each["last_enqueued_time_utc"] = None if moment.year == 1 else moment.timestamp()
    return {"hub": hub, "partitions": partitions}


OPERATIONS = {
    "send": send,
    "send_one": send_one,
    "receive": receive,
    "properties": properties,
}


def run(request):
    try:
        answer(request["id"], result=OPERATIONS[request["operation"]](request))
    except Exception as error:
        answer(request["id"], error=f"{type(error).__name__}: {error}")


for line in sys.stdin:
    threading.Thread(target=run, args=(json.loads(line),), daemon=True).start()
