# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""What a processor reaches in AWS, made of what the infrastructure tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.session import Session

from .checkpoint import CheckpointTable
from .delivery import Delivery
from .failure import AuthenticationFailed
from .pointer import PointerQueue
from .raw_object import RawBucket
from .secret import Secret
from .settings import Settings

logger = Logger(child=True)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Services:
    """Made once per container; clients that hold everything in memory stand in for those of AWS in tests."""

    settings: Settings
    s3: Any
    sqs: Any
    dynamodb: Any
    secret: Secret

    def delivery(self) -> Delivery:
        """Where the raw objects of the module and their pointers go."""
        return Delivery(
            module_id=self.settings.module_id,
            bucket=RawBucket(self.s3, self.settings.raw_bucket),
            queue=PointerQueue(self.sqs, self.settings.queue_url),
            raw_object_bytes=self.settings.raw_object_bytes,
        )

    def checkpoints(self, origin: str, owner: str) -> CheckpointTable:
        """The positions of the module in what it reads at `origin`; `owner` is the id of the invocation."""
        return CheckpointTable(
            self.dynamodb, self.settings.checkpoint_table, f"{self.settings.module_id}#{origin}", owner
        )

    def with_current_secret(self, work: Callable[[], _Answer]) -> _Answer:
        """What `work` gives; it is done once more where the source refused a secret that has changed since it was read.

        Raises what `work` raises, AuthenticationFailed only where the secret is the same still.
        """
        try:
            return work()
        except AuthenticationFailed:
            if not self.secret.refresh():
                raise
            logger.warning("The source refused the secret, which has changed since it was read")
            return work()


def services_of(environment: Mapping[str, str], connections: int = 10) -> Services:
    """The services of the account, each with up to `connections` at once; raises SettingInvalid."""
    settings = Settings.of(environment)
    session = Session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=connections)
    return Services(
        settings=settings,
        s3=session.create_client("s3", config=config),
        sqs=session.create_client("sqs", config=config),
        dynamodb=session.create_client("dynamodb", config=config),
        secret=Secret(session.create_client("secretsmanager", config=config), settings.secret_id),
    )
