"""Figures are read as data here; what they look like is seen in tests/browser's screenshots."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from tracker import case_files, charts, rules
from tracker.charts.drawing import DAY_MS, PHONE, counts_axis, width_of
from tracker.charts.lanes import _shortened
from tracker.charts.progress_figure import _spread
from tracker.settings import case_files_dir

ISSUED = date(2024, 9, 9)
DEADLINE = date(2025, 3, 18)
HUANG, WANG = "Huang Xueqin", "Wang Jianbing"
BOTH = (HUANG, WANG)

WEEKS = {
    "urgent_action": "str",
    "target": "str",
    "priority": "int64",
    "week": "datetime64[s]",
    "letters": "int64",
    "cumulative": "int64",
    "needed": "Int64",
}
EVENTS = {
    "case": "str",
    "date": "datetime64[s]",
    "until": "datetime64[s]",
    "until_at_least": "bool",
    "precision": "str",
    "people": "object",
    "kind": "str",
    "event": "str",
    "source": "str",
}


def weeks(*rows: tuple[str, int, str, int, int, int | None]) -> pd.DataFrame:
    """Rows of target, priority, week, letters, cumulative, needed, shuffled."""
    frame = pd.DataFrame([("ua", *row) for row in rows], columns=list(WEEKS)).astype(WEEKS)
    return frame.sample(frac=1)


def event(
    kind: str,
    day: str | None,
    people: tuple[str, ...] = BOTH,
    *,
    until: str | None = None,
    at_least: bool = False,
    precision: str = "day",
    text: str = "What happened.",
) -> tuple[object, ...]:
    return ("case", day, until, at_least, precision, people, kind, text, "the document")


def events(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(EVENTS)).astype(EVENTS).sample(frac=1)


TWO_WEEKS = (
    ("Zhang Jian", 2, "2024-09-09", 2, 2, 4),
    ("Zhang Rui", 1, "2024-09-09", 5, 5, 4),
    ("Zhang Jian", 2, "2024-09-16", 1, 3, 8),
    ("Zhang Rui", 1, "2024-09-16", 0, 5, 8),
)


def shipped_events() -> pd.DataFrame:
    file = case_files.read(case_files_dir() / "huang-wang.toml")
    return events(
        *(
            event(
                found.kind,
                found.date.day.isoformat() if found.date.day else None,
                tuple(person.name for person in file.people if person.name in found.people),
                until=found.until.day.isoformat() if found.until else None,
                at_least=found.until.at_least if found.until else False,
                precision=found.date.precision,
                text=found.event,
            )
            for found in file.events
        )
    )


def progress(frame: pd.DataFrame, goal: int | None, today: date, **changes: Any) -> dict[str, Any]:
    letters = int(frame["letters"].sum())
    given = {"issued_on": ISSUED, "deadline": DEADLINE, **changes}
    pace = rules.pace(letters, goal, given["deadline"], today)
    figure = charts.progress(frame, pace, goal=goal, today=today, **given)
    return json.loads(figure.to_json())  # type: ignore[no-any-return]


def timeline(frame: pd.DataFrame, *, today: date, **changes: Any) -> dict[str, Any]:
    given = {"weeks": weeks(), "issued_on": ISSUED, "deadline": DEADLINE, **changes}
    return json.loads(charts.timeline(frame, today=today, **given).to_json())  # type: ignore[no-any-return]


def line(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [trace for trace in figure["data"] if trace.get("name") == name]
    return found  # type: ignore[no-any-return]


def words(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"].get("annotations", []) if note["text"]]


def note(figure: dict[str, Any], text: str) -> dict[str, Any]:
    (found,) = [note for note in figure["layout"]["annotations"] if note["text"] == text]
    return found  # type: ignore[no-any-return]


def extents(figure: dict[str, Any], width: int) -> Iterator[tuple[str, float, float]]:
    """Text, left and right of each label, in pixels of a figure so wide."""
    layout = figure["layout"]
    margin = layout["margin"]
    first, last = (date.fromisoformat(day) for day in layout["xaxis"]["range"])
    room = width - margin["l"] - margin["r"]
    for label in layout["annotations"]:
        if label["text"]:
            paper = label.get("xref") == "paper"
            share = (
                label["x"] if paper else (date.fromisoformat(label["x"]) - first) / (last - first)
            )
            x = margin["l"] + share * room + label.get("xshift", 0)
            lines = re.sub("<(?!br>)[^>]*>", "", label["text"]).split("<br>")
            wide = max(width_of(html.unescape(line)) for line in lines)
            left = x - wide if label["xanchor"] == "right" else x
            yield label["text"], left, left + wide


def bars(figure: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Start, days and pattern of each bar in the lanes."""
    (trace,) = [trace for trace in figure["data"] if trace.get("orientation") == "h"]
    days = [ms // DAY_MS for ms in trace["x"]]
    return list(zip(trace["base"], days, trace["marker"]["pattern"]["shape"], strict=True))


def marks(figure: dict[str, Any]) -> Iterator[tuple[str, float, str]]:
    """Day, y and symbol of each mark in the lanes."""
    (trace,) = [trace for trace in figure["data"] if trace.get("mode") == "markers"]
    yield from zip(trace["x"], trace["y"], trace["marker"]["symbol"], strict=True)


# Colours --------------------------------------------------------------------------------------


def test_targets_are_coloured_by_their_place_and_begin_again_after_the_sixth() -> None:
    colours = charts.target_colours(["Rui", "Jian", "c", "d", "e", "f", "g"])
    assert colours["Rui"] == colours["g"] == "#0072B2"
    assert colours["Jian"] == "#D55E00"
    assert len(set(colours.values())) == 6


# Progress -------------------------------------------------------------------------------------


def test_a_line_starts_at_zero_and_counts_at_each_weeks_end_or_today() -> None:
    figure = progress(weeks(*TWO_WEEKS), None, date(2024, 9, 18))
    rui = line(figure, "Zhang Rui")
    assert rui["x"] == ["2024-09-09", "2024-09-15", "2024-09-18"]
    assert rui["y"] == [0, 5, 5]
    assert line(figure, "Zhang Jian")["y"] == [0, 2, 3]


def test_the_sum_of_several_targets_is_the_first_line() -> None:
    figure = progress(weeks(*TWO_WEEKS), None, date(2024, 9, 18))
    assert [trace["name"] for trace in figure["data"]] == ["All targets", "Zhang Rui", "Zhang Jian"]
    assert figure["data"][0]["y"] == [0, 7, 8]


def test_a_target_without_a_row_in_a_week_keeps_its_count_in_the_sum() -> None:
    figure = progress(weeks(*TWO_WEEKS[:3]), None, date(2024, 9, 18))
    assert line(figure, "All targets")["y"] == [0, 7, 8]


def test_a_single_target_has_no_sum() -> None:
    figure = progress(weeks(("Zhang Rui", 1, "2024-09-09", 1, 1, None)), None, date(2024, 9, 9))
    (only,) = figure["data"]
    assert (only["x"], only["y"]) == (["2024-09-09", "2024-09-09"], [0, 1])
    assert only["marker"]["size"] == [0, 9]
    assert figure["layout"]["yaxis"]["tickvals"] == [0, 1, 2]


def test_after_the_last_week_with_letters_a_line_runs_level_to_today_but_not_past_the_axis() -> (
    None
):
    before = line(progress(weeks(*TWO_WEEKS), None, date(2025, 1, 15)), "Zhang Rui")
    assert (before["x"][-1], before["y"][-1]) == ("2025-01-15", 5)
    after = line(progress(weeks(*TWO_WEEKS), None, date(2026, 11, 22)), "Zhang Rui")
    assert (after["x"][-1], after["y"][-1]) == ("2025-03-18", 5)


def test_targets_differ_in_colour_and_dash_and_symbol() -> None:
    figure = progress(weeks(*TWO_WEEKS), None, date(2024, 9, 18))
    rui, jian = line(figure, "Zhang Rui"), line(figure, "Zhang Jian")
    assert (rui["line"]["color"], jian["line"]["color"]) == ("#0072B2", "#D55E00")
    assert (rui["line"]["dash"], jian["line"]["dash"]) == ("solid", "dash")
    assert (rui["marker"]["symbol"], jian["marker"]["symbol"]) == ("circle", "square")


def test_hovering_says_what_the_table_says() -> None:
    rui = line(progress(weeks(*TWO_WEEKS), 100, date(2024, 9, 18)), "Zhang Rui")
    assert rui["hovertext"][:2] == [
        "Issued 9 September 2024",
        (
            "<b>Zhang Rui</b><br>Week of 9 September 2024: 5 letters<br>5 so far"
            "<br>4 needed by the end of the week"
        ),
    ]


def test_the_line_still_needed_runs_dotted_from_today_to_the_goal_on_the_deadline() -> None:
    figure = progress(weeks(*TWO_WEEKS), 2000, date(2025, 1, 15))
    (needed,) = [trace for trace in figure["data"] if trace["line"]["dash"] == "dot"]
    assert (needed["x"], needed["y"]) == (["2025-01-15", "2025-03-18"], [8, 2000])
    assert needed["hovertext"] == (
        "222 letters a week are still needed.<br>Goal: 2,000 by 18 March 2025"
    )
    assert {"Goal 2,000", "Deadline 18 Mar 2025", "222 a week needed"} <= set(words(figure))


@pytest.mark.parametrize(
    ("goal", "today"),
    [(None, date(2025, 1, 15)), (8, date(2025, 1, 15)), (2000, date(2025, 3, 19))],
    ids=["no goal", "goal reached", "after the deadline"],
)
def test_no_line_is_needed(goal: int | None, today: date) -> None:
    figure = progress(weeks(*TWO_WEEKS), goal, today)
    assert all(trace["line"]["dash"] != "dot" for trace in figure["data"])


def test_without_a_goal_there_is_no_line_for_it() -> None:
    figure = progress(weeks(*TWO_WEEKS), None, date(2025, 1, 15))
    assert not [text for text in words(figure) if text.startswith("Goal")]
    assert len(figure["layout"]["shapes"]) == 1  # the deadline


@pytest.mark.parametrize(
    ("today", "deadline", "last"),
    [
        (date(2024, 9, 18), DEADLINE, "2025-03-19"),
        (date(2025, 1, 15), None, "2025-01-16"),
        (date(2024, 9, 18), date(2024, 9, 12), "2024-09-19"),
        (date(2026, 1, 1), date(2024, 9, 12), "2024-09-23"),
    ],
    ids=["to the deadline", "no deadline: to today", "late letters this week", "late letters"],
)
def test_the_axis_runs_from_the_issue_date_to_the_end_of_the_last_day(
    today: date, deadline: date | None, last: str
) -> None:
    figure = progress(weeks(*TWO_WEEKS), None, today, deadline=deadline)
    assert figure["layout"]["xaxis"]["range"] == ["2024-09-09", last]


def test_without_letters_goal_deadline_and_what_is_needed_remain() -> None:
    figure = progress(weeks(), 2000, date(2025, 1, 15))
    (needed,) = figure["data"]
    assert needed["y"] == [0, 2000]
    assert words(figure) == ["Goal 2,000", "Deadline 18 Mar 2025", "223 a week needed"]


def test_short_names_stand_at_the_lines_and_long_ones_in_a_legend() -> None:
    figure = progress(weeks(*TWO_WEEKS), None, date(2024, 9, 18))
    assert figure["layout"]["showlegend"] is False
    assert '<span style="color:#0072B2">●</span> Zhang Rui<br>&nbsp;&nbsp;&nbsp; 5' in words(figure)
    long = weeks(("Oberstaatsanwaltschaftsdirektorin", 1, "2024-09-09", 3, 3, None))
    figure = progress(long, None, date(2024, 9, 18), deadline=date(2024, 12, 1))
    assert figure["layout"]["showlegend"] is False  # one name, broken over three lines, still fits
    many = weeks(*((f"The Official Number {n}", n, "2024-09-09", n, n, None) for n in range(1, 7)))
    figure = progress(many, None, date(2024, 9, 18))
    assert figure["layout"]["showlegend"] is True
    assert '<span style="color:#E69F00">■</span> 6' in words(figure)


def test_labels_move_beyond_the_deadline_where_they_would_lie_across_it() -> None:
    frame = weeks(("Zhang Rui", 1, "2024-09-09", 5, 5, None))
    text = '<span style="color:#0072B2">●</span> Zhang Rui<br>&nbsp;&nbsp;&nbsp; 5'
    early = progress(frame, None, date(2024, 10, 1))
    assert (note(early, text)["xref"], note(early, text)["x"]) == ("x", "2024-10-01")
    late = progress(frame, None, date(2025, 3, 1))
    assert (note(late, text)["xref"], note(late, text)["x"]) == ("paper", 1)
    assert late["layout"]["margin"]["r"] > early["layout"]["margin"]["r"]


def test_labels_of_nearly_the_same_count_are_spread() -> None:
    assert _spread([200.0, 100.0, 98.0], [20, 20, 20], 300) == [200.0, 100.0, 80.0]
    assert _spread([2.0, 1.0], [20, 20], 300) == [26.0, 6.0]
    assert _spread([], [], 300) == []


def test_a_name_cannot_bring_markup_into_the_figure() -> None:
    figure = progress(weeks(("<b>R</b>", 1, "2024-09-09", 1, 1, None)), None, date(2024, 9, 9))
    assert "&lt;b&gt;R&lt;/b&gt;" in figure["data"][0]["hovertext"][1]
    assert "<b>R</b>" not in json.dumps(figure)


@pytest.mark.parametrize(
    ("highest", "top", "ticks"),
    [
        (0, 1, ["0", "1"]),
        (1, 2, ["0", "1", "2"]),
        (7, 8, ["0", "2", "4", "6", "8"]),
        (2000, 2160, ["0", "500", "1,000", "1,500", "2,000"]),
    ],
)
def test_counts_have_whole_ticks_from_zero(highest: int, top: int, ticks: list[str]) -> None:
    axis = counts_axis(highest, steps=5)
    assert (axis["range"], axis["ticktext"]) == ([0, top], ticks)


def test_chinese_words_are_taken_to_be_wider() -> None:
    assert width_of("张锐") == 24
    assert width_of("ab") == pytest.approx(13.44)


@pytest.mark.parametrize("goal", [None, 2000])
def test_a_figure_leaves_text_and_background_to_the_page(goal: int | None) -> None:
    figure = progress(weeks(*TWO_WEEKS), goal, date(2025, 1, 15))
    assert figure["layout"]["paper_bgcolor"] == figure["layout"]["plot_bgcolor"]
    assert figure["layout"]["paper_bgcolor"] == "rgba(0, 0, 0, 0)"
    assert "color" not in figure["layout"]["font"]
    assert all("font" not in note for note in figure["layout"]["annotations"])
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}


def in_words(frame: pd.DataFrame, goal: int | None, deadline: date | None, today: date) -> str:
    pace = rules.pace(int(frame["letters"].sum()), goal, deadline, today)
    return charts.progress_in_words(frame, pace, goal=goal, deadline=deadline, today=today)


def test_progress_in_words() -> None:
    assert in_words(weeks(*TWO_WEEKS), 2000, DEADLINE, date(2025, 1, 15)) == (
        "By 15 January 2025, 8 of 2,000 letters have been posted. By target: 5 to Zhang Rui and"
        " 3 to Zhang Jian. 62 days are left to the deadline, 18 March 2025."
        " 222 letters a week are still needed."
    )
    assert in_words(weeks(*TWO_WEEKS), 8, DEADLINE, date(2025, 3, 19)) == (
        "By 19 March 2025, 8 of 8 letters have been posted. By target: 5 to Zhang Rui and"
        " 3 to Zhang Jian. The deadline, 18 March 2025, passed 1 day ago. The goal is reached."
    )


def test_progress_in_words_with_little_to_say() -> None:
    assert in_words(weeks(), None, None, date(2025, 1, 15)) == (
        "By 15 January 2025, 0 letters have been posted; no goal is set."
    )
    one = weeks(("Zhang Rui", 1, "2025-03-17", 1, 1, None))
    assert in_words(one, None, DEADLINE, DEADLINE) == (
        "By 18 March 2025, 1 letter has been posted; no goal is set. The deadline is today."
    )


# Timeline -------------------------------------------------------------------------------------


def test_there_is_a_lane_a_person_in_the_cases_order_and_one_for_what_names_nobody() -> None:
    frame = events(
        event("opinion", "2022-01-01", (WANG,), precision="year"),
        event("other", "2024-09-09", ()),
        event("arrest", "2021-09-19"),
    )
    lanes = [text for text in words(timeline(frame, today=DEADLINE)) if text.startswith("<b>")]
    assert lanes == [f"<b>{HUANG}</b>", f"<b>{WANG}</b>", "<b>The case as a whole</b>"]


def test_an_open_span_runs_firm_to_the_newest_entry_and_hatched_to_today() -> None:
    frame = events(
        event("detention", "2021-09-19", (WANG,)), event("sentence", "2024-06-14", (WANG,))
    )
    figure = timeline(frame, today=date(2026, 11, 22))
    assert bars(figure) == [
        ("2021-09-19", (ISSUED - date(2021, 9, 19)).days, ""),
        ("2024-09-09", (date(2026, 11, 22) - ISSUED).days, "/"),
    ]
    (arrow,) = [note for note in figure["layout"]["annotations"] if note["showarrow"]]
    assert (arrow["x"], arrow["ax"] < 0 < arrow["xshift"]) == ("2026-11-22", True)


def test_an_earliest_end_has_an_arrow_and_an_end_has_none() -> None:
    span = {"until": "2022-02-19"}
    held = events(event("incommunicado", "2021-09-19", (WANG,), at_least=True, **span))
    figure = timeline(held, today=DEADLINE)
    assert bars(figure) == [("2021-09-19", 153, "")]
    (arrow,) = [note for note in figure["layout"]["annotations"] if note["showarrow"]]
    assert arrow["x"] == "2022-02-19"
    ended = timeline(events(event("incommunicado", "2021-09-19", (WANG,), **span)), today=DEADLINE)
    assert not [note for note in ended["layout"]["annotations"] if note["showarrow"]]


def test_each_precision_has_its_own_look() -> None:
    frame = events(
        event("arrest", "2021-09-19", (WANG,)),
        event("opinion", "2022-01-01", (WANG,), precision="year"),
        event("statement", "2023-09-01", (WANG,), precision="month"),
        event("appeal", "2024-09-09", (WANG,), precision="before"),
        event("ill-treatment", None, (WANG,), precision="none"),
    )
    figure = timeline(frame, today=DEADLINE)
    assert sorted((day, symbol) for day, _y, symbol in marks(figure)) == [
        ("2021-09-19", "square"),
        ("2022-07-02", "star-open"),
        ("2023-09-15", "triangle-right-open"),
        ("2024-09-09", "triangle-up-open"),
    ]
    assert sorted(bars(figure)) == [("2022-01-01", 365, ""), ("2023-09-01", 30, "")]
    (arrow,) = [note for note in figure["layout"]["annotations"] if note["showarrow"]]
    assert (arrow["x"], arrow["xshift"] < 0 < arrow["ax"]) == ("2024-09-09", True)
    dateless = note(figure, "<i>Date not known: ill-treatment</i>")
    assert dateless["hovertext"] == "<b>ill-treatment</b><br>date not known<br>What happened."


def test_a_span_with_a_rough_beginning_is_pale_until_it_had_surely_begun() -> None:
    span = event("detention", "2021-09-01", (WANG,), precision="month", until="2022-03-01")
    assert bars(timeline(events(span), today=DEADLINE)) == [
        ("2021-09-01", 29, ""),
        ("2021-09-30", 152, ""),
    ]


def test_marks_of_one_day_or_of_close_days_have_rows_of_their_own() -> None:
    days = ["2024-06-14", "2024-06-14", "2024-06-14", "2024-06-20"]
    kinds = ["sentence", "health", "appeal", "statement"]
    rows = [event(kind, day, (WANG,)) for kind, day in zip(kinds, days, strict=True)]
    figure = timeline(events(event("arrest", "2021-09-19", (WANG,)), *rows), today=DEADLINE)
    ys = [y for day, y, _symbol in marks(figure) if day != "2021-09-19"]
    assert len(set(ys)) == 4
    assert min(abs(a - b) for a in ys for b in ys if a != b) == 24


def test_a_word_turns_to_the_other_side_rather_than_cross_the_issue_date() -> None:
    frame = events(event("arrest", "2021-09-19", (WANG,)), event("sentence", "2024-06-14", (WANG,)))
    figure = timeline(frame, today=DEADLINE)
    assert note(figure, "arrest")["xanchor"] == "left"
    assert note(figure, "sentence")["xanchor"] == "right"


def test_an_other_event_is_labelled_by_what_happened() -> None:
    frame = events(
        event("other", "2023-01-01", (WANG,), text="Friends were summoned by the police")
    )
    assert "Friends were summoned by…" in words(timeline(frame, today=DEADLINE))


@pytest.mark.parametrize("width", [PHONE, 1280])
@pytest.mark.parametrize("filled", [False, True], ids=["no letters", "letters"])
@pytest.mark.parametrize("today", ["2024-09-09", "2025-01-15", "2026-11-22", "2031-01-01"])
def test_no_label_of_the_shipped_case_leaves_the_figure(
    today: str, filled: bool, width: int
) -> None:
    letters = weeks(*TWO_WEEKS) if filled else weeks()
    figure = timeline(shipped_events(), weeks=letters, today=date.fromisoformat(today))
    found = list(extents(figure, width))
    assert len(found) > 20
    assert [label for label in found if label[1] < 0 or label[2] > width] == []


def test_a_label_for_which_no_place_has_room_is_shortened_to_the_roomiest() -> None:
    figure = timeline(shipped_events(), today=date(2026, 11, 22))
    kept = [text for text in words(figure) if text.startswith("Kept from")]
    assert kept == ["Kept from seeing…"] * 2


@pytest.mark.parametrize(
    ("room", "shown"),
    [(150, "Summoned again and…"), (100, "Summoned…"), (50, "Summon…"), (14, "S…"), (0, "…")],
)
def test_a_label_is_cut_between_words_and_only_a_single_word_within(room: int, shown: str) -> None:
    assert _shortened("Summoned again and again by the police", room) == shown
    assert _shortened("…", room) == "…"


def test_hovering_over_an_event_says_day_kind_and_text_without_markup_of_its_own() -> None:
    text = "Sentenced to three years and six months for <i>inciting subversion</i> & no more"
    figure = timeline(events(event("sentence", "2024-06-14", (WANG,), text=text)), today=DEADLINE)
    (trace,) = [trace for trace in figure["data"] if trace.get("mode") == "markers"]
    assert trace["hovertext"] == [
        (
            "<b>sentence</b><br>14 June 2024<br>Sentenced to three years and six months for<br>"
            "&lt;i&gt;inciting subversion&lt;/i&gt; &amp; no more"
        )
    ]


def test_letters_by_week_are_stacked_in_the_targets_colours() -> None:
    figure = timeline(
        events(event("arrest", "2021-09-19")), weeks=weeks(*TWO_WEEKS), today=date(2024, 9, 18)
    )
    assert figure["layout"]["barmode"] == "stack"
    rui = line(figure, "Zhang Rui")
    assert (rui["x"], rui["y"]) == (["2024-09-12T12:00", "2024-09-19T12:00"], [5, 0])
    assert (rui["marker"]["color"], rui["yaxis"]) == ("#0072B2", "y2")
    assert rui["hovertext"][0] == "<b>Zhang Rui</b><br>Week of 9 September 2024: 5 letters"
    assert line(figure, "Zhang Jian")["marker"]["color"] == "#D55E00"
    assert figure["layout"]["yaxis2"]["range"] == [0, 8]
    assert figure["layout"]["xaxis"]["anchor"] == "y2"


def test_without_letters_there_are_no_bars_beneath() -> None:
    figure = timeline(events(event("arrest", "2021-09-19")), today=DEADLINE)
    assert "yaxis2" not in figure["layout"]
    assert figure["layout"]["yaxis"]["domain"] == [0, 1]


@pytest.mark.parametrize("filled", [False, True], ids=["no letters", "letters"])
@pytest.mark.parametrize("dates", [(ISSUED, DEADLINE), (None, None)], ids=["dates", "no dates"])
def test_without_events_the_days_remain(filled: bool, dates: tuple[date | None, ...]) -> None:
    frame = weeks(*TWO_WEEKS) if filled else weeks()
    issued_on, deadline = dates
    figure = timeline(
        events(), weeks=frame, issued_on=issued_on, deadline=deadline, today=date(2024, 9, 18)
    )
    said = [text for text in words(figure) if text.startswith(("Issued", "Deadline"))]
    assert said == (["Issued 9 Sept 2024", "Deadline 18 Mar 2025"] if issued_on else [])
    first, last = (date.fromisoformat(day) for day in figure["layout"]["xaxis"]["range"])
    assert last - first >= timedelta(days=28)


def test_the_axis_reaches_today_only_where_something_has_no_end() -> None:
    today = date(2026, 11, 22)
    ended = timeline(events(event("arrest", "2021-09-19")), today=today)
    assert ended["layout"]["xaxis"]["range"][1] == "2025-03-19"
    lasting = timeline(events(event("detention", "2021-09-19")), today=today)
    assert lasting["layout"]["xaxis"]["range"][1] == "2026-11-23"


def test_timeline_in_words() -> None:
    frame = events(
        event("ill-treatment", None, (WANG,), precision="none"),
        event("appeal", "2024-09-09", (HUANG,), precision="before"),
        event("incommunicado", "2021-09-19", (WANG,), until="2022-02-19", at_least=True),
        event("opinion", "2022-01-01", (WANG,), precision="year"),
        event("statement", "2023-09-01", precision="month"),
        event("detention", "2021-09-19"),
        event("health", None, (HUANG,), until="2024-09-09", precision="none"),
        event("trial", "2024-01-01", (WANG,), until="2024-01-03"),
        event("other", "2024-09-09", (), text="Friends summoned."),
    )
    assert charts.timeline_in_words(frame, today=date(2026, 11, 22)) == (
        "Huang Xueqin: detention (19 September 2021; no end recorded); statement (September 2023);"
        " appeal (by 9 September 2024); health (until 9 September 2024).\n"
        "Wang Jianbing: detention (19 September 2021; no end recorded); incommunicado"
        " (19 September 2021 to at least 19 February 2022); UN opinion (2022); statement"
        " (September 2023); trial (1 January 2024 to 3 January 2024);"
        " ill-treatment (date not known).\n"
        "The case as a whole: Friends summoned. (9 September 2024).\n"
        "What has no recorded end is drawn up to 22 November 2026, as if nothing had changed."
    )
    assert charts.timeline_in_words(events(), today=DEADLINE) == "No events to show."


def test_timeline_in_words_says_what_happened_in_full() -> None:
    text = "Kept from seeing their families since the arrest"
    frame = events(event("other", "2023-01-01", (WANG,), text=text))
    assert text in charts.timeline_in_words(frame, today=DEADLINE)


def test_timeline_in_words_names_the_actions_days_and_the_letters() -> None:
    frame = events(event("arrest", "2021-09-19", (WANG,)))
    said = charts.timeline_in_words(
        frame, today=DEADLINE, weeks=weeks(*TWO_WEEKS), issued_on=ISSUED, deadline=DEADLINE
    )
    assert said.splitlines() == [
        "Wang Jianbing: arrest (19 September 2021).",
        "The urgent action was issued on 9 September 2024; its deadline is 18 March 2025.",
        "8 letters have been posted so far: 5 to Zhang Rui and 3 to Zhang Jian.",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"issued_on": ISSUED}, "The urgent action was issued on 9 September 2024."),
        ({"deadline": DEADLINE}, "The urgent action's deadline is 18 March 2025."),
        (
            {"weeks": weeks(("Zhang Rui", 1, "2024-09-09", 1, 1, None))},
            "1 letter has been posted so far: 1 to Zhang Rui.",
        ),
        ({"weeks": weeks()}, None),
    ],
    ids=["issued", "deadline", "one letter", "no letters"],
)
def test_timeline_in_words_says_only_what_it_is_given(
    given: dict[str, Any], said: str | None
) -> None:
    lines = charts.timeline_in_words(events(), today=DEADLINE, **given).splitlines()
    assert lines == ["No events to show.", *([said] if said else [])]


def test_every_kind_of_event_has_a_word_and_an_unknown_one_keeps_its_code() -> None:
    assert charts.kind_label("opinion") == "UN opinion"
    assert charts.kind_label("something-new") == "something-new"
    assert charts.timeline_key().startswith("A solid mark is a known day;")


def test_the_words_and_the_symbols_are_those_of_the_models_kinds() -> None:
    from tracker.charts.lanes import _SYMBOLS
    from tracker.models import EventKind

    assert set(_SYMBOLS) == set(EventKind)
    assert len({charts.kind_label(kind) for kind in EventKind}) == len(EventKind)
