"""DataFrame → plotly Figure, and the same in words for those who do not see the figure.

Figures are theme-neutral: backgrounds are transparent, and whatever is text or grid keeps no colour
of its own, so that `st.plotly_chart(..., theme="streamlit")` gives it the page's, light or dark.
They cannot know how wide they will be drawn. What must not collide is therefore laid out for the
narrowest phone (`drawing.PHONE`), in pixels: heights and margins are fixed, and only x stretches.
Plain SVG traces; zooming is off, because on a phone it takes the finger that wants to scroll.
"""

from tracker.charts.drawing import target_colours
from tracker.charts.happenings import kind_label
from tracker.charts.progress_figure import progress, progress_in_words
from tracker.charts.timeline_figure import timeline, timeline_in_words, timeline_key

__all__ = [
    "kind_label",
    "progress",
    "progress_in_words",
    "target_colours",
    "timeline",
    "timeline_in_words",
    "timeline_key",
]
