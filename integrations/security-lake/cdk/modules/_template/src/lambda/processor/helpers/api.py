# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The event log API of Acme.

`GET <baseUrl>/events?limit=&after=` answers a JSON list, oldest event first. The header `Link` says where the next
page begins, also at the end of the log, where it finds what comes later. Change this file where the API of the product
differs; `local-source.ts` is its counterpart on your machine.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from slake_collector.envelope import split
from slake_collector.failure import AuthenticationFailed, SecretInvalid, SourceFailed
from slake_collector.pages import Page, Record
from slake_collector.secret import Secret

STREAM = "com.acme.events"
#: No page comes near; what is larger is no page.
MOST_BYTES = 64 * 1024 * 1024
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 20.0
#: A page takes at most that long once it has begun to arrive.
PAGE_SECONDS = 60.0
#: A longer wait is better spent until the next run.
_LONGEST_PAUSE_SECONDS = 15
_CHUNK_BYTES = 256 * 1024


class _Retry(urllib3.Retry):
    """Waits as the API says in Retry-After, but never long; what is no time counts for nothing."""

    def parse_retry_after(self, retry_after: str) -> float:
        try:
            return min(super().parse_retry_after(retry_after[:64]), _LONGEST_PAUSE_SECONDS)
        except (HTTPError, ValueError, OverflowError):
            return 0


_RETRY = _Retry(total=3, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=[429, 500, 502, 503, 504])
#: What may stand in a header; anything else is no token, and a message about it would quote it.
_is_token = re.compile(r"[\x21-\x7e]+").fullmatch
#: Years that a time of an event may have.
_FIRST_YEAR, _LAST_YEAR = 1970, 9999
_HERE = {"127.0.0.1", "::1", "localhost"}
_next_link = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?').search


class EventLog:
    """`PagedSource` of slake_collector."""

    stream = STREAM

    def __init__(
        self, secret: Secret, page_size: int, start_at: str | None, retry: urllib3.Retry | None = _RETRY
    ) -> None:
        """Reads the secret `{baseUrl, apiToken}`; raises SecretInvalid, SecretMissing."""
        self._base_url = _checked(secret.field("baseUrl"), secret.id)
        self._token = secret.field("apiToken").strip()
        if not _is_token(self._token):
            raise SecretInvalid(f"apiToken of the secret {secret.id} holds what no token can")
        self._page_size = page_size
        self._start_at = start_at
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(_CONNECT_SECONDS, _READ_SECONDS), retries=retry)
        self.origin = f"{_host(self._base_url)}/events"

    def page(self, cursor: str | None) -> Page:
        start = {"after": cursor} if cursor else {"since": self._start_at} if self._start_at else {}
        status, headers, body = self._get(f"{self._base_url}/events?{urlencode({'limit': self._page_size, **start})}")
        if status in (401, 403):
            raise AuthenticationFailed(f"The API refused the token with status {status}")
        if status != 200:
            raise SourceFailed(f"The API answered with status {status}")
        following = _cursor_of(headers.get("link", ""))
        if following is None:
            raise SourceFailed("The API answered without a link to the next page")
        records = _records(body)
        return Page(records, following, has_more=len(records) > 0 and following != cursor)

    def _get(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        try:
            # A redirection could lead the token elsewhere.
            answer = self._http.request("GET", url, headers=headers, redirect=False, preload_content=False)
            body = _read(answer)
        except (HTTPError, ValueError) as error:
            raise SourceFailed(f"The API cannot be reached ({type(error).__name__})") from None
        return answer.status, answer.headers, body


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The whole body, within limits: a source may send slowly and without end."""
    body = bytearray()
    end = monotonic() + PAGE_SECONDS
    for chunk in answer.stream(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES:
            answer.close()
            raise SourceFailed(f"The API answered with more than {MOST_BYTES} bytes")
        if monotonic() > end:
            answer.close()
            raise SourceFailed(f"The API took more than {PAGE_SECONDS:.0f} seconds for a page")
    answer.release_conn()
    return bytes(body)


def _host(base_url: str) -> str:
    """As it stands in ids and checkpoints: lower case, without the usual port."""
    url = urlsplit(base_url)
    name = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return f"{name}:{url.port}" if url.port not in (None, {"https": 443, "http": 80}[url.scheme]) else f"{name}"


def _checked(base_url: str, secret_id: str) -> str:
    try:
        url = urlsplit(base_url)
        is_whole = bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        is_whole = False
    is_safe = is_whole and (url.scheme == "https" or (url.scheme == "http" and url.hostname in _HERE))
    if not is_safe or "@" in url.netloc or url.query or url.fragment:
        raise SecretInvalid(f"baseUrl of the secret {secret_id} is no address that begins with https://")
    return base_url.rstrip("/")


def _cursor_of(link: str) -> str | None:
    """`after` of the next link alone: a whole address from outside could lead anywhere."""
    found = _next_link(link)
    try:
        values = parse_qs(urlsplit(found.group(1)).query).get("after") if found else None
    except ValueError:
        return None
    return values[0] if values else None


def _records(body: bytes) -> list[Record]:
    """The events of a page, each as the text it came as; a page that is no list of JSON is one event of its own."""
    try:
        # Numbers stay text: they are not looked at, and very long ones would be refused.
        items = json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        items = None
    if items == []:
        return []
    texts = split(body)
    if not isinstance(items, list) or len(items) != len(texts):
        return [_record({}, body)]
    return [_record(item, text) for item, text in zip(items, texts, strict=True)]


def _record(item: object, body: str | bytes) -> Record:
    fields = item if isinstance(item, dict) else {}
    raw = body.encode() if isinstance(body, str) else body
    id = fields.get("id")
    return Record(id if isinstance(id, str) and id else sha256(raw).hexdigest(), _time(fields.get("published")), body)


def _time(text: object) -> datetime:
    """Now, where the event does not say when it was, or says what cannot be."""
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else datetime.now(UTC)
        time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.now(UTC)
    return time if _FIRST_YEAR <= time.year <= _LAST_YEAR else datetime.now(UTC)
