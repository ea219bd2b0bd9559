"""Urgent Actions of 2009 to 2018: recommended appeals in points, then to whom and before when."""

from __future__ import annotations

from tracker.documents.layouts import Field, Layout, words

LAYOUT = Layout(
    family="2009-18",
    signs=(
        (words(r"(?:^|\n)(?:.{0,30}\s)?ua\s?:\s*\d.{0,20}\sindex\s?:"), 3),
        (words(r"please send (?:your )?appeals"), 2),
        (words(r"please write immediately"), 3),
        (words(r"(?:^|\n)(?:name|names|gender m/f|gender|names? \w+ m/f)\s*(?:\([mf]\))?\s*:"), 2),
        (words(r"gender m/f"), 3),
        (words(r"check with your section(?:'s|’s)? office"), 3),
        (words(r"diplomatic representatives accredited"), 2),
        (words(r"issue date\s*:"), 2),
        (
            words(
                r"this is the (?:\w+ )?(?:first|second|third|fourth|fifth|sixth|seventh|"
                r"\w+th) update"
            ),
            2,
        ),
        (words(r"(?:^|\n)\s*(?:further information on )?ua\s*:?\s*\d{1,3}/\d\d\b"), 1),
    ),
    labels={
        Field.NAMES: words(r"names?(?:\s?\(s\))?(?=\s*[:：])"),
        Field.ISSUED_ON: words(r"issue date"),
        Field.DEADLINE: words(
            r"please send (?:your )?appeals?(?: to arrive)?(?: as (?:soon|quickly) as possible)?,?"
            r"(?: and)? (?:before|by|until|no later than)"
        ),
        Field.PREVIOUS_URL: words(r"further information", r"previous (?:ua|update)s?"),
    },
    heads=words(r"additional information", r"urgent action"),
    advice=words(
        r"please check with your section",
        r"also send copies to",
        r"please insert local diplomatic",
        r"this is the .{2,30} update of",
        r"please send appeals",
        r"name address 1",
        r"gender(?: m/f)?\s*:",
    ),
)
