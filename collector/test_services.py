# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime
from unittest import mock

import pytest

from slake_collector.checkpoint import Position
from slake_collector.failure import AuthenticationFailed, SettingInvalid
from slake_collector.in_memory import S3, DynamoDb, SecretsManager, Sqs
from slake_collector.raw_object import RawObject
from slake_collector.secret import Secret
from slake_collector.services import Services, services_of
from slake_collector.settings import Settings

ENVIRONMENT = {
    "SLAKE_MODULE_ID": "okta",
    "SLAKE_MODULE_VERSION": "1.0.0",
    "SLAKE_RAW_BUCKET": "raw",
    "SLAKE_QUEUE_URL": "https://sqs.invalid/okta",
    "SLAKE_CHECKPOINT_TABLE": "checkpoints",
    "SLAKE_SECRET_ID": "okta-credentials",
}


@pytest.fixture
def manager() -> SecretsManager:
    return SecretsManager({"okta-credentials": {"token": "old"}})


@pytest.fixture
def services(manager) -> Services:
    return Services(Settings.of(ENVIRONMENT), S3(), Sqs(), DynamoDb(), Secret(manager, "okta-credentials"))


class Source:
    """Takes one token, and counts how often it was asked."""

    def __init__(self, services: Services, token: str) -> None:
        self.services, self.token, self.asked = services, token, 0

    def collect(self) -> str:
        self.asked += 1
        if self.services.secret.field("token") != self.token:
            raise AuthenticationFailed("refused")
        return "collected"


def test_a_secret_that_was_rotated_is_read_again_once_the_source_refuses_it(services, manager):
    source = Source(services, "old")
    assert services.with_current_secret(source.collect) == "collected"

    manager.values["okta-credentials"], source.token = {"token": "new"}, "new"

    assert services.with_current_secret(source.collect) == "collected"
    assert (source.asked, manager.reads) == (3, 2)


def test_a_secret_that_is_the_same_is_not_tried_again(services):
    source = Source(services, "other")

    with pytest.raises(AuthenticationFailed):
        services.with_current_secret(source.collect)

    assert source.asked == 1


def test_what_is_refused_after_the_change_too_is_not_tried_a_third_time(services, manager):
    source = Source(services, "other")
    services.secret.field("token")
    manager.values["okta-credentials"] = {"token": "new"}

    with pytest.raises(AuthenticationFailed):
        services.with_current_secret(source.collect)

    assert source.asked == 2


def test_raw_objects_pointers_and_checkpoints_go_where_the_settings_say(services):
    content = RawObject()
    content.add(['{"id":"1"}'])
    services.delivery().send(content, "example.com/events", "com.okta", 1, 1, datetime(2026, 3, 4, tzinfo=UTC))
    services.checkpoints("example.com/events", "run-1").save("0", Position(1, "1"))

    assert [key.split("/")[:3] for key in services.s3.objects] == [["raw", "raw", "okta"]]
    assert len(services.sqs.bodies) == 1
    assert list(services.dynamodb.items) == [("okta#example.com/events", "partition#0")]


def test_the_clients_are_those_of_the_region_and_share_their_settings():
    region = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    with mock.patch.dict("os.environ", region):
        made = services_of(ENVIRONMENT, connections=3)

    for client in (made.s3, made.sqs, made.dynamodb):
        assert client.meta.region_name == "eu-west-1"
        assert client.meta.config.max_pool_connections == 3
    assert made.secret.id == "okta-credentials"


def test_a_setting_that_is_missing_is_named():
    with pytest.raises(SettingInvalid, match="SLAKE_QUEUE_URL"):
        services_of({**ENVIRONMENT, "SLAKE_QUEUE_URL": ""})
