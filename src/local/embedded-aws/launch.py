# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Runs MiniStack for exactly as long as the process that started it lives.

Standard input is a pipe whose other end that process holds and never writes to. When it goes away, however it dies,
the pipe ends, and this process takes its whole group (MiniStack and the Lambda workers it started) with it.
"""

import os
import signal
import threading


def end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, name="end-with-parent", daemon=True).start()

    from ministack.app import main

    main()
