"""What `streamlit run dashboard.py` serves. Read on in src/tracker/web/shell.py, then pages/."""

import streamlit as st

from tracker import settings
from tracker.web.components import went_wrong
from tracker.web.middleware import MIDDLEWARE
from tracker.web.routes import ROUTES
from tracker.web.serving import lifespan

app = st.App(
    settings.shell(),
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=went_wrong,
)
