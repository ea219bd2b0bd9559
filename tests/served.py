"""The program in a process of its own, on loopback, spoken to as a browser does."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SERVE = (sys.executable, "-m", "tracker", "serve")
RUN = (sys.executable, "-m", "streamlit", "run", "dashboard.py")
PATIENCE = 120
"""Seconds after which a process that says nothing is taken for hung; no test measures them."""

NEWCOMER = {"section": "Ruritania (fictional)", "time_zone": "UTC"}
"""What the first one at a new server types behind the set-up link."""


@dataclass
class Server:
    """A server that is up.

    Attributes:
        printed: the lines it has printed so far.
        address: the address that it printed, without a trailing slash.
        link: the path of its first sign-in link.
        session: the cookies of the browser that opened it, once one has.
    """

    process: subprocess.Popen[bytes]
    printed: list[str] = field(default_factory=list)
    address: str = ""
    link: str = ""
    session: list[Any] = field(default_factory=list)

    def ask(
        self, path: str, *, cookie: str = "", form: Mapping[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """Return the answer to a GET, or to a POST of `form`; no redirect is followed."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        headers = {"Cookie": cookie} if cookie else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form)
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def sign_in(self, link: str = "") -> str:
        """Press the button behind a sign-in link (its own if left out) and return the cookie."""
        answer, body = self.ask(link or self.link, form=NEWCOMER)
        assert answer.status == 303, body
        return cookies_of(answer)

    def line(
        self,
        *,
        origin: str | None = "",
        cookie: str = "",
        path: str = "/_stcore/stream",
        number: str = "",
    ) -> ClientConnection:
        """Open a line, as Streamlit's page does; from our own page unless `origin` says otherwise.

        `number` is that of the run that a page asks for again when its line broke.
        """
        return connect(
            self.address.replace("http", "ws", 1) + path,
            origin=self.address if origin == "" else origin,  # type: ignore[arg-type]  # a NewType
            additional_headers={"Cookie": cookie} if cookie else {},
            subprotocols=["streamlit", "token", number] if number else ["streamlit"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
        )

    def run(self, page: str, *, cookie: str) -> list[ForwardMsg]:
        """Return all that a browser is sent when it opens the page of that name."""
        with self.line(cookie=cookie) as line:
            return run(line, page)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code; what it still said is in `printed`."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=PATIENCE)
        self.printed += said.decode().splitlines()
        return self.process.returncode


def cookies_of(answer: HTTPResponse) -> str:
    """Return the cookies that an answer sets, as a browser sends them back."""
    set_here = answer.headers.get_all("set-cookie") or []
    return "; ".join(cookie.partition(";")[0] for cookie in set_here)


@contextmanager
def serving(command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Iterator[Server]:
    """Yield the server that `command` starts, once it has printed a sign-in link."""
    # Unbuffered: what is read here line by line is not lost for `communicate`.
    process = subprocess.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    )
    server = Server(process)
    # One that prints no link at all would be waited for without an end.
    patience = threading.Timer(PATIENCE, process.kill)
    patience.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            server.printed.append(line.decode().rstrip("\n"))
            address, found, token = server.printed[-1].rpartition(" ")[2].partition("/setup/")
            if found:
                server.address, server.link = address, f"/setup/{token}"
                break
        patience.cancel()
        assert server.link, f"the server did not come up: {server.printed}"
        yield server
    finally:
        patience.cancel()
        server.stop()


def run(line: ClientConnection, page: str, **more: str) -> list[ForwardMsg]:
    """Have the script run once and return what was sent."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    for name, value in more.items():
        setattr(asked.rerun_script, name, value)
    line.send(asked.SerializeToString())
    sent: list[ForwardMsg] = []
    while not sent or sent[-1].WhichOneof("type") != "script_finished":
        message = line.recv(timeout=PATIENCE)
        assert isinstance(message, bytes)
        sent.append(ForwardMsg.FromString(message))
    return sent


def number(sent: Sequence[ForwardMsg]) -> str:
    """Return the number of the run among what a browser was sent; it knows it again by this."""
    begun = [message.new_session for message in sent if message.HasField("new_session")]
    return str(begun[0].initialize.session_id)


def headings(sent: Sequence[ForwardMsg]) -> list[str]:
    """Return the headings among what a browser was sent."""
    elements = [message.delta.new_element for message in sent if message.HasField("delta")]
    return [element.heading.body for element in elements if element.HasField("heading")]
