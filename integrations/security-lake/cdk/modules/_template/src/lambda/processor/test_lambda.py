# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The processor as Lambda runs it: AWS in memory, and the API over HTTP on this machine."""

import json
import os
from collections.abc import Iterator
from unittest import mock

import pytest
import urllib3

import local_test
from local_test import ENVIRONMENT, SAMPLES, SECRET_ID, Api
from slake_collector.failure import AuthenticationFailed, SecretInvalid, SourceFailed
from slake_collector.in_memory import S3, DynamoDb, LambdaContext, SecretsManager, Sqs
from slake_collector.secret import Secret
from slake_collector.services import Services
from slake_collector.settings import Settings

os.environ.update(ENVIRONMENT)

import app
from helpers import api as api_module
from helpers.api import EventLog

BUSY = (503, {"Retry-After": "0"}, b"")


class World:
    """AWS in memory, and the API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.s3, self.sqs, self.dynamodb = S3(), Sqs(), DynamoDb()
        self.manager = SecretsManager({SECRET_ID: api.secret})
        secret = Secret(self.manager, SECRET_ID)
        self.services = Services(Settings.of(ENVIRONMENT), self.s3, self.sqs, self.dynamodb, secret)

    def run(self, **environment: str) -> dict[str, object]:
        with mock.patch.object(app, "services", return_value=self.services), mock.patch.dict(os.environ, environment):
            return app.lambda_handler({}, LambdaContext())

    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.s3.lines()] if self.s3.objects else []


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(urllib3.Retry, "sleep", lambda self, response=None: None)


@pytest.fixture
def world() -> Iterator[World]:
    with Api(*SAMPLES).started() as api:
        yield World(api)


def test_the_local_test_passes(capsys):
    with mock.patch.object(app, "services"):
        assert local_test.main() == 0

    assert capsys.readouterr().out.endswith("OK\n")


def test_every_event_is_delivered_once_and_named_by_its_id(world):
    world.run()

    host = world.api.base_url.removeprefix("http://")
    assert [event["id"] for event in world.events()] == [f"{host}/events/e-{number}" for number in range(5)]
    assert [event["data"] for event in world.events()] == SAMPLES
    assert world.events()[0]["time"] == "2026-03-04T12:00:00.000Z"
    assert world.events()[0]["type"] == "com.acme.events"
    assert json.loads(world.sqs.bodies[0])["eventcount"] == 5


def test_the_next_run_goes_on_behind_the_last_one(world):
    world.run()
    world.api.events.append('{"id":"e-5","big":12345678901234567890.10}')

    assert world.run()["events"] == 1
    assert world.run() == {"status": "caught up", "pages": 0, "events": 0, "objects": 0, "bytes": 0}
    assert len(world.events()) == 6
    # The text is carried as it came: no digit is lost.
    assert any('"big":12345678901234567890.10' in line for line in world.s3.lines())


def test_a_log_that_was_never_read_begins_where_the_configuration_says(world):
    world.run(EVENT_LOG_START_AT="2026-01-01T00:00:00Z")

    assert world.api.asked[0] == "/events?limit=2&since=2026-01-01T00%3A00%3A00Z"
    assert world.api.asked[1] == "/events?limit=2&after=2"


def test_a_busy_api_is_asked_again(world):
    world.api.answers = [BUSY, (429, {"Retry-After": "0"}, b"")]

    assert world.run()["events"] == 5


def test_what_came_before_the_api_failed_is_delivered_and_the_next_run_goes_on(world):
    following = f'<{world.api.base_url}/events?after=1>; rel="next"'
    world.api.answers = [(200, {"Link": following}, b'[{"id":"e-0"}]'), (500, {}, b""), *[BUSY] * 4]

    with pytest.raises(SourceFailed):
        world.run()

    assert len(world.events()) == 1
    world.run()
    assert len(world.events()) == 5


def test_a_refused_token_is_an_authentication_failure(world):
    world.api.token = "another"

    with pytest.raises(AuthenticationFailed):
        world.run()
    assert world.events() == []


def test_a_rotated_token_is_found(world):
    world.run()
    world.api.token = "rotated"
    world.manager.values[SECRET_ID] = world.api.secret
    world.api.events.append('{"id":"e-5"}')

    assert world.run()["events"] == 1


@pytest.mark.parametrize(
    "answer",
    [(404, {}, b""), (302, {"Location": "https://elsewhere.invalid/"}, b""), (200, {}, b"<html>Maintenance</html>")],
)
def test_an_answer_that_is_no_page_fails_and_moves_nothing(world, answer):
    world.api.answers = [answer]

    with pytest.raises(SourceFailed):
        world.run()
    assert world.dynamodb.items == {}


def test_a_page_that_is_no_list_is_kept_whole(world):
    following = f'<{world.api.base_url}/events?after=0>; rel="next"'
    world.api.answers = [(200, {"Link": following}, b'[{"id":"e-0"},{"id')]

    world.run()

    assert "data_base64" in world.events()[0]
    assert len(world.events()) == 6


def test_a_link_to_another_host_gives_its_cursor_and_nothing_else(world):
    world.api.answers = [(200, {"Link": '<https://elsewhere.invalid/x?after=3>; rel="next"'}, b'[{"id":"e-0"}]')]

    world.run()

    assert world.api.asked[1] == "/events?limit=2&after=3"


def test_events_without_id_or_time_are_named_by_what_they_hold(world):
    world.api.events = ["{}", '"text"', '{"id":"","published":"yesterday"}', '{"published":"2026-03-04T12:00:00"}']

    assert world.run()["events"] == 4
    assert len({event["id"] for event in world.events()}) == 4


def test_an_answer_that_is_too_large_is_refused(world, monkeypatch):
    monkeypatch.setattr(api_module, "MOST_BYTES", 10)

    with pytest.raises(SourceFailed, match="more than 10 bytes"):
        world.run()


def test_an_api_that_cannot_be_reached_is_a_failure_of_the_source():
    secret = Secret(SecretsManager({"s": {"baseUrl": "http://127.0.0.1:9", "apiToken": "t"}}), "s")

    with pytest.raises(SourceFailed):
        EventLog(secret, 10, None, urllib3.Retry(0)).page(None)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://user@api.example.com",
        "https://:word@api.example.com",
        "https://x/?a=b",
        "https://[x",
        "https://x:port",
    ],
)
def test_only_a_plain_address_over_tls_is_taken(base_url):
    secret = Secret(SecretsManager({"s": {"baseUrl": base_url, "apiToken": "t"}}), "s")

    with pytest.raises(SecretInvalid):
        EventLog(secret, 10, None)


@pytest.mark.parametrize("token", ["sesame\nopen", "sesame\u20ac", "sesame open", "\n"])
def test_a_token_that_no_header_takes_is_refused_and_not_told(token):
    secret = Secret(SecretsManager({"s": {"baseUrl": "https://x", "apiToken": token}}), "s")

    with pytest.raises(SecretInvalid) as refused:
        EventLog(secret, 10, None)
    assert "sesame" not in str(refused.value)


def test_line_ends_around_a_token_do_not_count(world):
    world.manager.values[SECRET_ID] = {**world.api.secret, "apiToken": f"{world.api.token}\n"}

    assert world.run()["events"] == 5


def test_the_host_is_named_alike_however_it_is_written():
    secret = Secret(SecretsManager({"s": {"baseUrl": "https://API.Example.com:443/v1/", "apiToken": "t"}}), "s")

    assert EventLog(secret, 10, None).origin == "api.example.com/events"


@pytest.mark.parametrize(
    "published",
    ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z", "+275760-09-13T00:00:00Z"],
)
def test_a_time_that_cannot_be_stops_nothing(world, published):
    world.api.events = [json.dumps({"id": "e", "published": published})]

    assert world.run()["events"] == 1
    assert world.events()[0]["time"].startswith("20")


@pytest.mark.parametrize(
    "retry_after", ["soon", "-5", "1.5", "9" * 5000, "Fri, 01 Jan 99999 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"]
)
def test_any_wait_the_api_asks_for_is_survived(world, retry_after):
    world.api.answers = [(503, {"Retry-After": retry_after}, b"")]

    assert world.run()["events"] == 5


def test_a_link_that_is_no_address_is_a_failure_of_the_source(world):
    world.api.answers = [(200, {"Link": '<http://[x>; rel="next"'}, b'[{"id":"e-0"}]')]

    with pytest.raises(SourceFailed):
        world.run()


def test_a_page_that_takes_too_long_is_given_up(world, monkeypatch):
    monkeypatch.setattr(api_module, "PAGE_SECONDS", -1.0)

    with pytest.raises(SourceFailed, match="seconds for a page"):
        world.run()


def test_clients_are_made_for_the_region_of_the_function():
    with mock.patch.dict(os.environ, {**ENVIRONMENT, "AWS_DEFAULT_REGION": "eu-west-1"}):
        reached = app.services.__wrapped__()

    assert reached.s3.meta.region_name == "eu-west-1"
