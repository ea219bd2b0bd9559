"""The line between a page and its run: whose it is, and what may be asked over it."""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg

from tracker import sealing
from tracker.web import sessions

VISITOR_HEADER = "tracker-visitor"
"""Streamlit takes it for who somebody is: server.trustedUserHeaders in .streamlit/config.toml.

Whoever names the number of a run, as a page does when its line broke, gets that run with all that
was typed, but only as the same visitor as before; anybody else gets a new one.
"""

_ASKED = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What our pages ask. Streamlit would also tell the names of files that are in no commit, empty
the caches of everybody, and hand out addresses to upload to."""


def of_its_visitor(scope: Scope) -> Scope:
    """Return the scope of a line that says whose it is; what the browser itself said is dropped.

    The cookie decides, not the member: a session that was ended does not get its run back.
    """
    name = VISITOR_HEADER.encode()
    headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    token = HTTPConnection(scope).cookies.get(sessions.cookie_name())
    if token:
        headers.append((name, sealing.token_hash(token).hex().encode()))
    return {**scope, "headers": headers}


def only_asked(receive: Receive) -> Receive:
    """Return a `receive` that passes over what no page of ours asks."""

    async def receive_asked() -> Message:
        while True:
            message = await receive()
            if _is_asked(message.get("bytes")):
                return message

    return receive_asked


def _is_asked(sent: bytes | None) -> bool:
    if sent is None:
        return True  # the line's own beginning and end
    try:
        return BackMsg.FromString(sent).WhichOneof("type") in _ASKED
    except DecodeError:  # Streamlit ends the line
        return True
