# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""A Lambda container for a processor: invocations come in as JSON lines, results go out on file descriptor 3.

`{"looks": 5}` is an invocation whose time is over when its handler has looked at the clock that often.
"""

import json
import os
import sys

sys.path[:0] = sys.argv[1:]

import app  # noqa: E402
from slake_collector.in_memory import LambdaContext  # noqa: E402


class CountedTime(LambdaContext):
    def __init__(self, looks: int | None) -> None:
        super().__init__()
        self._looks = looks

    def get_remaining_time_in_millis(self) -> int:
        if self._looks is None:
            return self.remaining_ms
        self._looks -= 1
        return self.remaining_ms if self._looks >= 0 else 0


with os.fdopen(3, "w") as results:
    for number, line in enumerate(sys.stdin):
        context = CountedTime(json.loads(line).get("looks"))
        context.aws_request_id = f"{os.getpid()}-{number}"
        try:
            answer = {"result": app.lambda_handler({}, context)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        results.write(json.dumps(answer) + "\n")
        results.flush()
