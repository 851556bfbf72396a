# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints only move forward, unless reset by who saw where they stand."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session
from botocore.stub import Stubber

from slake_collector.checkpoint import FORWARD, Checkpoint, CheckpointTable, Position
from slake_collector.failure import CheckpointConflict, CheckpointTooNew
from slake_collector.in_memory import DynamoDb

READER = "azure#contoso/security/$Default"
KEY = (READER, "partition#3")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def table_of(dynamodb, run_id: str = "run-1") -> CheckpointTable:
    return CheckpointTable(dynamodb, "checkpoints", READER, run_id, now=lambda: NOW)


def test_what_is_saved_is_loaded_as_the_item_the_design_names():
    dynamodb = DynamoDb()

    table_of(dynamodb).save("3", Position(41, "opaque-offset"))

    assert table_of(dynamodb).load("3") == Checkpoint(Position(41, "opaque-offset"), "2026-01-02T03:04:05.000Z")
    assert table_of(dynamodb).load("4") is None
    assert dynamodb.items[KEY] == {
        "pk": {"S": READER},
        "sk": {"S": "partition#3"},
        "v": {"N": "1"},
        "sequence_number": {"N": "41"},
        "offset": {"S": "opaque-offset"},
        "updated_at": {"S": "2026-01-02T03:04:05.000Z"},
        "run_id": {"S": "run-1"},
    }


def test_the_request_is_one_dynamodb_takes():
    dynamodb = Session().create_client(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    key = {"pk": {"S": READER}, "sk": {"S": "partition#3"}}
    with Stubber(dynamodb) as stub:
        stub.add_response("get_item", {}, {"TableName": "checkpoints", "Key": key, "ConsistentRead": True})
        stub.add_response(
            "put_item",
            {},
            {
                "TableName": "checkpoints",
                "Item": {
                    **key,
                    "v": {"N": "1"},
                    "sequence_number": {"N": "41"},
                    "offset": {"S": "o"},
                    "updated_at": {"S": "2026-01-02T03:04:05.000Z"},
                    "run_id": {"S": "run-1"},
                },
                "ConditionExpression": FORWARD,
                "ExpressionAttributeValues": {":sequence": {"N": "41"}, ":v": {"N": "1"}, ":run": {"S": "run-1"}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            },
        )
        table = table_of(dynamodb)
        assert table.load("3") is None
        table.save("3", Position(41, "o"))


@pytest.mark.parametrize("sequence_number", [40, 41])
def test_another_run_cannot_move_it_back_or_stand_still(sequence_number):
    dynamodb = DynamoDb()
    table_of(dynamodb, "run-1").save("3", Position(41, "o"))

    with pytest.raises(CheckpointConflict, match=f"partition 3 stands at 41, so {sequence_number} was refused"):
        table_of(dynamodb, "run-2").save("3", Position(sequence_number, "o"))

    assert table_of(dynamodb).load("3").position == Position(41, "o")


def test_the_same_write_twice_is_no_conflict():
    dynamodb = DynamoDb()
    table = table_of(dynamodb)

    table.save("3", Position(41, "o"))
    table.save("3", Position(41, "o"))

    assert table.load("3").position.sequence_number == 41


def test_reset_moves_it_back_when_it_is_as_seen():
    dynamodb = DynamoDb()
    table_of(dynamodb, "run-1").save("3", Position(41, "o"))
    table = table_of(dynamodb, "run-2")

    table.reset("3", Position(-1, "-1"), seen=table.load("3"))

    assert table.load("3").position == Position(-1, "-1")


def test_reset_is_refused_when_another_run_moved_it():
    dynamodb = DynamoDb()
    table_of(dynamodb, "run-1").save("3", Position(41, "o"))
    seen = table_of(dynamodb).load("3")
    table_of(dynamodb, "run-1").save("3", Position(42, "o"))

    with pytest.raises(CheckpointConflict):
        table_of(dynamodb, "run-2").reset("3", Position(-1, "-1"), seen=seen)

    assert table_of(dynamodb).load("3").position.sequence_number == 42


def test_a_newer_format_is_never_ignored_or_overwritten():
    dynamodb = DynamoDb()
    table_of(dynamodb).save("3", Position(41, "o"))
    dynamodb.items[KEY]["v"] = {"N": "2"}

    with pytest.raises(CheckpointTooNew, match="format 2; this version knows 1"):
        table_of(dynamodb).load("3")
    with pytest.raises(CheckpointTooNew):
        table_of(dynamodb).save("3", Position(42, "o"))

    assert dynamodb.items[KEY]["sequence_number"] == {"N": "41"}


def test_other_errors_of_the_table_come_through():
    dynamodb = DynamoDb()
    dynamodb.failure = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "PutItem")

    with pytest.raises(ClientError, match="ThrottlingException"):
        table_of(dynamodb).save("3", Position(41, "o"))
