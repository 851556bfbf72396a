# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the handler on sample events without AWS and without network: `python local_test.py`."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

if __name__ == "__main__":
    # Beside app.py in the Lambda package; in the repository it stands in collector/.
    kits = [folder / "collector" for folder in Path(__file__).resolve().parents]
    sys.path[:0] = [str(kit) for kit in kits if (kit / "slake_collector").is_dir()]

TOKEN = "sample"
SECRET_ID = "acme-credentials"
ENVIRONMENT = {
    "SLAKE_MODULE_ID": "acme",
    "SLAKE_MODULE_VERSION": "0.0.0",
    "SLAKE_RAW_BUCKET": "sample-raw",
    "SLAKE_QUEUE_URL": "https://sqs.invalid/acme",
    "SLAKE_CHECKPOINT_TABLE": "sample-checkpoints",
    "SLAKE_SECRET_ID": SECRET_ID,
    "EVENT_LOG_PAGE_SIZE": "2",
    "POWERTOOLS_SERVICE_NAME": "acme-processor",
    "POWERTOOLS_METRICS_NAMESPACE": "Slake",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
SAMPLES = [
    {"id": f"e-{number}", "published": f"2026-03-04T12:00:0{number}.000Z", "eventType": "user.session.start"}
    for number in range(5)
]


class Api:
    """The event log API, held in memory; it listens on this machine alone while `started` lasts."""

    def __init__(self, *events: object) -> None:
        self.events = [json.dumps(event) for event in events]
        self.token = TOKEN
        #: Answers that come before those of the log: status, headers, body.
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        #: Paths with queries, in the order they were asked for.
        self.asked: list[str] = []

    @property
    def secret(self) -> dict[str, str]:
        return {"baseUrl": self.base_url, "apiToken": self.token}

    @contextmanager
    def started(self) -> Iterator["Api"]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = api.answer(self.path, self.headers.get("Authorization"))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.base_url = f"http://127.0.0.1:{server.server_address[1]}"
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()

    def answer(self, path: str, authorization: str | None) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        if self.answers:
            return self.answers.pop(0)
        if authorization != f"Bearer {self.token}":
            return 401, {}, b""
        query = parse_qs(urlsplit(path).query)
        start = int(query.get("after", ["0"])[0])
        page = self.events[start : start + int(query["limit"][0])]
        following = f'<{self.base_url}/events?after={start + len(page)}>; rel="next"'
        return 200, {"Link": following}, f"[{','.join(page)}]".encode()


def main() -> int:
    """Prints what became of the samples; 0 when every one was delivered and checkpointed, else 1."""
    os.environ.update(ENVIRONMENT)
    import app
    from slake_collector.in_memory import S3, DynamoDb, LambdaContext, SecretsManager, Sqs
    from slake_collector.secret import Secret
    from slake_collector.services import Services
    from slake_collector.settings import Settings

    s3, sqs, dynamodb = S3(), Sqs(), DynamoDb()
    with Api(*SAMPLES).started() as api:
        secret = Secret(SecretsManager({SECRET_ID: api.secret}), SECRET_ID)
        reached = Services(Settings.of(os.environ), s3, sqs, dynamodb, secret)
        app.services = lambda: reached
        summary = app.lambda_handler({}, LambdaContext())

    lines = [json.loads(line) for line in s3.lines()]
    for key in sorted(s3.objects):
        print(f"object      s3://{key}")
    for body in sqs.bodies:
        pointer = json.loads(body)
        print(f"pointer     {pointer['eventcount']} events, source {pointer['source']}")
    for line in lines:
        print(f"event       {line['id']}  {json.dumps(line['data'])}")
    for (reader, _), item in dynamodb.items.items():
        print(f"checkpoint  {reader} at cursor {item['offset']['S']}")

    delivered = len(lines) == summary["events"] == len(SAMPLES)
    checkpointed = [item["offset"]["S"] for item in dynamodb.items.values()] == [str(len(SAMPLES))]
    print("OK" if delivered and checkpointed else "FAILED")
    return 0 if delivered and checkpointed else 1


if __name__ == "__main__":
    sys.exit(main())
