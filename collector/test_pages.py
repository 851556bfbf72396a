# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""A paged log: wherever a run breaks off, every record is in an object whose pointer was sent, or is read again."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from slake_collector import pages
from slake_collector.checkpoint import CheckpointTable
from slake_collector.delivery import Deadline, Delivery
from slake_collector.failure import AuthenticationFailed, PointerRefused, SourceFailed
from slake_collector.in_memory import S3, DynamoDb, Sqs
from slake_collector.pages import Collected, Page, Record, collect
from slake_collector.pointer import PointerQueue
from slake_collector.raw_object import RawBucket

FIRST_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Log:
    """`count` records, handed out `size` at a time; its cursors are `c<records before>`."""

    stream = "com.example.log"
    origin = "api.example.com/log"

    def __init__(self, count: int, size: int = 2) -> None:
        self.count = count
        self.size = size
        self.asked: list[str | None] = []
        self.before_page: Callable[[int], None] = lambda number: None

    def page(self, cursor: str | None) -> Page:
        self.asked.append(cursor)
        self.before_page(len(self.asked))
        start = int(cursor[1:]) if cursor else 0
        end = min(start + self.size, self.count)
        records = [
            Record(f"r{number}", FIRST_TIME + timedelta(seconds=number), f'{{"n":{number}}}')
            for number in range(start, end)
        ]
        return Page(records, f"c{end}", end < self.count)


class World:
    """AWS in memory, which outlasts the runs."""

    def __init__(self, object_bytes: int = 10**9) -> None:
        self.s3, self.sqs, self.dynamodb = S3(), Sqs(), DynamoDb()
        self.object_bytes = object_bytes
        self.runs = 0

    def run(self, log: Log, remaining: Callable[[], float] = lambda: 300.0) -> Collected:
        self.runs += 1
        queue = PointerQueue(self.sqs, "https://sqs.invalid/q", pause=lambda seconds: None)
        delivery = Delivery("m", RawBucket(self.s3, "raw"), queue, self.object_bytes)
        table = CheckpointTable(self.dynamodb, "checkpoints", "m#api.example.com/log", f"run-{self.runs}")
        return collect(log, delivery, table, Deadline(remaining))

    def numbers(self) -> list[int]:
        return [json.loads(line)["data"]["n"] for line in self.s3.lines()]

    def position(self) -> tuple[int, str] | None:
        items = list(self.dynamodb.items.values())
        return (int(items[0]["sequence_number"]["N"]), items[0]["offset"]["S"]) if items else None


def fail_at(page: int, failure: Exception) -> Callable[[int], None]:
    def before(number: int) -> None:
        if number == page:
            raise failure

    return before


def test_a_log_is_read_to_its_end_and_the_next_run_goes_on_behind_it():
    world, log = World(), Log(5)

    first = world.run(log)
    log.count = 7
    second = world.run(log)

    assert (first.status, first.pages, first.events, first.objects) == ("caught up", 3, 5, 1)
    assert (second.pages, second.events, second.objects) == (1, 2, 1)
    assert world.numbers() == [0, 1, 2, 3, 4, 5, 6]
    assert log.asked == [None, "c2", "c4", "c5"]
    assert world.position() == (4, "c7")


def test_events_are_named_by_what_the_service_calls_them():
    world = World()

    world.run(Log(1))

    [line] = [json.loads(line) for line in world.s3.lines()]
    assert line == {
        "specversion": "1.0",
        "id": "api.example.com/log/r0",
        "source": "//api.example.com/log",
        "type": "com.example.log",
        "time": "2026-01-02T03:04:05.000Z",
        "data": {"n": 0},
    }
    [key] = world.s3.objects
    name = key.removeprefix("raw/raw/m/com.example.log/2026-01-02/")
    assert re.fullmatch(r"api\.example\.com_log_1-1_2026-01-02T030405\.000Z_[0-9a-f]{12}\.ndjson\.gz", name)
    assert json.loads(world.sqs.bodies[0])["eventcount"] == 1


def test_a_log_without_anything_new_moves_nothing():
    world, log = World(), Log(2)
    world.run(log)

    idle = world.run(log)

    assert idle == Collected()
    assert len(world.sqs.bodies) == 1
    assert world.position() == (1, "c2")


def test_an_empty_page_with_a_new_cursor_moves_the_checkpoint_without_an_object():
    class Moving(Log):
        def page(self, cursor: str | None) -> Page:
            return Page([], "later", False)

    world = World()
    result = world.run(Moving(0))

    assert (result.pages, result.objects) == (1, 0)
    assert world.position() == (1, "later")
    assert world.sqs.bodies == []


def test_a_cursor_that_does_not_move_ends_the_run():
    class Standing(Log):
        def page(self, cursor: str | None) -> Page:
            return super().page(cursor)._replace(cursor="c2", has_more=True)

    world = World()

    with pytest.raises(SourceFailed, match="does not move"):
        world.run(Standing(4))
    assert world.numbers() == [0, 1]


def test_a_full_object_is_made_safe_before_the_next_page_is_asked_for():
    world, log = World(object_bytes=1), Log(6)
    safe: list[tuple[int, str] | None] = []
    log.before_page = lambda number: safe.append(world.position())

    result = world.run(log)

    assert result.objects == 3
    assert safe == [None, (1, "c2"), (2, "c4")]


def test_the_deadline_ends_a_run_with_everything_safe():
    world, log = World(), Log(6)
    times = iter([300.0, 300.0, 1.0])

    result = world.run(log, lambda: next(times))

    assert (result.status, result.events) == ("deadline", 4)
    assert world.position() == (2, "c4")
    assert world.run(log).events == 2
    assert world.numbers() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("failure", [SourceFailed("broken off"), AuthenticationFailed("refused")])
def test_what_came_before_the_source_failed_is_delivered(failure):
    world, log = World(), Log(6)
    log.before_page = fail_at(3, failure)

    with pytest.raises(type(failure)):
        world.run(log)

    assert world.numbers() == [0, 1, 2, 3]
    assert world.position() == (2, "c4")
    log.before_page = lambda number: None
    world.run(log)
    assert world.numbers() == [0, 1, 2, 3, 4, 5]


def test_an_object_that_was_written_without_its_pointer_is_written_again_under_its_name():
    world, log = World(), Log(4)
    world.sqs.failure = PointerRefused("no")

    with pytest.raises(PointerRefused):
        world.run(log)
    assert world.position() is None
    log.count = 5
    world.run(log)

    assert len(world.sqs.bodies) == 1
    assert set(world.numbers()) == {0, 1, 2, 3, 4}


def test_a_slow_run_that_was_overtaken_overwrites_nothing():
    world, log = World(), Log(2, size=5)
    put = world.s3.put_object

    def overtake(**request):
        # While the object of two records is on its way, another run finds three and is done with them.
        world.s3.put_object = put
        log.count = 3
        world.run(log)
        return put(**request)

    world.s3.put_object = overtake
    assert world.run(log).status == "overtaken"

    assert world.position() == (1, "c3")
    assert set(world.numbers()) == {0, 1, 2}
    assert len(world.s3.objects) == len(world.sqs.bodies) == 2


def test_a_run_ends_before_a_page_that_would_outlast_it(monkeypatch):
    world, log = World(), Log(10)
    now = [0.0]
    monkeypatch.setattr(pages, "monotonic", lambda: now[0])

    def slow(number: int) -> None:
        now[0] += 40.0

    log.before_page = slow
    result = world.run(log, lambda: 200.0 - now[0])

    assert (result.status, result.events) == ("deadline", 6)
    assert now[0] == 120.0


def test_a_refused_checkpoint_loses_nothing():
    world, log = World(), Log(4)
    world.dynamodb.failure = None
    put = world.dynamodb.put_item

    def refuse(**request):
        world.dynamodb.put_item = put
        raise ConnectionError("no answer")

    world.dynamodb.put_item = refuse
    with pytest.raises(ConnectionError):
        world.run(log)
    world.run(log)

    # The same object under the same name: its events are there once.
    assert world.numbers() == [0, 1, 2, 3]
    assert len(world.sqs.bodies) == 2


def test_a_run_that_was_overtaken_ends_without_a_failure():
    world, log = World(), Log(4)

    def overtake(number: int) -> None:
        log.before_page = lambda number: None
        world.run(Log(4))

    log.before_page = overtake
    result = world.run(log)

    assert result.status == "overtaken"
    assert world.position() == (2, "c4")
