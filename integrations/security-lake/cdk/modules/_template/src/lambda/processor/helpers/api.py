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
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 60.0
# Waits as the API says in Retry-After, at most that long: a longer wait is better spent until the next run.
_RETRY = urllib3.Retry(
    total=4, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=[429, 500, 502, 503, 504], retry_after_max=20
)
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
        self._token = secret.field("apiToken")
        self._page_size = page_size
        self._start_at = start_at
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(_CONNECT_SECONDS, _READ_SECONDS), retries=retry)
        self.origin = f"{urlsplit(self._base_url).netloc}/events"

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
            body = answer.read(MOST_BYTES + 1, decode_content=True)
            answer.release_conn()
        except HTTPError as error:
            raise SourceFailed(f"The API cannot be reached ({type(error).__name__})") from error
        if len(body) > MOST_BYTES:
            raise SourceFailed(f"The API answered with more than {MOST_BYTES} bytes")
        return answer.status, answer.headers, body


def _checked(base_url: str, secret_id: str) -> str:
    url = urlsplit(base_url)
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in _HERE)
    if not is_safe or not url.hostname or url.username or url.query or url.fragment:
        raise SecretInvalid(f"baseUrl of the secret {secret_id} is no address that begins with https://")
    return base_url.rstrip("/")


def _cursor_of(link: str) -> str | None:
    """`after` of the next link alone: a whole address from outside could lead anywhere."""
    found = _next_link(link)
    values = parse_qs(urlsplit(found.group(1)).query).get("after") if found else None
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
    """Now, where the event does not say when it was."""
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else datetime.now(UTC)
    except ValueError:
        return datetime.now(UTC)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
