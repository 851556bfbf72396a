# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The processor as Lambda runs it, with everything outside it in memory."""

import inspect
import json
import logging
import os
from datetime import UTC, datetime
from unittest import mock

import pytest
from azure.eventhub import EventData, EventHubConsumerClient
from azure.eventhub.amqp import AmqpAnnotatedMessage
from azure.eventhub.exceptions import AuthenticationError, ConnectError

import local_test
from local_test import ENVIRONMENT, HUB, NAMESPACE, SECRET, HubInMemory, stolen
from slake_collector.failure import AuthenticationFailed, RunFailed, SecretInvalid, SourceFailed
from slake_collector.in_memory import S3, DynamoDb, LambdaContext, SecretsManager, Sqs
from slake_collector.secret import Secret
from slake_collector.services import Services
from slake_collector.settings import Settings

os.environ.update(ENVIRONMENT)

import app
from helpers import event_hub
from helpers.connection import Connection
from helpers.event_hub import EventHub

CONNECTION_STRING = SECRET["connectionString"]


class World:
    """AWS in memory, and the hub."""

    def __init__(self, hub: HubInMemory, **environment: str) -> None:
        self.hub = hub
        self.s3, self.sqs, self.dynamodb = S3(), Sqs(), DynamoDb()
        self.manager = SecretsManager({"azure-credentials": SECRET})
        secret = Secret(self.manager, "azure-credentials")
        settings = Settings.of({**ENVIRONMENT, **environment})
        self.services = Services(settings, self.s3, self.sqs, self.dynamodb, secret)

    def run(self, **environment: str) -> dict[str, object]:
        reached = mock.patch.multiple(app, services=lambda: self.services, connect=self.hub.connect)
        with reached, mock.patch.dict(os.environ, environment):
            return app.lambda_handler({}, LambdaContext())

    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.s3.lines()]

    def positions(self) -> dict[str, int]:
        return {partition: int(item["sequence_number"]["N"]) for (_, partition), item in self.dynamodb.items.items()}


def metrics_of(printed: str) -> dict[str, list[float]]:
    [line] = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return {name: value for name, value in line.items() if isinstance(value, list)}


def bodies(count: int) -> list[str]:
    return [f'{{"n":{number}}}' for number in range(count)]


def test_the_local_test_passes(capsys):
    with mock.patch.multiple(app, services=mock.DEFAULT, connect=mock.DEFAULT):
        assert local_test.main() == 0

    assert capsys.readouterr().out.endswith("OK\n")


def test_messages_become_events_named_by_where_they_stood():
    world = World(HubInMemory({"0": ['{"records":[{"a":1},{"b":2}]}', "not JSON"]}))

    world.run()

    common = {"specversion": "1.0", "source": "//contoso/security/0", "type": "com.microsoft.azure.eventhub"}
    assert world.events() == [
        {**common, "id": "contoso/security/0/0/0", "time": "2026-01-02T03:04:05.678Z", "data": {"a": 1}},
        {**common, "id": "contoso/security/0/0/1", "time": "2026-01-02T03:04:05.678Z", "data": {"b": 2}},
        {
            **common,
            "id": "contoso/security/0/1/0",
            "time": "2026-01-02T03:04:06.678Z",
            "datacontenttype": "application/octet-stream",
            "data_base64": "bm90IEpTT04=",
        },
    ]


def test_every_partition_is_read_to_its_end_with_a_fencing_link():
    hub = HubInMemory({str(number): bodies(250) for number in range(5)})
    world = World(hub)

    summary = world.run()

    assert summary["events"] == 1250
    assert world.positions() == {f"partition#{number}": 249 for number in range(5)}
    assert {receive["partition_id"] for receive in hub.receives} == set(hub.partitions)
    for receive in hub.receives:
        assert receive["starting_position"] == "-1"
        assert receive["starting_position_inclusive"] is False
        assert receive["owner_level"] == 0
        assert receive["prefetch"] <= 300


def test_the_next_run_starts_after_the_sequence_number_and_opens_no_link_when_there_is_nothing():
    hub = HubInMemory({"0": bodies(3), "1": bodies(3)})
    world = World(hub)
    world.run()
    hub.partitions["1"] += bodies(2)
    hub.receives.clear()

    world.run()

    assert [(one["partition_id"], one["starting_position"]) for one in hub.receives] == [("1", 2)]
    assert len(world.events()) == 8


def test_the_start_of_the_first_run_is_configured():
    hub = HubInMemory({"0": bodies(10)})
    world = World(hub)

    world.run(EVENT_HUB_STARTING_POSITION="2026-01-02T03:04:12Z")

    assert hub.receives[0]["starting_position"] == datetime(2026, 1, 2, 3, 4, 12, tzinfo=UTC)
    assert hub.receives[0]["starting_position_inclusive"] is True
    assert [event["data"]["n"] for event in world.events()] == [7, 8, 9]


def test_metrics_say_what_was_collected_and_what_is_left(capsys):
    World(HubInMemory({"0": bodies(3), "1": bodies(4)})).run()

    metrics = metrics_of(capsys.readouterr().out)

    assert metrics["EventsCollected"] == [7]
    assert metrics["RawObjects"] == [2]
    assert metrics["RawBytes"][0] > 0
    assert metrics["EventsLost"] == [0]
    assert metrics["CheckpointLag"] == [0, 0]


def test_expired_messages_are_warned_about_and_measured(capsys, caplog):
    world = World(HubInMemory({"0": bodies(5)}))
    world.run()
    capsys.readouterr()
    world.hub.first = 20

    world.run()

    assert "Messages expired in the source before they were collected" in caplog.messages
    assert metrics_of(capsys.readouterr().out)["EventsLost"] == [15]


def test_a_hub_made_again_is_warned_about_and_read_from_its_start(caplog):
    world = World(HubInMemory({"0": bodies(20)}))
    world.run()
    world.hub.partitions["0"] = bodies(3)

    summary = world.run()

    assert "The checkpoint is ahead of the partition, which is read from its start" in caplog.messages
    assert summary["events"] == 3
    assert world.positions() == {"partition#0": 2}


def test_a_stolen_link_ends_the_partition_without_moving_its_checkpoint(caplog):
    hub = HubInMemory({"0": bodies(20), "1": bodies(20)})
    hub.failures, hub.before_failure = {"0": stolen()}, 10
    world = World(hub)

    summary = world.run()

    assert world.positions() == {"partition#1": 19}
    assert [one["status"] for one in summary["partitions"]] == ["replaced", "caught up"]
    assert "Another receiver took the partition" in caplog.messages


def test_a_lost_connection_fails_the_run_after_delivering_what_came(capsys):
    hub = HubInMemory({"0": bodies(20), "1": bodies(20)})
    hub.failures, hub.before_failure = {"0": ConnectError("connection lost")}, 10
    world = World(hub)

    with pytest.raises(RunFailed, match=r"1 of 2 partitions failed: 0 \(SourceFailed\)"):
        world.run()

    assert world.positions() == {"partition#0": 9, "partition#1": 19}
    assert metrics_of(capsys.readouterr().out)["EventsCollected"] == [30]
    assert world.run()["events"] == 10


@pytest.mark.parametrize("service", ["s3", "sqs"])
def test_a_failed_write_moves_no_checkpoint_and_fails_the_run(service):
    world = World(HubInMemory({"0": bodies(20)}))
    getattr(world, service).failure = ConnectionError("unreachable")

    with pytest.raises(RunFailed):
        world.run()

    assert world.positions() == {}
    assert world.run()["events"] == 20


def test_a_failed_write_between_two_batches_stops_receiving():
    world = World(HubInMemory({"0": bodies(500)}), SLAKE_RAW_OBJECT_BYTES="1000")
    world.s3.failure = ConnectionError("unreachable")

    with pytest.raises(RunFailed):
        world.run()

    assert (world.s3.objects, world.positions(), world.hub.batches) == ({}, {}, 1)
    assert world.run()["objects"] > 1
    assert sorted(event["data"]["n"] for event in world.events()) == list(range(500))


def test_a_rotated_key_is_read_again_once():
    hub = HubInMemory({"0": bodies(3)})
    world = World(hub)
    world.run()
    hub.partitions["0"] += bodies(2)
    hub.refused_keys = {"SharedAccessKey=sample"}
    rotated = CONNECTION_STRING.replace("SharedAccessKey=sample", "SharedAccessKey=rotated")
    world.manager.values["azure-credentials"] = {**SECRET, "connectionString": rotated}

    assert world.run()["events"] == 2
    assert world.manager.reads == 2


def test_a_key_that_stays_refused_fails_the_run_without_showing_it(capsys):
    hub = HubInMemory({"0": bodies(3)})
    hub.refused_keys = {"SharedAccessKey=sample"}
    world = World(hub)

    with pytest.raises(AuthenticationFailed, match="list the partitions") as refused:
        world.run()

    assert world.manager.reads == 2
    assert "SharedAccessKey" not in f"{capsys.readouterr().out} {refused.value}"


def test_a_key_refused_by_a_link_is_read_again_too():
    hub = HubInMemory({"0": bodies(3)})
    hub.failures = {"0": AuthenticationError("expired")}
    world = World(hub)
    run = world.services.secret.refresh
    with mock.patch.object(world.services.secret, "refresh", side_effect=lambda: run() or True):
        assert world.run()["events"] == 3


def test_a_hub_that_cannot_be_reached_fails_the_run():
    hub = HubInMemory({"0": bodies(3)})
    hub.failures = {"partitions": ConnectError("no such hub")}

    with pytest.raises(SourceFailed, match=r"list the partitions \(ConnectError\): no such hub"):
        World(hub).run()


def test_no_payload_and_no_key_is_logged(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    marked = ['{"user":"payload-marker"}', "payload-marker", b"payload-marker\xff"]
    hub = HubInMemory({"0": marked, "1": marked})
    hub.failures, hub.before_failure = {"1": ConnectError("lost")}, 2

    with pytest.raises(RunFailed):
        World(hub).run()

    logged = "".join(str(vars(record)) for record in caplog.records) + caplog.text + capsys.readouterr().out
    assert "Run done" in logged
    assert "payload-marker" not in logged
    assert "SharedAccessKey" not in logged


def test_the_sdk_is_given_what_it_takes():
    receive = inspect.signature(EventHubConsumerClient.receive_batch).parameters
    hub = HubInMemory({"0": bodies(1)})
    World(hub).run()

    assert set(hub.receives[0]) - set(receive) == set()
    connect = inspect.signature(EventHubConsumerClient.from_connection_string).parameters
    assert {"consumer_group", "eventhub_name", "retry_total"} <= set(connect)


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (AmqpAnnotatedMessage(data_body=[b'{"a"', b":1}"]), b'{"a":1}'),
        (AmqpAnnotatedMessage(value_body='{"a":1}'), b'{"a":1}'),
        (AmqpAnnotatedMessage(value_body=b'{"a":1}'), b'{"a":1}'),
        (AmqpAnnotatedMessage(value_body={b"a": [1, b"x", "y"]}), b'{"a": [1, "x", "y"]}'),
        (AmqpAnnotatedMessage(sequence_body=[1, b"x"]), b'[[1, "x"]]'),
    ],
)
def test_every_kind_of_amqp_body_is_read(message, body):
    event = EventData(b"")
    event._raw_amqp_message = message

    assert event_hub._body(event) == body


def connection_of(secret: dict[str, str], consumer_group: str | None = None) -> Connection:
    return Connection.of(Secret(SecretsManager({"s": secret}), "s"), consumer_group)


def test_the_connection_is_named_in_lower_case_and_shows_no_key():
    connection = connection_of(
        {"connectionString": CONNECTION_STRING.replace(NAMESPACE, "Contoso"), "eventHubName": "Security"}
    )

    assert (connection.namespace, connection.hub, connection.event_hub_name) == ("contoso", "security", "Security")
    assert connection.consumer_group == "$Default"
    assert "SharedAccessKey" not in repr(connection)


@pytest.mark.parametrize(
    ("in_secret", "configured", "group"),
    [({}, None, "$Default"), ({"consumerGroup": "a"}, None, "a"), ({"consumerGroup": "a"}, "b", "b")],
)
def test_the_consumer_group_is_the_configured_one_or_the_secrets(in_secret, configured, group):
    assert connection_of({**SECRET, **in_secret}, configured).consumer_group == group


def test_the_hub_may_be_named_by_the_connection_string():
    named = {"connectionString": f"{CONNECTION_STRING};EntityPath={HUB}"}

    assert connection_of(named).hub == HUB
    with pytest.raises(SecretInvalid, match="no eventHubName, nor EntityPath"):
        connection_of({"connectionString": CONNECTION_STRING})
    with pytest.raises(SecretInvalid, match="is not the EntityPath"):
        connection_of({**named, "eventHubName": "other"})


def test_a_connection_string_of_another_kind_is_refused_without_being_shown():
    with pytest.raises(SecretInvalid, match="no Event Hubs connection string") as refused:
        connection_of({"connectionString": "DefaultEndpointsProtocol=https;AccountKey=hidden", "eventHubName": HUB})

    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "namespace"),
    [("contoso.servicebus.chinacloudapi.cn", "contoso"), ("127.0.0.1:5673", "127.0.0.1"), ("localhost", "localhost")],
)
def test_the_namespace_is_the_first_label_of_the_host(host, namespace):
    text = f"Endpoint=sb://{host}/;SharedAccessKeyName=k;SharedAccessKey=sample;UseDevelopmentEmulator=true"

    assert connection_of({"connectionString": text, "eventHubName": HUB}).namespace == namespace


def test_the_clients_are_made_of_the_environment():
    region = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    with mock.patch.dict(os.environ, region):
        app.services.cache_clear()
        made = app.services()

    assert made is app.services()
    assert made.settings.queue_url == ENVIRONMENT["SLAKE_QUEUE_URL"]
    assert isinstance(EventHub(connection_of(SECRET), app.connect)._client(), EventHubConsumerClient)
