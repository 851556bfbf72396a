# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The failures a person can meet while events are collected. Codes are permanent."""

from typing import ClassVar, Literal

Blame = Literal["user", "source", "aws", "bug"]


class Failure(Exception):
    """What happened and why (the message), who can do something about it (`blame`), and what (`hint`)."""

    code: ClassVar[str]
    blame: ClassVar[Blame]
    hint: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.code} {super().__str__()}. {self.hint}"


class SettingInvalid(Failure):
    code = "SLK-COL-001"
    blame = "user"
    hint = "Set the environment variable of the processor in the module's configuration and deploy again."


class SecretMissing(Failure):
    code = "SLK-COL-002"
    blame = "user"
    hint = "Create the secret with configure-secrets, in the account and region of the processor."


class SecretInvalid(Failure):
    code = "SLK-COL-003"
    blame = "user"
    hint = "Write the secret again with configure-secrets; its value is never logged."


class SourceFailed(Failure):
    """The source refused or broke off; what was received before it may still be delivered."""

    code = "SLK-COL-004"
    blame = "source"
    hint = "The next run goes on from the checkpoint; if it keeps failing, look at the source's own status."


class AuthenticationFailed(SourceFailed):
    code = "SLK-COL-005"
    blame = "user"
    hint = "Check that the key in the secret is current and has the right to listen, then run again."


class ReceiverReplaced(Failure):
    """Another receiver took the partition over: it holds the events from its checkpoint on."""

    code = "SLK-COL-006"
    blame = "source"
    hint = "Give this integration a consumer group of its own; overlapping runs need nothing."


class CheckpointConflict(Failure):
    """The condition of a checkpoint write was refused: another run stands at or past that position."""

    code = "SLK-COL-007"
    blame = "source"
    hint = "Nothing is lost; if it keeps happening, find the second processor that uses this consumer group."


class CheckpointTooNew(Failure):
    code = "SLK-COL-008"
    blame = "user"
    hint = "Deploy the module version that wrote the checkpoint, or a later one."


class PointerRefused(Failure):
    code = "SLK-COL-009"
    blame = "aws"
    hint = "The raw object is written and the checkpoint was not moved; the next run sends it again."


class RunFailed(Failure):
    """One or more partitions failed; the others were collected."""

    code = "SLK-COL-010"
    blame = "source"
    hint = "What was delivered before is checkpointed; the next run goes on from there."
