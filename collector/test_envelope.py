# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Bodies become CloudEvents: what is said in envelope.py, on the vectors both languages share and on any bytes."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slake_collector.envelope import event, events, rfc3339, split

VECTORS = json.loads((Path(__file__).parents[1] / "test" / "vectors" / "envelope.json").read_text())
TIME = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)

texts = st.text(max_size=6)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
containers = st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=3)
json_values = scalars | containers
json_objects = st.dictionaries(texts, json_values, max_size=3)
records_of = st.lists(json_objects, min_size=1, max_size=4)
separators = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\r\n: ")])


@pytest.mark.parametrize("vector", VECTORS["cases"], ids=lambda vector: vector["name"])
def test_vector(vector):
    body = b64decode(vector["body_base64"]) if "body_base64" in vector else vector["body"].encode()
    hub = vector["eventhub"]
    partition = f"{hub['namespace']}/{hub['hub']}/{hub['partition']}"
    id = f"{partition}/{hub['sequence_number']}"
    time = datetime.fromisoformat(hub["enqueued_time"])

    lines = list(events(id, f"//{partition}", "com.microsoft.azure.eventhub", time, body))

    assert lines == vector["lines"]


@given(st.binary() | st.text(alphabet='{}[]",:1eN \n\t\\u0a\ufeff').map(str.encode))
@settings(max_examples=500)
def test_any_bytes_yield_events_and_never_raise(body):
    lines = list(events("a", "s", "t", TIME, body))

    assert lines
    for index, line in enumerate(lines):
        assert "\n" not in line
        assert "\r" not in line
        assert json.loads(line)["id"] == f"a/{index}"


@given(st.lists(json_values, min_size=1, max_size=4), separators, st.sampled_from(["list", "records"]))
def test_records_in_are_events_out(records, separator, shape):
    body = json.dumps({"records": records} if shape == "records" else records, separators=separator).encode()

    pieces = split(body)

    assert [json.loads(piece) for piece in pieces] == records


@given(records_of, separators)
def test_documents_in_a_row_are_events_out(documents, separator):
    # An object whose only member is a list called records is itself split.
    documents = [{**document, "#": 1} for document in documents]
    body = "\n".join(json.dumps(document, separators=separator) for document in documents).encode()

    assert [json.loads(piece) for piece in split(body)] == documents


@given(records_of, st.floats(0, 1))
def test_cut_off_bodies_lose_no_record_that_was_whole(records, where):
    documents = [json.dumps(record) for record in records]
    body = f'{{"records":[{",".join(documents)}]}}'
    cut = round(where * len(body))
    ends = [len('{"records":[' + ",".join(documents[: count + 1])) for count in range(len(documents))]
    whole = sum(end <= cut for end in ends)

    pieces = split(body[:cut].encode())

    assert pieces[:whole] == documents[:whole]
    # Only a comma between records and the closing brackets are no content.
    left = body[ends[whole - 1] + 1 : cut] if whole else body[:cut]
    assert pieces[whole:] == ([left.encode()] if left.strip("}") or not whole else [])


@given(json_objects)
def test_the_text_of_a_record_is_embedded_as_it_arrived(document):
    text = json.dumps({**document, "#": 1}, ensure_ascii=False)

    assert split(text.encode()) == [text]


def test_nesting_deeper_than_can_be_followed_is_kept_as_bytes():
    body = b"[" * 200_000

    assert split(body) == [body]


def test_a_hostile_body_takes_time_in_proportion_to_its_size():
    body = b'{"records":[' + b"[]," * 300_000

    assert len(split(body)) == 300_000


def test_text_in_an_id_cannot_become_structure():
    line = event('a","data":{"evil":1},"x":"', 's"', "t\\", TIME, "{}")

    assert json.loads(line) == {
        "specversion": "1.0",
        "id": 'a","data":{"evil":1},"x":"',
        "source": 's"',
        "type": "t\\",
        "time": "2026-01-02T03:04:05.678Z",
        "data": {},
    }


def test_times_are_written_in_utc():
    assert rfc3339(TIME) == "2026-01-02T03:04:05.678Z"
    assert rfc3339(TIME.astimezone(timezone(timedelta(hours=-5)))) == "2026-01-02T03:04:05.678Z"
