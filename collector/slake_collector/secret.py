# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""A secret of AWS Secrets Manager whose value is a JSON object of texts."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from .failure import SecretInvalid, SecretMissing

_EXPIRES_AFTER_SECONDS = 300.0


class Secret:
    """Read once and kept for `expires_after` seconds, so that a rotated value is found without a new container."""

    def __init__(
        self,
        secretsmanager: Any,
        secret_id: str,
        expires_after: float = _EXPIRES_AFTER_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = secret_id
        self._secretsmanager = secretsmanager
        self._expires_after = expires_after
        self._clock = clock
        self._fields: Mapping[str, str] | None = None
        self._read_at = 0.0

    def field(self, name: str) -> str:
        """Raises SecretInvalid when the field is missing or empty."""
        value = self.optional_field(name)
        if not value:
            raise SecretInvalid(f"The secret {self.id} has no text in the field {name}")
        return value

    def optional_field(self, name: str) -> str | None:
        """The field's text, or None; raises SecretMissing when there is no such secret."""
        if self._fields is None or self._clock() - self._read_at >= self._expires_after:
            self._fields = self._read()
            self._read_at = self._clock()
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            raise SecretInvalid(f"The field {name} of the secret {self.id} is no text")
        return value

    def refresh(self) -> bool:
        """Reads the value again, after the source refused it; true when it has changed."""
        before, self._fields = self._fields, self._read()
        self._read_at = self._clock()
        return self._fields != before

    def _read(self) -> Mapping[str, str]:
        """@see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html"""
        try:
            answer = self._secretsmanager.get_secret_value(SecretId=self.id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            raise SecretMissing(f"There is no secret {self.id}, or it has no value") from None
        try:
            value = json.loads(answer.get("SecretString") or "")
        except ValueError:
            # The parser's message quotes the value, so it must not be chained.
            raise SecretInvalid(f"The secret {self.id} is no JSON") from None
        if not isinstance(value, dict):
            raise SecretInvalid(f"The secret {self.id} is no JSON object")
        return value
