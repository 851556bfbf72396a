# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Raw objects: what goes in comes out, the same in the same bytes, under a name made of what it holds."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slake_collector.in_memory import S3
from slake_collector.raw_object import RawBucket, RawObject, raw_key, raw_name

TIME = datetime(2026, 1, 2, 23, 59, 59, 999000, tzinfo=UTC)
lines_of_json = st.lists(st.text().map(json.dumps))


@given(lines_of_json)
def test_lines_in_are_lines_out(lines):
    raw = RawObject()
    raw.add(lines)

    assert raw.count == len(lines)
    assert gzip.decompress(raw.finish()).decode() == "".join(f"{line}\n" for line in lines)


def test_the_same_lines_give_the_same_bytes():
    def write() -> bytes:
        raw = RawObject()
        raw.add(f'{{"n":{number}}}' for number in range(100_000))
        return raw.finish()

    first = write()

    assert write() == first
    # No time in the gzip header (RFC 1952, 2.3.1).
    assert first[4:8] == b"\0\0\0\0"


def test_size_counts_utf_8_and_memory_holds_compressed_bytes_only():
    raw = RawObject()
    raw.add(["ä" * 1000] * 1000)

    assert len(gzip.decompress(raw.finish())) == 1000 * 2001 == raw.text_bytes
    assert sum(map(len, raw._compressed)) < 100_000


def test_put_writes_the_object_for_the_bucket_to_encrypt():
    s3 = S3()

    RawBucket(s3, "raw").put("key", b"body")

    assert s3.objects == {"raw/key": b"body"}


def test_key_has_the_utc_day_of_the_first_event():
    assert raw_key("azure", "com.example", TIME, "name") == "raw/azure/com.example/2026-01-02/name.ndjson.gz"


def test_name_says_what_the_object_holds():
    assert raw_name("contoso/security/3", 41, 99, TIME) == "contoso_security_3_41-99_2026-01-02T235959.999Z"


@pytest.mark.parametrize(("one", "other"), [("a/b c/0", "a/b-c/0"), ("a/b!c/0", "a/b?c/0"), ("a/bä/0", "a/bö/0")])
def test_names_of_different_origins_differ_after_sanitising(one, other):
    names = [raw_name(origin, 0, 1, TIME) for origin in (one, other)]

    assert names[0] != names[1]
    assert all(name.replace("_", "").replace("-", "").replace(".", "").isalnum() for name in names)
    assert all(name.isascii() for name in names)
