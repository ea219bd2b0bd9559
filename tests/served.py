"""The program in a process of its own, on loopback, spoken to as a browser does."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

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
    """

    process: subprocess.Popen[bytes]
    printed: list[str] = field(default_factory=list)
    address: str = ""
    link: str = ""

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
        return answer.headers["set-cookie"].partition(";")[0]

    def run(self, page: str, *, cookie: str) -> list[ForwardMsg]:
        """Return all that a browser is sent when it opens the page of that name."""
        cookies = {"Cookie": cookie} if cookie else {}
        with connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]  # a NewType of str
            additional_headers=cookies,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
        ) as line:
            asking = BackMsg()
            asking.rerun_script.page_name = page
            line.send(asking.SerializeToString())
            sent = []
            while not sent or sent[-1].WhichOneof("type") != "script_finished":
                message = line.recv(timeout=PATIENCE)
                assert isinstance(message, bytes)
                sent.append(ForwardMsg.FromString(message))
            return sent

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code; what it still said is in `printed`."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=PATIENCE)
        self.printed += said.decode().splitlines()
        return self.process.returncode


@contextmanager
def serving(command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Iterator[Server]:
    """Yield the server that `command` starts, once it has printed a sign-in link."""
    # Unbuffered: what is read here line by line is not lost for `communicate`.
    process = subprocess.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    )
    server = Server(process)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            server.printed.append(line.decode().rstrip("\n"))
            address, found, token = server.printed[-1].rpartition(" ")[2].partition("/setup/")
            if found:
                server.address, server.link = address, f"/setup/{token}"
                break
        assert server.link, f"the server did not come up: {server.printed}"
        yield server
    finally:
        server.stop()


def headings(sent: Sequence[ForwardMsg]) -> list[str]:
    """Return the headings among what a browser was sent."""
    elements = [message.delta.new_element for message in sent if message.HasField("delta")]
    return [element.heading.body for element in elements if element.HasField("heading")]
