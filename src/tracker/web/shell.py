"""The script that Streamlit runs for every visitor: who is here, what may they open, open it.

It lies away from pages/ on purpose: Streamlit would serve a folder pages/ beside it by itself,
before anybody is asked who they are.
"""

import streamlit as st

from tracker import settings
from tracker.web import access, components, sessions
from tracker.wording import gettext as _

member = sessions.current_member()
# A file of our own: for an icon's name the browser would ask a font service on the internet. To the
# signed-out, Streamlit's files are closed; they keep the icon that the page came with.
st.set_page_config(
    page_title=_("Urgent Action letters"),
    page_icon=str(settings.icon()) if member else None,
    layout="wide",
)

if member is None:
    components.style()
    components.signed_out()
    st.stop()

navigation = {"": [components.first_page(member)]}
for page in access.PAGES:
    if access.may_open(member, page):
        navigation.setdefault(access.area_title(page.area), []).append(
            components.streamlit_page(page)
        )
chosen = st.navigation(navigation)
opened = access.page_at(f"/{chosen.url_path}")
components.style(opened.area if opened else None)
components.who_is_here(member)
components.demonstration_line(member)
chosen.run()
