"""The first line of every page, and of everything that a button does."""

from __future__ import annotations

import streamlit as st

from tracker.members import Asker
from tracker.web import access, components, refusals, sessions


def require(path: str) -> Asker:
    """Return who is here, if the table lets them open the page at `path`; else end the run.

    Asked anew each time: what a button does runs before the shell has looked.
    """
    member = sessions.current_member()
    if member is None:
        components.signed_out()
        st.stop()
    page = access.page_at(path)
    if page is None or not access.may_open(member, page):
        if page is not None:
            refusals.note(member, page.path)
        components.not_open()
        st.stop()
    return member
