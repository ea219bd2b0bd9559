"""A browser without a window: asks the routes and the door in this process, and keeps cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message

from tracker.web import sessions
from tracker.web.middleware import MIDDLEWARE
from tracker.web.routes import ROUTES

HOST = "127.0.0.1:8501"
"""Where the tests' settings listen, and so where the browser finds them."""

ORIGIN = f"http://{HOST}"

BEHIND = "Streamlit would answer here."
"""What the stand-in says for everything that the door lets through to Streamlit."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, Morsel[str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def location(self) -> str | None:
        """Where the answer leads on to."""
        return self.headers.get("location")

    @property
    def page(self) -> Page:
        """The body as a reader sees it."""
        return Page(self.text)


class Page(HTMLParser):
    """A plain HTML page as a reader sees it.

    Attributes:
        title: its heading.
        sentences: its paragraphs and buttons, in order.
        fields: what its form's fields hold, by name.
        tags: every tag in it.
    """

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__()
        self.title = ""
        self.sentences: list[str] = []
        self.fields: dict[str, str | None] = {}
        self.tags: list[str] = []
        self._inside: list[str] = []
        self._choice = ""
        self._chosen = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, and what a field holds."""
        said = dict(attrs)
        self.tags.append(tag)
        if tag not in {"link", "meta", "input", "img"}:
            self._inside.append(tag)
        if tag in {"p", "button"}:
            self.sentences.append("")
        elif tag == "input":
            self.fields[said["name"] or ""] = said["value"]
        elif tag == "select":
            self._choice = said["name"] or ""
        self._chosen = tag == "option" and "selected" in said

    def handle_endtag(self, tag: str) -> None:
        """Leave the tag."""
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        """Read what stands in it."""
        inside = self._inside[-1] if self._inside else ""
        if inside == "h1":
            self.title += data
        elif {"p", "button"} & set(self._inside):
            self.sentences[-1] += data
        elif inside == "option" and self._chosen:
            self.fields[self._choice] = data


class Browser:
    """One browser with its cookies; it follows no redirect by itself."""

    def __init__(self, token: str | None = None, *, address: str = "127.0.0.1") -> None:
        """Begin signed out, or with a session's token in the cookie, at an IP address."""
        self.address = address
        self.cookies: dict[str, str] = {}
        if token:
            self.cookies[sessions.cookie_name()] = token

    def get(self, address: str, **headers: str) -> Answer:
        """Open an address, as a person does: without an origin."""
        return self.send("GET", address, headers=headers)

    def head(self, address: str) -> Answer:
        """Ask for the head of an address, as link previews do."""
        return self.send("HEAD", address)

    def post(
        self, address: str, *, origin: str | None = ORIGIN, host: str = HOST, **fields: str
    ) -> Answer:
        """Send a form; by default our own page's."""
        headers = {"content-type": "application/x-www-form-urlencoded", "host": host}
        if origin is not None:
            headers["origin"] = origin
        return self.send("POST", address, headers=headers, body=urlencode(fields).encode())

    def send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send any request and return the answer; cookies that it sets are kept."""
        path, _, query = address.partition("?")
        sent = {"host": HOST, **(headers or {})}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = _scope("http", path, query, sent)
        scope |= {"method": method, "client": (self.address, 40000)}
        answer = asyncio.run(_answer(_app(), scope, body))
        for name, cookie in answer.cookies.items():
            if cookie["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value
        return answer

    def connect(self, path: str = "/_stcore/stream", **headers: str) -> bool:
        """Open a WebSocket and return whether it was accepted."""
        sent = {"host": HOST, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return asyncio.run(_connects(_app(), _scope("websocket", path, "", sent)))


def _app() -> ASGIApp:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    app.mount("/", _stand_in)
    return app


async def _stand_in(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    request = Request(scope)
    allowed = request.method in {"GET", "HEAD"} or scope["path"].startswith("/_stcore/")
    await PlainTextResponse(BEHIND, 200 if allowed else 405)(scope, receive, send)


def _scope(kind: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "server": ("127.0.0.1", 8501),
        "client": ("127.0.0.1", 40000),
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").lower().encode(), value.encode("latin-1"))
            for name, value in headers.items()
        ],
        "subprotocols": [],
    }


async def _answer(app: ASGIApp, scope: dict[str, Any], body: bytes) -> Answer:
    messages: list[Message] = []
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if sent:
            return sent.pop()
        # The visitor stays until the answer is there.
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    assert start["type"] == "http.response.start"
    lines = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    cookies: SimpleCookie = SimpleCookie()
    for name, value in lines:
        if name == "set-cookie":
            cookies.load(value)
    parts = [message.get("body", b"") for message in messages[1:]]
    return Answer(start["status"], dict(lines), cookies, b"".join(parts))


async def _connects(app: ASGIApp, scope: dict[str, Any]) -> bool:
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        answers.append(message)

    await app(scope, receive, send)
    return answers[0]["type"] == "websocket.accept"
