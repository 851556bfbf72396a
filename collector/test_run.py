# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The run loop: wherever it breaks off, every message is in an object whose pointer was sent, or is read again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from slake_collector.checkpoint import CheckpointTable, Position
from slake_collector.delivery import Deadline, Delivery
from slake_collector.failure import AuthenticationFailed, CheckpointTooNew, ReceiverReplaced, RunFailed, SourceFailed
from slake_collector.in_memory import S3, DynamoDb, Sqs
from slake_collector.pointer import PointerQueue
from slake_collector.raw_object import RawBucket
from slake_collector.run import Summary, run
from slake_collector.settings import Start
from slake_collector.source import Extent, Message

FIRST_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Log:
    """A source of one or more partitions, held in memory; its messages are numbered from `first`."""

    stream = "com.example.log"

    def __init__(self, *counts: int, first: int = 0) -> None:
        self.counts = list(counts)
        self.first = first
        self.batch = 10
        self.started: list[tuple[str, object]] = []
        self.before_batch: Callable[[int], None] = lambda number: None
        self.silent = False

    def partitions(self) -> list[str]:
        return [str(number) for number in range(len(self.counts))]

    def origin(self, partition: str) -> str:
        return f"ns/log/{partition}"

    def message(self, number: int) -> Message:
        return Message(number, f"o{number}", FIRST_TIME + timedelta(seconds=number), b'{"n":%d}' % number)

    def extent(self, partition: str) -> Extent:
        count = self.counts[int(partition)]
        last = self.first + count - 1
        return Extent(self.first, last, f"o{last}", FIRST_TIME + timedelta(seconds=last), count == 0)

    def receive(self, partition, start, take) -> None:
        self.started.append((partition, start))
        messages = [self.message(self.first + index) for index in range(self.counts[int(partition)])]
        if isinstance(start, int):
            messages = [message for message in messages if message.sequence_number > start]
        if isinstance(start, datetime):
            messages = [message for message in messages if message.time >= start]
        number = 0
        wanted = True
        while wanted:
            self.before_batch(number)
            wanted = take([] if self.silent else messages[: self.batch])
            messages = messages[self.batch :]
            number += 1


class World:
    """AWS in memory, which outlasts the runs."""

    def __init__(self, object_bytes: int = 10**9) -> None:
        self.s3, self.sqs, self.dynamodb = S3(), Sqs(), DynamoDb()
        self.object_bytes = object_bytes
        self.runs = 0

    def table(self) -> CheckpointTable:
        return CheckpointTable(self.dynamodb, "checkpoints", "m#ns/log/g", f"run-{self.runs}")

    def run(self, log: Log, start: Start = "earliest", remaining: Callable[[], float] = lambda: 300.0) -> Summary:
        self.runs += 1
        queue = PointerQueue(self.sqs, "https://sqs.invalid/q", pause=lambda seconds: None)
        delivery = Delivery("m", RawBucket(self.s3, "raw"), queue, self.object_bytes)
        return run(log, delivery, self.table(), Deadline(remaining), start, workers=4)

    def delivered(self) -> list[int]:
        """The numbers of the messages in objects whose pointer was sent, in order."""
        keys = {json.loads(body)["id"] for body in self.sqs.bodies}
        kept = S3()
        kept.objects = {name: body for name, body in self.s3.objects.items() if name.removeprefix("raw/") in keys}
        return sorted(json.loads(line)["data"]["n"] for line in kept.lines())

    def position(self, partition: str = "0") -> int | None:
        checkpoint = self.table().load(partition)
        return checkpoint.position.sequence_number if checkpoint else None


def test_every_message_of_every_partition_is_delivered_once():
    world = World()

    summary = world.run(Log(25, 0, 7))

    assert world.delivered() == sorted([*range(25), *range(7)])
    assert [world.position("0"), world.position("1"), world.position("2")] == [24, None, 6]
    assert (summary.events, summary.objects, summary.lost) == (32, 2, 0)
    assert {result.status for result in summary.partitions} == {"caught up"}
    assert summary.bytes == sum(map(len, world.s3.objects.values()))


def test_the_next_run_goes_on_after_the_checkpoint():
    world, log = World(), Log(25)
    world.run(log)
    log.counts[0] = 40

    world.run(log)
    world.run(log)

    assert log.started == [("0", None), ("0", 24)]
    assert world.delivered() == list(range(40))


def test_pointers_tell_where_the_object_is_and_how_much_it_holds():
    world = World()

    world.run(Log(25))

    [body] = world.sqs.bodies
    told = json.loads(body)
    assert told["dataref"] == f"s3://raw/{told['id']}"
    assert told["id"] == "raw/m/com.example.log/2026-01-02/ns_log_0_0-24_2026-01-02T030405.000Z.ndjson.gz"
    assert (told["source"], told["type"], told["eventcount"]) == ("//ns/log/0", "com.example.log", 25)


def test_objects_end_at_their_size_and_each_is_checkpointed():
    world, log = World(object_bytes=1000), Log(25)

    def fail_in_third_batch(number: int) -> None:
        if number == 2:
            raise RuntimeError("the container ends here")

    log.before_batch = fail_in_third_batch
    world.run(log)

    assert len(world.sqs.bodies) >= 2
    assert world.delivered() == list(range(world.position() + 1))


CRASHES = {
    "while receiving": lambda world, log: setattr(log, "before_batch", _crash_at_second_batch),
    "at the raw object": lambda world, log: setattr(world.s3, "failure", RuntimeError("crash")),
    "after the raw object": lambda world, log: setattr(world.sqs, "failure", RuntimeError("crash")),
    "after the pointer": lambda world, log: world.crash_at_checkpoint(),
}


def _crash_at_second_batch(number: int) -> None:
    if number == 1:
        raise RuntimeError("crash")


class CrashingWorld(World):
    def crash_at_checkpoint(self) -> None:
        put_item = self.dynamodb.put_item

        def crash(**_):
            self.dynamodb.put_item = put_item
            raise RuntimeError("crash")

        self.dynamodb.put_item = crash


@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES.keys())
def test_a_crash_loses_nothing(crash):
    world, log = CrashingWorld(), Log(25)
    crash(world, log)

    summary = world.run(log)

    assert summary.partitions[0].status == "failed"
    assert world.position() is None
    with pytest.raises(RunFailed, match=r"1 of 1 partitions failed: 0 \(RuntimeError\)"):
        summary.raise_failures()
    # The next run, undisturbed, delivers everything under the same names: nothing twice.
    log.before_batch = lambda number: None
    assert world.run(log).events == 25
    assert world.delivered() == list(range(25))
    assert world.position() == 24
    assert len(world.s3.objects) == 1


def test_a_refused_pointer_leaves_the_checkpoint():
    world = World()
    refuse = {"Failed": [{"Id": "0", "SenderFault": False, "Code": "InternalError"}]}
    send = world.sqs.send_message_batch
    world.sqs.send_message_batch = lambda **_: refuse

    assert world.run(Log(25)).partitions[0].status == "failed"
    assert world.position() is None

    world.sqs.send_message_batch = send
    world.run(Log(25))
    assert world.delivered() == list(range(25))


def test_a_failing_partition_does_not_stop_the_others():
    world, log = World(), Log(25, 25)
    extent = log.extent

    def fail(partition):
        if partition == "0":
            raise SourceFailed("not now")
        return extent(partition)

    log.extent = fail
    summary = world.run(log)

    assert world.position("1") == 24
    with pytest.raises(RunFailed, match="1 of 2 partitions failed: 0"):
        summary.raise_failures()


def test_what_came_before_the_source_failed_is_delivered():
    world, log = World(), Log(25)

    def fail(number: int) -> None:
        if number == 2:
            raise SourceFailed("connection lost")

    log.before_batch = fail
    summary = world.run(log)

    assert summary.partitions[0].status == "failed"
    assert world.delivered() == list(range(20))
    assert world.position() == 19


def test_a_source_that_stops_by_itself_is_no_success():
    world, log = World(), Log(25)
    log.receive = lambda partition, start, take: take([log.message(0)])

    with pytest.raises(RunFailed, match="SourceFailed"):
        world.run(log).raise_failures()

    assert world.delivered() == [0]


def test_a_refused_key_comes_out_as_such():
    world, log = World(), Log(1, 1)
    log.before_batch = lambda number: (_ for _ in ()).throw(AuthenticationFailed("refused"))

    with pytest.raises(AuthenticationFailed):
        world.run(log).raise_failures()


def test_a_replaced_receiver_ends_without_delivering_and_is_no_failure():
    world, log = World(), Log(25)

    def steal(number: int) -> None:
        if number == 1:
            raise ReceiverReplaced("stolen")

    log.before_batch = steal
    summary = world.run(log)
    summary.raise_failures()

    assert summary.partitions[0].status == "replaced"
    assert (world.delivered(), world.position()) == ([], None)


def test_a_checkpoint_that_another_run_moved_is_left_alone():
    world, log = World(), Log(25)
    log.before_batch = lambda number: number or world.table().save("0", Position(30, "o30"))

    summary = world.run(log)
    summary.raise_failures()

    assert summary.partitions[0].status == "overtaken"
    assert world.position() == 30


def test_repeated_and_reordered_deliveries_of_a_link_are_taken_once():
    world, log = World(), Log(25)
    receive = log.receive

    def twice(partition, start, take):
        receive(partition, start, lambda messages: take([*messages, *messages]))

    log.receive = twice
    world.run(log)

    assert world.delivered() == list(range(25))


def test_it_stops_at_the_deadline_with_everything_taken_delivered():
    world, log = World(), Log(25)
    # Counts: at the start, before the partition, after each batch.
    remaining = iter([300.0, 300.0, 300.0, 24.0])
    summary = world.run(log, remaining=lambda: next(remaining))

    assert summary.partitions[0].status == "deadline"
    assert (world.delivered(), world.position()) == (list(range(20)), 19)
    assert summary.partitions[0].lag == 5


def test_a_short_time_still_collects_something():
    assert World().run(Log(5), remaining=lambda: 10.0).events == 5


def test_partitions_the_deadline_left_out_come_first_in_the_next_run():
    world, log = World(), Log(5, 5)
    world.run(log)
    world.dynamodb.items["m#ns/log/g", "partition#1"]["updated_at"] = {"S": "2020-01-01T00:00:00.000Z"}
    log.counts = [9, 9]
    remaining = iter([300.0])

    summary = world.run(log, remaining=lambda: next(remaining, 0.0))

    assert [(result.partition, result.status) for result in summary.partitions] == [
        ("1", "not reached"),
        ("0", "not reached"),
    ]
    summary.raise_failures()


def test_a_partition_that_gives_nothing_ends_the_wait():
    world, log = World(), Log(25)
    log.silent = True

    summary = world.run(log)

    assert summary.partitions[0].status == "stalled"
    assert summary.partitions[0].lag == 25
    assert world.position() is None


def test_expired_messages_are_counted_once_and_the_rest_is_read():
    world = World()
    world.run(Log(5))
    log = Log(5, first=20)

    summary = world.run(log)
    again = world.run(log)

    assert (summary.lost, again.lost) == (15, 0)
    assert log.started == [("0", None)]
    assert world.delivered() == [*range(5), *range(20, 25)]


def test_an_emptied_partition_counts_what_expired_once():
    world = World()
    world.run(Log(5))
    log = Log(0, first=20)

    summary = world.run(log)
    again = world.run(log)

    assert (summary.lost, again.lost) == (15, 0)
    assert world.position() == 19


def test_a_hub_made_again_is_read_from_its_start():
    world = World()
    world.run(Log(25))
    log = Log(7)

    world.run(log)

    assert log.started == [("0", None)]
    assert world.position() == 6
    assert len(world.sqs.bodies) == 2


def test_a_hub_made_again_and_empty_is_remembered_before_it_grows():
    world = World()
    world.run(Log(5))
    world.run(Log(0))

    summary = world.run(Log(25))

    assert summary.events == 25
    assert world.position() == 24


def test_latest_begins_with_what_comes_after_the_first_run():
    world, log = World(), Log(25)

    assert world.run(log, start="latest").events == 0
    log.counts[0] = 30
    assert world.run(log, start="latest").events == 5

    assert world.delivered() == list(range(25, 30))


def test_a_time_begins_there():
    world, log = World(), Log(25)

    world.run(log, start=FIRST_TIME + timedelta(seconds=20))

    assert world.delivered() == list(range(20, 25))
    assert world.position() == 24


def test_a_time_to_come_begins_there_too():
    world, log = World(), Log(25)
    start = FIRST_TIME + timedelta(seconds=27)

    assert world.run(log, start=start).events == 0
    log.counts[0] = 30
    world.run(log, start=start)

    assert log.started == [("0", start)]
    assert world.delivered() == [27, 28, 29]


def test_a_checkpoint_of_a_later_version_stops_the_run_before_anything_is_read():
    world, log = World(), Log(25)
    world.run(log)
    world.dynamodb.items["m#ns/log/g", "partition#0"]["v"] = {"N": "2"}

    with pytest.raises(CheckpointTooNew):
        world.run(log)
