# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Calls the handler of a processor once, as Lambda would: `call_handler.py FOLDER FILE.FUNCTION`.

The environment says where AWS is. The last line it prints is JSON: `{"raised": {"type", "code", "message"}}`,
`{"returned": ...}` or `{"unloadable": "..."}`; before it stands what the handler logs.
"""

import importlib
import json
import sys
import time
import traceback


class Context:
    """What Lambda tells a function of its invocation."""

    function_name = "checked-processor"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    log_group_name = "/aws/lambda/checked-processor"
    log_stream_name = "checked"

    def __init__(self) -> None:
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:123456789012:function:{self.function_name}"
        self._end = time.monotonic() + 60

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


def _call(folder: str, handler: str) -> dict[str, object]:
    sys.path.insert(0, folder)
    module, function = handler.rsplit(".", 1)
    try:
        called = getattr(importlib.import_module(module), function)
    except Exception:
        return {"unloadable": traceback.format_exc(limit=-2)}
    try:
        answer = called({}, Context())
    except Exception as error:
        # The text of a refusal may quote what the service said; its kind is what counts here.
        return {"raised": {"type": type(error).__name__, "code": getattr(error, "code", None)}}
    return {"returned": json.loads(json.dumps(answer, default=str))}


outcome = _call(sys.argv[1], sys.argv[2])
sys.stdout.flush()
print(json.dumps(outcome))
