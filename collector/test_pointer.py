# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Pointers: every one is accepted by the queue when send returns, or send raises."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slake_collector.failure import PointerRefused
from slake_collector.in_memory import Sqs
from slake_collector.pointer import BATCH_BYTES, PointerQueue, pointer

VALID = json.loads((Path(__file__).parents[1] / "test" / "vectors" / "envelope.json").read_text())["pointers"]["valid"]


class Refusing(Sqs):
    """Refuses the bodies of `refusals` as many times as they say."""

    def __init__(self, refusals: dict[str, int], sender_fault: bool = False) -> None:
        super().__init__()
        self.refusals = refusals
        self.sender_fault = sender_fault
        self.calls: list[int] = []

    def send_message_batch(self, *, QueueUrl, Entries):
        self.calls.append(len(Entries))
        failed = []
        for entry in Entries:
            if self.refusals.get(entry["MessageBody"], 0):
                self.refusals[entry["MessageBody"]] -= 1
                failed.append({"Id": entry["Id"], "SenderFault": self.sender_fault, "Code": "InternalError"})
        refused = {entry["Id"] for entry in failed}
        super().send_message_batch(QueueUrl=QueueUrl, Entries=[one for one in Entries if one["Id"] not in refused])
        return {"Failed": failed}


def queue_of(sqs: Sqs, pauses: list[float] | None = None) -> PointerQueue:
    return PointerQueue(sqs, "https://sqs.invalid/q", pause=(pauses if pauses is not None else []).append)


def test_a_pointer_has_the_shape_of_the_contract():
    wanted = VALID[0]["value"]
    key = wanted["id"]

    body = pointer("slake-raw", key, wanted["source"], wanted["type"], datetime(2026, 1, 2, 3, 9, tzinfo=UTC), 118)

    assert json.loads(body) == wanted


def test_batches_hold_ten_entries():
    sqs = Refusing({})

    queue_of(sqs).send([str(number) for number in range(25)])

    assert sqs.calls == [10, 10, 5]
    assert sqs.bodies == [str(number) for number in range(25)]


def test_batches_hold_one_mebibyte_of_utf_8():
    sqs = Refusing({})
    third = "ä" * (BATCH_BYTES // 6)

    queue_of(sqs).send([third] * 4 + ["x" * BATCH_BYTES])

    assert sqs.calls == [3, 1, 1]


def test_a_body_over_the_limit_is_refused_before_anything_of_its_batch_is_sent():
    sqs = Sqs()

    with pytest.raises(PointerRefused, match="1048577 bytes"):
        queue_of(sqs).send(["x" * (BATCH_BYTES + 1)])

    assert sqs.bodies == []


def test_only_what_failed_is_sent_again_after_growing_pauses():
    sqs, pauses = Refusing({"b": 3}), []

    queue_of(sqs, pauses).send(["a", "b", "c"])

    assert sqs.calls == [3, 1, 1, 1]
    assert sorted(sqs.bodies) == ["a", "b", "c"]
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 3


def test_what_keeps_failing_raises():
    with pytest.raises(PointerRefused, match=r"SLK-COL-009 .* 1 pointers 5 times: InternalError"):
        queue_of(Refusing({"b": 99})).send(["a", "b"])


def test_the_senders_fault_is_not_repeated():
    sqs = Refusing({"a": 1}, sender_fault=True)

    with pytest.raises(PointerRefused, match="InternalError"):
        queue_of(sqs).send(["a"])

    assert sqs.calls == [1]
