"""A stand-in for GitHub's API: it keeps what it is told, refuses what GitHub refuses, and fails on demand.

Each request and each answer is held against GitHub's own description; what does not fit is among `violations`.
"""

from __future__ import annotations

import io
import json
import re
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from api_description import Description, Value
from fake_operations import OPERATIONS, Answer, Call, Refusal
from fake_state import TOKENS, Fault, State, Token

_PAGE, _MOST = 30, 100  # items of a page, by default and at most


class FakeGitHub:
    """The server, for as long as its `with` block lasts."""

    def __init__(self, described: Description) -> None:
        self.state = State(described)
        handler = type("Handler", (_Handler,), {"state": self.state, "lock": threading.RLock()})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FakeGitHub:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, method: str) -> list[str]:
        """The paths of the requests with this method, in order."""
        return [request["path"] for request in self.state.requests if request["method"] == method]


class _Handler(BaseHTTPRequestHandler):
    state: State
    lock: threading.RLock
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path = unquote(url.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.lock:
            if path.startswith("/blobs/"):
                self._blob(int(path.rpartition("/")[2]))
                return
            self.state.requests.append({"method": self.command, "path": path, "query": query})
            fault = self._fault(path)
            if fault is not None and not fault.after:
                self._fail(fault)
                return
            try:
                answer = self._answer(path, query, json.loads(raw) if raw else None)
            except Refusal as refusal:
                answer = Answer(refusal.status, {"message": str(refusal)}, refusal.headers)
            if fault is not None:
                self._fail(fault)
            else:
                self._send(answer)

    do_POST = do_PATCH = do_DELETE = do_GET

    def _answer(self, path: str, query: dict[str, str], body: Any) -> Answer:
        token = self._token()
        if path == "/graphql":
            return Answer(200, {"data": {"viewer": {"login": token.login}}})
        operation, parts = self.state.described.find(self.command, path)
        if operation is None or operation["operationId"] not in OPERATIONS:
            self.state.violations.append(f"no such operation: {self.command} {path}")
            raise Refusal(404, "Not Found")
        if self.command != "GET" and not token.write:
            raise Refusal(403, "Resource not accessible by integration")
        wrong = self.state.described.request_errors(operation, parts, query, body)
        if wrong:
            self.state.violations.append(f"{self.command} {path}: {wrong}")
            raise Refusal(422, "Validation Failed")
        answer = OPERATIONS[operation["operationId"]](Call(self.state, token, parts, query, body))
        answer = self._paged(answer, path, query) if isinstance(answer.value, list) else answer
        self._check(operation, answer)
        return answer

    def _check(self, operation: Value, answer: Answer) -> None:
        wrong = self.state.described.answer_errors(operation, answer.status, answer.value)
        if wrong and answer.value is not None:
            self.state.violations.append(f"the stand-in's own answer to {self.command} {self.path}: {wrong}")

    def _token(self) -> Token:
        if not self.headers.get("User-Agent"):
            raise Refusal(403, "Request forbidden by administrative rules. Make sure it has a User-Agent header.")
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if kind != "Bearer" or value not in TOKENS:
            raise Refusal(401, "Bad credentials")
        return TOKENS[value]

    def _paged(self, answer: Answer, path: str, query: dict[str, str]) -> Answer:
        size, page = min(int(query.get("per_page", _PAGE)), _MOST), int(query.get("page", 1))
        start = (page - 1) * size
        others = "".join(f"&{key}={value}" for key, value in query.items() if key not in ("page", "per_page"))
        address = f"<http://{self.headers['Host']}{path}?per_page={size}{others}&page="
        more = start + size < len(answer.value)
        headers = {"Link": f'{address}{page + 1}>; rel="next", {address}1>; rel="first"'} if more else {}
        return Answer(answer.status, answer.value[start : start + size], headers)

    def _fault(self, path: str) -> Fault | None:
        for fault in self.state.faults:
            if fault.times and re.search(fault.match, f"{self.command} {path}"):
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        if fault.drop:
            self.close_connection = True
            self.connection.close()
            return
        headers = {"Content-Type": "text/html"}
        if fault.primary is not None:
            headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + fault.primary)}
        if fault.retry_after is not None:
            headers["retry-after"] = str(fault.retry_after)
        self._send(Answer(fault.status, b"<html><body><h1>Whoa there!</h1></body></html>", headers))

    def _send(self, answer: Answer) -> None:
        value = answer.value
        data = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        headers = {"Content-Type": "application/json", "x-ratelimit-remaining": "4999", **answer.headers}
        self.send_response(answer.status)
        for name, text in headers.items():
            # another host, as far as a client can tell
            self.send_header(
                name, text.replace("BLOBS", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/blobs")
            )
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _blob(self, artifact: int) -> None:
        """The store that a download leads to: it refuses whoever brings a token."""
        if self.headers.get("Authorization"):
            self.state.violations.append("the token went to another host")
            self._send(Answer(400, b"<Error/>", {"Content-Type": "application/xml"}))
            return
        run, index = divmod(artifact, 100)
        files, packed = self.state.artifacts[run], io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files[sorted(files)[index]].items():
                archive.writestr(name, data)
        self._send(Answer(200, packed.getvalue(), {"Content-Type": "application/zip"}))
