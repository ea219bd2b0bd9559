"""Everything that knows Streamlit, besides the pages: guard, door, routes, shared components.

A page begins with `web.require(path)` and draws with what is listed here.
"""

from tracker.web.components import (
    CHART_CONFIG,
    choose_action,
    choose_days,
    empty,
    finding,
    heading,
    link_to,
    notice,
    problem,
    report_link,
)
from tracker.web.figures import (
    detention_findings,
    events_table,
    filter_events,
    pace_metrics,
    progress_finding,
    progress_table,
)
from tracker.web.guard import require
from tracker.web.letter_form import (
    Fields,
    details_fields,
    entry_id,
    new_entry,
    one_target_field,
    target_fields,
)
from tracker.web.letter_views import (
    action_details,
    deadline_note,
    letter_history,
    letter_lines,
    say_stale,
    stale_letters,
)

__all__ = [
    "CHART_CONFIG",
    "Fields",
    "action_details",
    "choose_action",
    "choose_days",
    "deadline_note",
    "details_fields",
    "detention_findings",
    "empty",
    "entry_id",
    "events_table",
    "filter_events",
    "finding",
    "heading",
    "letter_history",
    "letter_lines",
    "link_to",
    "new_entry",
    "notice",
    "one_target_field",
    "pace_metrics",
    "problem",
    "progress_finding",
    "progress_table",
    "report_link",
    "require",
    "say_stale",
    "stale_letters",
    "target_fields",
]
