# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets: read once, read again when they expire or are refused, and never shown."""

import pytest
from botocore.exceptions import ClientError

from slake_collector.failure import SecretInvalid, SecretMissing
from slake_collector.in_memory import SecretsManager
from slake_collector.secret import Secret


class Answering(SecretsManager):
    def __init__(self, text: str) -> None:
        super().__init__({})
        self.text = text

    def get_secret_value(self, *, SecretId):
        return {"SecretString": self.text}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_read_once_until_it_expires():
    manager, clock = SecretsManager({"s": {"key": "one"}}), Clock()
    secret = Secret(manager, "s", expires_after=300, clock=clock)

    assert [secret.field("key"), secret.optional_field("other")] == ["one", None]
    manager.values["s"] = {"key": "two"}
    clock.now = 299
    assert secret.field("key") == "one"
    clock.now = 300
    assert secret.field("key") == "two"
    assert manager.reads == 2


def test_refresh_says_whether_it_changed():
    manager = SecretsManager({"s": {"key": "one"}})
    secret = Secret(manager, "s")
    secret.field("key")

    assert secret.refresh() is False
    manager.values["s"] = {"key": "two"}
    assert secret.refresh() is True
    assert secret.field("key") == "two"


def test_a_missing_secret_and_a_missing_field_say_so():
    with pytest.raises(SecretMissing, match="no secret absent"):
        Secret(SecretsManager({}), "absent").field("key")
    with pytest.raises(SecretInvalid, match="no text in the field key"):
        Secret(SecretsManager({"s": {"key": ""}}), "s").field("key")


@pytest.mark.parametrize("text", ["hunter2", '["hunter2"]', '{"key": {"nested": "hunter2"}}', ""])
def test_a_value_of_another_shape_is_refused_without_being_shown(text):
    secret = Secret(Answering(text), "s")

    with pytest.raises(SecretInvalid) as refused:
        secret.field("key")

    assert "hunter2" not in f"{refused.value} {refused.value.__cause__} {secret!r}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_other_errors_of_the_service_come_through():
    manager = SecretsManager({})
    manager.failure = ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "GetSecretValue")

    with pytest.raises(ClientError, match="AccessDenied"):
        Secret(manager, "s").field("key")
