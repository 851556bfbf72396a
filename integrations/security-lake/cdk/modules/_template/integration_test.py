# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The module from its source to the lake, deployed to stacks of its own: `pytest integration_test.py -v`.

The stacks stand in the embedded AWS on this machine and are gone afterwards; no account is touched, whatever
AWS_PROFILE says.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

MODULE = "acme"
EVENTS = 200
ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "bin" / "slake.mjs").is_file())


@pytest.fixture(scope="module")
def report() -> dict:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = ["node", str(ROOT / "bin" / "slake.mjs"), "start", "--module", MODULE, "--events", str(EVENTS), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


def test_every_good_event_is_in_the_lake(report):
    assert sum(source["events"] for source in report["sources"]) == EVENTS


def test_every_bad_event_is_kept_with_its_reasons(report):
    assert report["rejected"] == report["badOnPurpose"] > 0
    assert all(reason["message"] for reason in report["reasons"])
