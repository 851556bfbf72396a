# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""What the infrastructure tells a processor, as environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from .failure import SettingInvalid
from .raw_object import RAW_OBJECT_BYTES

#: Where to start in a partition that has no checkpoint: everything retained, only what comes, or from a time on.
Start = Literal["earliest", "latest"] | datetime


@dataclass(frozen=True)
class Settings:
    module_id: str
    module_version: str
    raw_bucket: str
    queue_url: str
    checkpoint_table: str
    secret_id: str
    raw_object_bytes: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises SettingInvalid for a variable that is missing or no number."""
        return cls(
            module_id=_required(environment, "SLAKE_MODULE_ID"),
            module_version=_required(environment, "SLAKE_MODULE_VERSION"),
            raw_bucket=_required(environment, "SLAKE_RAW_BUCKET"),
            queue_url=_required(environment, "SLAKE_QUEUE_URL"),
            checkpoint_table=_required(environment, "SLAKE_CHECKPOINT_TABLE"),
            secret_id=_required(environment, "SLAKE_SECRET_ID"),
            raw_object_bytes=_size(environment, "SLAKE_RAW_OBJECT_BYTES", RAW_OBJECT_BYTES),
        )


def start_of(environment: Mapping[str, str], name: str) -> Start:
    """`earliest` (default), `latest`, or an ISO 8601 time, UTC unless it says otherwise."""
    value = environment.get(name) or "earliest"
    if value == "earliest" or value == "latest":
        return value
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise SettingInvalid(f"{name} is {value}, not earliest, latest or an ISO 8601 time") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise SettingInvalid(f"{name} is not set")
    return value


def _size(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise SettingInvalid(f"{name} is {value}, not a number of bytes")
    return int(value)
