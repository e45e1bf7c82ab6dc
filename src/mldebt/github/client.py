"""GitHub's REST API over the standard library: one host gets the token, and waiting has an end."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from mldebt import __version__
from mldebt.errors import ApiError
from mldebt.report.excerpt import plain

if TYPE_CHECKING:
    from email.message import Message
    from urllib.request import OpenerDirector

_TRIES = 4
_FIRST_PAUSE = 0.5  # seconds before asking again; doubled each time
_SECONDARY = 60.0  # seconds, at a secondary limit that names none (GitHub docs, "Rate limits for the REST API")
_PATIENCE = 120.0  # seconds that all waiting of a client may take
_TIMEOUT = 20.0  # seconds for a connection, and between two pieces of an answer
_LARGEST = 32 * 1024 * 1024  # bytes of an answer; a hundred comments of 65,536 characters are a fifth of it
_MOST_PAGES = 200
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)


class Reply(NamedTuple):
    """An answer; its status is 0 if there was none, and the body says why."""

    status: int
    headers: Message | None
    body: bytes

    def header(self, name: str) -> str:
        """A header's value; empty without it."""
        return (self.headers.get(name) or "") if self.headers is not None else ""


class Client:
    """Asks one API with one token; `patience` are the seconds that all its waiting may take together."""

    def __init__(self, api: str, token: str, patience: float = _PATIENCE) -> None:
        self._api = api.rstrip("/")
        self._token = token
        self._patience = patience

    def get(self, path: str, **query: str | int) -> Any:
        """The value at a path. Raises ApiError."""
        return _value(self._asked("GET", self._url(path, query)))

    def pages(self, path: str, key: str = "", **query: str | int) -> Iterator[Any]:
        """The items of all pages of a list, or of the list that each page has under a key. Raises ApiError."""
        url = self._url(path, {**query, "per_page": 100})
        for _ in range(_MOST_PAGES):
            reply = self._asked("GET", url)
            page = _value(reply)
            items = page.get(key) if key and isinstance(page, dict) else page
            yield from items if isinstance(items, list) else ()
            following = re.search(r'<([^<>]+)>; *rel="next"', reply.header("Link"))
            if following is None:
                return
            url = following[1]
            if _origin(url) != _origin(self._api):
                raise ApiError("the next page lies on another host: it is not asked for", 502)

    def send(self, method: str, path: str, body: object = None) -> Any:
        """What the API answers to a change; a POST that may have worked is not repeated. Raises ApiError."""
        return _value(self._asked(method, self._url(path, {}), msgspec.json.encode(body) if body is not None else None))

    def graphql(self, query: str) -> Any:
        """What a query tells. Raises ApiError."""
        url = f"{self._api.removesuffix('/v3')}/graphql"  # a server of one's own has it beside the REST API
        return _value(self._asked("POST", url, msgspec.json.encode({"query": query})))

    def download(self, path: str) -> bytes:
        """The bytes that a path leads to, from another host without the token. Raises ApiError."""
        return self._asked("GET", self._url(path, {})).body

    def _url(self, path: str, query: dict[str, Any]) -> str:
        return f"{self._api}{path}{'?' + urlencode(query) if query else ''}"

    def _asked(self, method: str, url: str, body: bytes | None = None) -> Reply:
        """The answer to a request that was done, after as many tries as help."""
        for tried in range(_TRIES):
            reply = self._followed(method, url, body)
            if 0 < reply.status < 400:
                return reply
            pause = _pause(reply, method, tried)
            if pause is None or pause > self._patience or tried == _TRIES - 1:
                break
            self._patience -= pause
            time.sleep(pause)
        raise ApiError(f"{method} {urlsplit(url).path}: {_reason(reply)}", reply.status)

    def _followed(self, method: str, url: str, body: bytes | None) -> Reply:
        """The answer at the end of all redirections; what is not only read follows none to another host."""
        for _ in range(_REDIRECTS):
            reply = self._once(method, url, body)
            target = urljoin(url, reply.header("Location"))
            if reply.status not in _MOVED or target == url:
                return reply
            if method != "GET" and (_origin(target) != _origin(url) or reply.status not in (307, 308)):
                return reply._replace(status=502, body=b"it was to be sent elsewhere")
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                return reply._replace(status=502, body=b"it leads to an unsafe address")
            url = target
        return reply._replace(status=502, body=b"it leads from address to address")

    def _once(self, method: str, url: str, body: bytes | None) -> Reply:
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import Request

        try:
            with _opener().open(Request(url, body, self._headers(url), method=method), timeout=_TIMEOUT) as answer:
                return _read(answer.status, answer.headers, answer)
        except HTTPError as error:
            with error:
                return _read(error.code, error.headers, error)
        except (OSError, HTTPException, ValueError) as error:
            return Reply(0, None, str(getattr(error, "reason", error) or type(error).__name__).encode())

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"User-Agent": f"mldebt/{__version__}"}
        if _origin(url) == _origin(self._api):
            headers.update(
                {
                    "Authorization": f"Bearer {self._token}",
                    "Accept": "application/vnd.github+json",
                    "Content-Type": "application/json",
                    "X-GitHub-Api-Version": "2022-11-28",
                }
            )
        return headers


def _opener() -> OpenerDirector:
    """What opens addresses as told by the proxy settings, and follows no redirection by itself."""
    from urllib.request import HTTPRedirectHandler, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    return build_opener(Stay)


def _read(status: int, headers: Message, stream: Any) -> Reply:
    body = stream.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        return Reply(413, headers, f"it has more than {_LARGEST:,} bytes".encode())
    return Reply(status, headers, body)


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a token is good for."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _pause(reply: Reply, method: str, tried: int) -> float | None:
    """Seconds after which asking again may help; None if it will not, or if it may do a thing twice."""
    if reply.status in (403, 429):
        return _limit(reply)
    if reply.status == 0 or reply.status >= 500:
        return _FIRST_PAUSE * 2**tried if method != "POST" else None
    return None


def _limit(reply: Reply) -> float | None:
    """Seconds until a rate limit ends; None if it was none that refused."""
    told = reply.header("retry-after")
    if told.isdecimal():
        return float(told)
    reset = reply.header("x-ratelimit-reset")
    if reply.header("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - time.time()) + 1
    return _SECONDARY if reply.status == 429 or b"secondary rate limit" in reply.body else None


def _reason(reply: Reply) -> str:
    """Why a request was not done, as a word of one line."""
    if reply.status == 0:
        return f"no answer ({plain(reply.body.decode(errors='replace'))[:200]})"
    try:
        said = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = None
    message = said.get("message") if isinstance(said, dict) else None
    return f"{reply.status} {plain(str(message))[:200]}" if message else f"{reply.status}"


def _value(reply: Reply) -> Any:
    if not reply.body:
        return None
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError("the answer is no JSON: is the address that of the API", 502) from error
