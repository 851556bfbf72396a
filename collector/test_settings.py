# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: what is missing or wrong is named before anything is read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from slake_collector.failure import SettingInvalid
from slake_collector.settings import Settings, start_of

COMPLETE = {
    "SLAKE_MODULE_ID": "azure",
    "SLAKE_MODULE_VERSION": "1.2.3",
    "SLAKE_RAW_BUCKET": "raw",
    "SLAKE_QUEUE_URL": "https://sqs.invalid/q",
    "SLAKE_CHECKPOINT_TABLE": "checkpoints",
    "SLAKE_SECRET_ID": "azure-credentials",
}


def test_all_of_them():
    settings = Settings.of({**COMPLETE, "SLAKE_RAW_OBJECT_BYTES": "1000"})

    assert settings == Settings(
        "azure", "1.2.3", "raw", "https://sqs.invalid/q", "checkpoints", "azure-credentials", 1000
    )
    assert Settings.of(COMPLETE).raw_object_bytes == 64 * 1024 * 1024


@pytest.mark.parametrize("name", COMPLETE)
def test_a_missing_one_is_named(name):
    with pytest.raises(SettingInvalid, match=f"{name} is not set"):
        Settings.of({**COMPLETE, name: ""})


@pytest.mark.parametrize("value", ["0", "-1", "64MB"])
def test_a_size_is_a_number_of_bytes(value):
    with pytest.raises(SettingInvalid, match="SLAKE_RAW_OBJECT_BYTES is "):
        Settings.of({**COMPLETE, "SLAKE_RAW_OBJECT_BYTES": value})


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("", "earliest"),
        ("earliest", "earliest"),
        ("latest", "latest"),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05+01:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_where_to_start(value, start):
    assert start_of({"START": value}, "START") == start


def test_another_start_is_refused():
    with pytest.raises(SettingInvalid, match="START is newest, not earliest"):
        start_of({"START": "newest"}, "START")
