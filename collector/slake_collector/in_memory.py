# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Stand-ins that hold everything in memory, for `local_test.py` and unit tests: no account, no network.

Each has just the operations the kit uses, in the shape of the botocore clients. Set `failure` to make the next call
raise it once.
"""

import gzip
import json
import operator
import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

Attributes = dict[str, dict[str, str]]

_tokens = re.compile(r"[:\w]+|<=|[<=()]").findall
_OPERATORS = {"=": operator.eq, "<": operator.lt, "<=": operator.le}


class _Client:
    def __init__(self) -> None:
        self.failure: Exception | None = None

    def _fail_once(self) -> None:
        failure, self.failure = self.failure, None
        if failure:
            raise failure


class S3(_Client):
    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **_: Any) -> dict[str, Any]:
        self._fail_once()
        self.objects[f"{Bucket}/{Key}"] = Body
        return {}

    def lines(self) -> Iterator[str]:
        """The lines of all objects, in the order of their keys."""
        for _, body in sorted(self.objects.items()):
            yield from gzip.decompress(body).decode().removesuffix("\n").split("\n")


class Sqs(_Client):
    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[str] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:
        self._fail_once()
        self.bodies += [entry["MessageBody"] for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


class DynamoDb(_Client):
    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], Attributes] = {}

    def get_item(self, *, TableName: str, Key: Attributes, **_: Any) -> dict[str, Any]:
        self._fail_once()
        item = self.items.get((Key["pk"]["S"], Key["sk"]["S"]))
        return {"Item": dict(item)} if item else {}

    def put_item(
        self,
        *,
        TableName: str,
        Item: Attributes,
        ConditionExpression: str,
        ExpressionAttributeValues: Attributes,
        **_: Any,
    ) -> dict[str, Any]:
        self._fail_once()
        key = (Item["pk"]["S"], Item["sk"]["S"])
        standing = self.items.get(key)
        if not _holds(ConditionExpression, standing, ExpressionAttributeValues):
            error = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}, "Item": standing or {}}
            raise ClientError(error, "PutItem")  # type: ignore[arg-type]
        self.items[key] = dict(Item)
        return {}


class SecretsManager(_Client):
    def __init__(self, values: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.values = values
        self.reads = 0

    def get_secret_value(self, *, SecretId: str) -> dict[str, Any]:
        self._fail_once()
        self.reads += 1
        if SecretId not in self.values:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetSecretValue")
        return {"SecretString": json.dumps(self.values[SecretId])}


class LambdaContext:
    """@see https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    function_name = "local-processor"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:local-processor"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, remaining_ms: int = 300_000) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def _holds(condition: str, item: Attributes | None, values: Attributes) -> bool:
    """Evaluates a condition as DynamoDB does, as far as conditions here go: comparisons, AND, OR, parentheses.

    @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
    """
    tokens = _tokens(condition)[::-1]
    result = _either(tokens, item or {}, values)
    if tokens:
        raise NotImplementedError(condition)
    return result


def _either(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    result = _both(tokens, item, values)
    while tokens and tokens[-1] == "OR":
        tokens.pop()
        # Both sides are read, whatever the first one says.
        result = _both(tokens, item, values) or result
    return result


def _both(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    result = _single(tokens, item, values)
    while tokens and tokens[-1] == "AND":
        tokens.pop()
        result = _single(tokens, item, values) and result
    return result


def _single(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    first = tokens.pop()
    if first == "(":
        result = _either(tokens, item, values)
        tokens.pop()
        return result
    if first == "attribute_not_exists":
        _, name, _ = tokens.pop(), tokens.pop(), tokens.pop()
        return name not in item
    compare, value = _OPERATORS[tokens.pop()], values[tokens.pop()]
    # A comparison with an attribute that is not there does not hold.
    return first in item and compare(_plain(item[first]), _plain(value))


def _plain(value: dict[str, str]) -> int | str:
    return int(value["N"]) if "N" in value else value["S"]
