# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Which event hub to read, from the secret `{connectionString, eventHubName?, consumerGroup?}`.

@see https://learn.microsoft.com/en-us/azure/event-hubs/event-hubs-get-connection-string
"""

from dataclasses import dataclass, field
from ipaddress import ip_address

from azure.eventhub import parse_connection_string

from slake_collector.failure import SecretInvalid
from slake_collector.secret import Secret

DEFAULT_CONSUMER_GROUP = "$Default"


@dataclass(frozen=True)
class Connection:
    """Where the hub is. Ids are made of `namespace` and `hub`: lower case, since Azure does not distinguish."""

    connection_string: str = field(repr=False)
    event_hub_name: str
    consumer_group: str
    namespace: str
    hub: str

    @classmethod
    def of(cls, secret: Secret, consumer_group: str | None) -> "Connection":
        """`consumer_group` (of the configuration) goes before the secret's. Raises SecretInvalid, SecretMissing."""
        connection_string = secret.field("connectionString")
        try:
            parsed = parse_connection_string(connection_string)
        except ValueError:
            # The parser's message may quote the value.
            raise SecretInvalid(
                f"connectionString of the secret {secret.id} is no Event Hubs connection string"
            ) from None
        named, entity_path = secret.optional_field("eventHubName"), parsed.eventhub_name
        hub = named or entity_path
        if not hub:
            raise SecretInvalid(f"The secret {secret.id} has no eventHubName, nor EntityPath in connectionString")
        if named and entity_path and named.lower() != entity_path.lower():
            raise SecretInvalid(f"eventHubName of the secret {secret.id} is not the EntityPath of its connectionString")
        return cls(
            connection_string=connection_string,
            event_hub_name=hub,
            consumer_group=consumer_group or secret.optional_field("consumerGroup") or DEFAULT_CONSUMER_GROUP,
            namespace=_namespace(parsed.fully_qualified_namespace),
            hub=hub.lower(),
        )


def _namespace(host: str) -> str:
    """`contoso` of `contoso.servicebus.windows.net`; an address stays whole, without its port."""
    name = host.lower().rsplit(":", 1)[0]
    try:
        return str(ip_address(name))
    except ValueError:
        return name.split(".")[0]
