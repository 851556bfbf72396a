# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""Turns what a source delivers into CloudEvents 1.0 lines; the shape is `CloudEvent` of src/contract/envelope.ts.

How a body is split, from its bytes alone:

| body                                                | events                  |
|-----------------------------------------------------|-------------------------|
| an object whose only member is `records`, a list    | one per record          |
| a list                                              | one per item            |
| an empty list, an empty `records`                   | one: the document       |
| any other object, or one scalar                     | one: the document       |
| several objects or lists in a row                   | those of each, in order |
| what is left where no JSON can be read on           | one with `data_base64`  |

So every body yields at least one event and nothing is dropped: where nothing at all can be read, the whole body is one
`data_base64` event. A record with bytes that are no UTF-8 is one alone; its neighbours stay JSON. NaN and Infinity are
no JSON. The text of a record is embedded as it arrived (only line breaks between tokens are taken out), so numbers of
any size keep every digit.

@see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
@see https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/stream-monitoring-data-event-hubs
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted

_WHITESPACE = " \t\n\r"
_skip_whitespace = re.compile(f"[{_WHITESPACE}]*").match
_records_list = re.compile(r'\{[ \t\n\r]*"records"[ \t\n\r]*:[ \t\n\r]*\[').match
# A strict parser lets line breaks stand only between tokens, where they mean nothing.
_drop_line_breaks = re.compile(r"[\r\n][ \t\r\n]*").sub


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


# Numbers stay text: they are only stepped over, and the parser would refuse integers of more than 4300 digits.
_scan = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=str, parse_float=str).scan_once


def event(id: str, source: str, stream: str, time: datetime, body: str | bytes) -> str:
    """One CloudEvent as a line without its line feed.

    `id` is unique per event and at most 1024 characters; `time` is when the source accepted the event (aware).
    `body` is the text of one JSON document without line breaks (embedded as `data`), or bytes (`data_base64`).
    """
    before_id, after_id = _frame(source, stream, time)
    return f"{before_id}{_quoted(id)}{after_id}{_content(body)}"


def events(id: str, source: str, stream: str, time: datetime, body: bytes) -> Iterator[str]:
    """The CloudEvents of one message as lines; their ids are `<id>/0` to `<id>/<n-1>`. Always at least one."""
    before_id, after_id = _frame(source, stream, time)
    before_index = f"{before_id}{_quoted(id)[:-1]}/"
    for index, piece in enumerate(split(body)):
        yield f'{before_index}{index}"{after_id}{_content(piece)}'


def rfc3339(time: datetime) -> str:
    """UTC with milliseconds, the precision Event Hubs gives: `2026-01-02T03:04:05.678Z`."""
    in_utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    return f"{in_utc.isoformat(timespec='milliseconds')[: -len('+00:00')]}Z"


# Messages enqueued together share their time.
@lru_cache(maxsize=256)
def _frame(source: str, stream: str, time: datetime) -> tuple[str, str]:
    return (
        '{"specversion":"1.0","id":',
        f',"source":{_quoted(source)},"type":{_quoted(stream)},"time":"{rfc3339(time)}",',
    )


def _content(body: str | bytes) -> str:
    if isinstance(body, str):
        return f'"data":{body}}}'
    return f'"datacontenttype":"application/octet-stream","data_base64":"{b64encode(body).decode()}"}}'


def split(body: bytes) -> list[str | bytes]:
    """The events of a message body: JSON texts on one line, or bytes for what is no JSON. Never empty, never raises."""
    try:
        text, is_utf8 = body.decode(), True
    except UnicodeDecodeError:
        text, is_utf8 = body.decode(errors="surrogateescape"), False
    if text[:1] == "{" and not _records_list(text) and _value_end(text, 0) == len(text):
        # One object and nothing around it is what most messages are.
        return [_piece(text, is_utf8)]
    spans, stop = _read(text)
    if not spans:
        return [body]
    pieces: list[str | bytes] = [_piece(text[start:end], is_utf8) for start, end in spans]
    rest = text[stop:].lstrip(_WHITESPACE)
    if rest:
        pieces.append(rest.encode(errors="surrogateescape"))
    return pieces


def _piece(text: str, is_utf8: bool) -> str | bytes:
    if not is_utf8:
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode(errors="surrogateescape")
    return _drop_line_breaks("", text) if "\n" in text or "\r" in text else text


def _read(text: str) -> tuple[list[tuple[int, int]], int]:
    """Where the events of all documents stand, and up to where the text could be read."""
    spans: list[tuple[int, int]] = []
    at = _after_whitespace(text, 1 if text.startswith("\ufeff") else 0)
    if text[at : at + 1] not in ("{", "["):
        end = _value_end(text, at)
        is_whole = end >= 0 and _after_whitespace(text, end) == len(text)
        return ([(at, end)], end) if is_whole else ([], 0)
    while text[at : at + 1] in ("{", "["):
        found, stop, complete = _document(text, at)
        spans += found
        if not complete:
            return spans, stop if found else at
        at = _after_whitespace(text, stop)
    return spans, at


def _document(text: str, at: int) -> tuple[list[tuple[int, int]], int, bool]:
    """The events of the object or list at `at`, up to where it could be read, and whether that is its end."""
    is_list = text[at] == "["
    opening = None if is_list else _records_list(text, at)
    if is_list or opening:
        found, stop, complete = _items(text, opening.end() if opening else at + 1)
        if not complete:
            return found, stop, False
        end = stop
        if opening:
            closing = _after_whitespace(text, stop)
            end = closing + 1 if text[closing : closing + 1] == "}" else -1
        if end >= 0:
            return found or [(at, end)], end, True
        whole = _value_end(text, at)
        return ([(at, whole)], whole, True) if whole >= 0 else (found, stop, False)
    end = _value_end(text, at)
    return ([(at, end)], end, True) if end >= 0 else ([], at, False)


def _items(text: str, at: int) -> tuple[list[tuple[int, int]], int, bool]:
    """The items of a list whose bracket stands before `at`, up to where it could be read, and whether it closed."""
    spans: list[tuple[int, int]] = []
    at = _after_whitespace(text, at)
    if text[at : at + 1] == "]":
        return spans, at + 1, True
    while True:
        end = _value_end(text, at)
        if end < 0:
            return spans, at, False
        spans.append((at, end))
        at = _after_whitespace(text, end)
        separator = text[at : at + 1]
        if separator == "]":
            return spans, at + 1, True
        if separator != ",":
            return spans, at, False
        at = _after_whitespace(text, at + 1)


def _after_whitespace(text: str, at: int) -> int:
    return _skip_whitespace(text, at).end() if text[at : at + 1] in _WHITESPACE else at  # type: ignore[union-attr]


def _value_end(text: str, at: int) -> int:
    """Where the JSON value at `at` ends, or -1: no value, a broken one, or one nested deeper than can be followed."""
    try:
        return _scan(text, at)[1]
    except (StopIteration, ValueError, RecursionError):
        return -1
