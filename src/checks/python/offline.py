# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Runs Python code as its author would, but without network: `offline.py <log> (--module NAME | SCRIPT) ARGS...`.

A connection to anything but this machine is refused, and its address is appended to the log as a line.
"""

import ipaddress
import os
import runpy
import socket
import sys

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo
_LOG = sys.argv[1]


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(host: object) -> None:
    with open(_LOG, "a", encoding="utf-8") as log:
        log.write(f"{host}\n")
    raise ConnectionRefusedError(f"no network in this run: {host}")


def _check(address: object) -> None:
    if isinstance(address, tuple) and address and not _is_here(address[0]):
        _refuse(address[0])


def connect(self: socket.socket, address: object) -> None:
    _check(address)
    return _connect(self, address)


def connect_ex(self: socket.socket, address: object) -> int:
    _check(address)
    return _connect_ex(self, address)


def getaddrinfo(host: object, *args: object, **options: object) -> object:
    if not _is_here(host.decode() if isinstance(host, bytes) else host):
        _refuse(host)
    return _getaddrinfo(host, *args, **options)


socket.socket.connect = connect  # type: ignore[method-assign]
socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]

if sys.argv[2] == "--module":
    sys.argv = sys.argv[3:]
    sys.path.insert(0, os.getcwd())
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
else:
    sys.argv = sys.argv[2:]
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
