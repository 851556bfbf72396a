# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Prints how many events per second become a raw object: `python measure.py`. One thread, no network."""

import json
import random
import time
from datetime import UTC, datetime, timedelta

from slake_collector.envelope import events
from slake_collector.raw_object import RawObject

EVENTS = 50_000
ROUNDS = 5
RECORDS_PER_MESSAGE = 100
FIRST = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def record(number: int, chance: random.Random) -> str:
    """About 1 KB of JSON in the shape of an activity log record."""

    def identifier() -> str:
        return f"{chance.getrandbits(128):032x}"

    return json.dumps(
        {
            "time": f"2026-01-02T03:{number % 60:02d}:05.{number % 1000:03d}Z",
            "resourceId": f"/SUBSCRIPTIONS/{identifier()}/RESOURCEGROUPS/RG-{number % 50}/PROVIDERS/MICROSOFT.COMPUTE"
            f"/VIRTUALMACHINES/VM{number % 500}",
            "operationName": "MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE",
            "category": "Administrative",
            "resultType": "Success",
            "durationMs": chance.randrange(1000),
            "callerIpAddress": f"10.{number % 255}.{number % 251}.{number % 13}",
            "correlationId": identifier(),
            "identity": {
                "authorization": {
                    "scope": f"/subscriptions/{identifier()}",
                    "action": "Microsoft.Compute/virtualMachines/write",
                    "evidence": {"role": "Contributor", "roleAssignmentId": identifier()},
                },
                "claims": {"appid": identifier(), "upn": f"user{number % 300}@example.com", "ver": "1.0"},
            },
            "level": "Information",
            "properties": {
                "statusCode": "OK",
                "serviceRequestId": identifier(),
                "entity": f"/subscriptions/{identifier()}",
                "message": "Microsoft.Compute/virtualMachines/write",
            },
        },
        separators=(",", ":"),
    )


def collect(bodies: list[bytes]) -> tuple[float, RawObject]:
    """Processor seconds of this thread, and the object."""
    raw = RawObject()
    begin = time.thread_time()
    for number, body in enumerate(bodies):
        enqueued = FIRST + timedelta(milliseconds=number // 10)
        raw.add(events(f"contoso/security/0/{number}", "//contoso/security/0", "com.example", enqueued, body))
    raw.finish()
    return time.thread_time() - begin, raw


def main() -> None:
    chance = random.Random(1)  # noqa: S311
    records = [record(number, chance) for number in range(EVENTS)]
    groups = [records[at : at + RECORDS_PER_MESSAGE] for at in range(0, EVENTS, RECORDS_PER_MESSAGE)]
    shapes = {
        "one record per message": [text.encode() for text in records],
        f"{RECORDS_PER_MESSAGE} records per message": [
            f'{{"records":[{",".join(group)}]}}'.encode() for group in groups
        ],
    }
    print(f"mean record: {sum(map(len, records)) / EVENTS:.0f} bytes")
    for shape, bodies in shapes.items():
        seconds, raw = min((collect(bodies) for _ in range(ROUNDS)), key=lambda result: result[0])
        print(f"{shape}: {raw.count / seconds:,.0f} events/s, {raw.text_bytes / seconds / 1e6:.0f} MB/s of text")


if __name__ == "__main__":
    main()
