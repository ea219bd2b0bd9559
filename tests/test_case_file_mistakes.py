"""How each mistake in a case file is told: exactly, with its key or line, in plain words."""

from __future__ import annotations

import pytest

from tests import factories
from tracker import case_files
from tracker.case_files import CaseFileError

KIND = (
    "one of arrest, detention, incommunicado, charge, trial, sentence, appeal, ill-treatment, "
    "health, opinion, statement, release, other is needed"
)
LANGUAGE = "a code of ISO 639-1 is needed, such as en or zh"
STATUS = "one of draft, open, closed is needed"
ROUGH = 'must be a date like 2021-09-19, "2021-09", "2021" or "before 2021-09-19"'


def refused(text: str, name: str = "fictional.toml") -> tuple[str, ...]:
    with pytest.raises(CaseFileError) as caught:
        case_files.parse(text, name)
    return caught.value.problems


# What is wrong: what stands in CASE_TEXT, what stands there instead, and each problem that is told.
# fmt: off
MISTAKES: dict[str, tuple[str, ...]] = {
    # Keys
    "unknown key of the case": (
        'country = "', 'contry = "',
        "contry: unknown key",
    ),
    "unknown key of a person": (
        'pronouns = "they/them"', 'pronoun = "they/them"',
        "people[2].pronoun: unknown key",
    ),
    "unknown key of a target": (
        'fax = "', 'telefax = "',
        "targets[2].telefax: unknown key",
    ),
    "unknown key of an event": (
        "date = 2024-05-02", "when = 2024-05-02",
        "events[1].when: unknown key",
    ),
    "unknown key of an urgent action": (
        "deadline =", "dead_line =",
        "urgent_actions[1].dead_line: unknown key",
    ),
    "unknown key of an urgent action's target": (
        "priority = 2", 'priority = 2\nrole = "Judge"',
        "urgent_actions[1].targets[2].role: unknown key",
    ),
    "a key with signs in it": (
        'country = "', '"two\\nlines" = "',
        "'two\\nlines': unknown key",
    ),
    "missing key of the case": (
        'slug = "lighthouse"\n', "",
        "slug: is missing",
    ),
    "missing key of a person": (
        'name = "Odo Figment"\n', "",
        "people[2].name: is missing",
    ),
    "missing key of an event": (
        'source = "A fictional newspaper"\n', "",
        "events[1].source: is missing",
    ),
    "missing key of an urgent action": (
        "issued_on = 2025-02-03\n", "",
        "urgent_actions[1].issued_on: is missing",
    ),
    "missing key of an urgent action's target": (
        "priority = 1\n", "",
        "urgent_actions[1].targets[1].priority: is missing",
    ),
    # Slugs and texts
    "slug with capitals and spaces": (
        'slug = "lighthouse"', 'slug = "The Lighthouse"',
        "slug: must be small letters, digits and single hyphens",
    ),
    "slug too long for its column": (
        'slug = "lighthouse"', f'slug = "{"a" * 81}"',
        "slug: is longer than 80 characters",
    ),
    "number too long for its column": (
        'asks = ["', f'number = "{"1" * 41}"\nasks = ["',
        "urgent_actions[1].number: is longer than 40 characters",
    ),
    "index too long for its column": (
        'asks = ["', f'index = "{"1" * 61}"\nasks = ["',
        "urgent_actions[1].index: is longer than 60 characters",
    ),
    "empty text": (
        'title = "Perla Invent and Odo Figment"', 'title = " "',
        "title: is empty",
    ),
    "empty address line": (
        '"1 Nowhere Square"', '""',
        "targets[1].address[2]: is empty",
    ),
    "two lines where one belongs": (
        'name = "Odo Figment"', 'name = "Odo\\nFigment"',
        "people[2].name: must be one line",
    ),
    "a character that no database keeps": (
        "Two fictional lighthouse keepers", "Two\\u0000fictional lighthouse keepers",
        "summary: has the control character U+0000",
    ),
    # Types
    "number instead of text": (
        'pronouns = "they/them"', "pronouns = 1",
        "people[2].pronouns: must be text in quotation marks",
    ),
    "text instead of true or false": (
        "fictional = true", 'fictional = "yes"',
        "fictional: must be true or false",
    ),
    "text instead of a number": (
        "priority = 2", 'priority = "2"',
        "urgent_actions[1].targets[2].priority: must be a whole number",
    ),
    "part of a letter": (
        "priority = 2", "priority = 2.0",
        "urgent_actions[1].targets[2].priority: must be a whole number",
    ),
    "true instead of a number": (
        "priority = 2", "priority = true",
        "urgent_actions[1].targets[2].priority: must be a whole number",
    ),
    "text instead of a list": (
        'asks = ["Let both of them go."]', 'asks = "Let both of them go."',
        "urgent_actions[1].asks: must be a list in square brackets",
    ),
    "text instead of a list of people": (
        'people = ["Odo Figment", "Perla Invent"]', 'people = "Odo Figment"',
        "events[1].people: must be a list in square brackets",
    ),
    "one table where several belong": (
        "[[urgent_actions.targets]]", "[urgent_actions.targets]",
        "line 63: the key stands twice",
    ),
    "one name for a text and for tables": (
        'country = "Freedonia (fictional)"', 'events = ["something"]',
        "line 34: the key stands twice",
    ),
    "a text where tables belong": (
        'description = "Keeps a lighthouse that does not exist."', "[people.description]",
        "people[1].description: must be text in quotation marks",
    ),
    # Lists
    "nobody whom an event concerns": (
        'people = ["Odo Figment", "Perla Invent"]', "people = []",
        "events[1].people: is empty",
    ),
    "no language": (
        'languages = ["en", "fr"]', "languages = []",
        "urgent_actions[1].languages: is empty",
    ),
    "nothing asked for": (
        'asks = ["Let both of them go."]', "asks = []",
        "urgent_actions[1].asks: is empty",
    ),
    # Dates
    "deadline before the issue date": (
        "deadline = 2025-06-30", "deadline = 2025-02-02",
        "urgent_actions[1].deadline: comes before issued_on",
    ),
    "a span that ends before it begins": (
        "date = 2024-05-02", "date = 2024-05-02\nuntil = 2024-05-01",
        "events[1].until: comes before date",
    ),
    "a span's earliest end before it begins": (
        "date = 2024-05-02", 'date = 2024-05-02\nuntil = "at least 2024-05-01"',
        "events[1].until: comes before date",
    ),
    "an end without a beginning": (
        "date = 2024-05-02", "until = 2024-05-02",
        "events[1].until: needs a date",
    ),
    "a day that no month has": (
        "date = 2024-05-02", "date = 2024-02-30",
        "line 36: there is no such date",
    ),
    "a day that no month has, in quotation marks": (
        "deadline = 2025-06-30", 'deadline = "2025-02-30"',
        "urgent_actions[1].deadline: there is no day 2025-02-30",
    ),
    "a day that no month has, in a rough date": (
        'date = "2024-11"', 'date = "before 2024-11-31"',
        "events[2].date: there is no day 2024-11-31",
    ),
    "a thirteenth month": (
        'date = "2024-11"', 'date = "2024-13"',
        "events[2].date: there is no month 2024-13",
    ),
    "a date in words": (
        'date = "2024-11"', 'date = "autumn 2024"',
        f"events[2].date: {ROUGH}",
    ),
    "a date by weeks": (
        'date = "2024-11"', 'date = "2024-W45-1"',
        f"events[2].date: {ROUGH}",
    ),
    "a list instead of a date": (
        'date = "2024-11"', "date = []",
        f"events[2].date: {ROUGH}",
    ),
    "a rough deadline": (
        "deadline = 2025-06-30", 'deadline = "2025-06"',
        "urgent_actions[1].deadline: must be a date like 2024-09-09",
    ),
    "a number instead of a date": (
        "deadline = 2025-06-30", "deadline = 20250630",
        "urgent_actions[1].deadline: must be a date like 2024-09-09",
    ),
    "a time of day": (
        "deadline = 2025-06-30", "deadline = 2025-06-30T23:59:00",
        "urgent_actions[1].deadline: must be a date like 2024-09-09",
    ),
    "a year of long ago": (
        "issued_on = 2025-02-03", "issued_on = 0205-02-03",
        "urgent_actions[1].issued_on: the year must lie between 1900 and 2199",
    ),
    "a year far ahead": (
        "deadline = 2025-06-30", "deadline = 9999-12-31",
        "urgent_actions[1].deadline: the year must lie between 1900 and 2199",
    ),
    "a rough end": (
        "date = 2024-05-02", 'date = 2024-05-02\nuntil = "2025"',
        'events[1].until: must be a date like 2022-02-19 or "at least 2022-02-19"',
    ),
    # Codes
    "unknown language": (
        'languages = ["en", "fr"]', 'languages = ["en", "xx"]',
        f"urgent_actions[1].languages[2]: unknown language 'xx': {LANGUAGE}",
    ),
    "a language by its name": (
        'languages = ["en", "fr"]', 'languages = ["English"]',
        f"urgent_actions[1].languages[1]: unknown language 'English': {LANGUAGE}",
    ),
    "a list instead of a language": (
        'languages = ["en", "fr"]', 'languages = [["en"]]',
        f"urgent_actions[1].languages[1]: unknown language ['en']: {LANGUAGE}",
    ),
    "a language twice": (
        'languages = ["en", "fr"]', 'languages = ["en", "fr", "en"]',
        "urgent_actions[1].languages: en stands twice",
    ),
    "unknown event kind": (
        'kind = "trial"', 'kind = "Trial"',
        f"events[2].kind: unknown event kind 'Trial': {KIND}",
    ),
    "a list instead of an event kind": (
        'kind = "trial"', "kind = []",
        f"events[2].kind: unknown event kind []: {KIND}",
    ),
    "a day instead of an event kind": (
        'kind = "trial"', "kind = 2024-11-05",
        f"events[2].kind: unknown event kind 2024-11-05: {KIND}",
    ),
    "true instead of a status": (
        'asks = ["', 'status = true\nasks = ["',
        f"urgent_actions[1].status: unknown status true: {STATUS}",
    ),
    "a very long event kind": (
        'kind = "trial"', f'kind = "{"trial" * 100}"',
        f"events[2].kind: unknown event kind '{('trial' * 100)[:56]}...: {KIND}",
    ),
    "unknown status": (
        'asks = ["', 'status = "stopped"\nasks = ["',
        f"urgent_actions[1].status: unknown status 'stopped': {STATUS}",
    ),
    # Addresses
    "a target that nobody can reach": (
        'address = ["Ministry of Nothing", "1 Nowhere Square", "Freedonia (fictional)"]\n', "",
        "targets[1]: Nadie Nessuno has neither a postal address nor an e-mail",
    ),
    "a target with nothing but a fax": (
        'address = ["Ministry of Nothing", "1 Nowhere Square", "Freedonia (fictional)"]\n',
        'address = []\nfax = "+00 1"\n',
        "targets[1]: Nadie Nessuno has neither a postal address nor an e-mail",
    ),
    "no e-mail address": (
        "judge@nowhere.example", "judge at nowhere",
        "targets[2].email: must be an e-mail address",
    ),
    "a link that runs something": (
        'asks = ["', 'previous_url = "javascript:alert(1)"\nasks = ["',
        "urgent_actions[1].previous_url: must be an address that begins with https:// or http://",
    ),
    # Names
    "an event's person who is not there": (
        'people = ["Perla Invent"]', 'people = ["Perla Invent", "Zoe Chimera", "Ada Chimera"]',
        "events[2].people: Ada Chimera is not one of the people",
        "events[2].people: Zoe Chimera is not one of the people",
    ),
    "an urgent action's target who is not there": (
        'name = "Ingen Keiner"\npriority', 'name = "Ingen Keiner {0}"\npriority',
        "urgent_actions[1].targets: Ingen Keiner {0} is not one of the targets",
    ),
    "a person twice": (
        'name = "Odo Figment"', 'name = "Perla Invent"',
        "people: Perla Invent stands twice",
        "events[1].people: Odo Figment is not one of the people",
    ),
    "a target twice": (
        'name = "Ingen Keiner"\nrole', 'name = "Nadie Nessuno"\nrole',
        "targets: Nadie Nessuno stands twice",
        "urgent_actions[1].targets: Ingen Keiner is not one of the targets",
    ),
    "an urgent action's target twice": (
        'name = "Ingen Keiner"\npriority', 'name = "Nadie Nessuno"\npriority',
        "urgent_actions[1].targets: Nadie Nessuno stands twice",
    ),
    # Numbers
    "a priority twice": (
        "priority = 2", "priority = 1",
        "urgent_actions[1].targets: priority 1 is given twice",
    ),
    "priority 0": (
        "priority = 1", "priority = 0",
        "urgent_actions[1].targets[1].priority: must be a number from 1 to 100000000",
    ),
    "a negative priority": (
        "priority = 1", "priority = -1",
        "urgent_actions[1].targets[1].priority: must be a number from 1 to 100000000",
    ),
    "goal 0": (
        'asks = ["', 'goal = 0\nasks = ["',
        "urgent_actions[1].goal: must be a number from 1 to 100000000",
    ),
    "a huge goal": (
        'asks = ["', f'goal = {10**30}\nasks = ["',
        "urgent_actions[1].goal: must be a number from 1 to 100000000",
    ),
    "a target's negative goal": (
        "priority = 2", "priority = 2\ngoal = -5",
        "urgent_actions[1].targets[2].goal: must be a number from 1 to 100000000",
    ),
    "a number of five thousand digits": (
        "priority = 2", f"priority = {'9' * 5000}",
        "has a number that is too long",
    ),
    # TOML
    "a quotation mark that nothing closes": (
        'slug = "lighthouse"', 'slug = "lighthouse',
        "line 2: is not TOML: illegal character '\\n'",
    ),
    "a key without a value": (
        'country = "Freedonia (fictional)"', "country",
        "line 4: is not TOML: expected '=' after a key in a key/value pair",
    ),
    "a key twice": (
        "fictional = true", "fictional = true\nfictional = true",
        "line 7: the key stands twice",
    ),
    "a text that nothing ends": (
        "priority = 2\n", 'priority = 2\nreason = """Because',
        "line 66: is not TOML: unterminated string",
    ),
    "lists in lists without end": (
        "fictional = true", f"fictional = {'[' * 5000}",
        "has lists or tables nested too deep",
    ),
}
# fmt: on


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_key_or_line_and_a_plain_reason(mistake: str) -> None:
    old, new, *problems = MISTAKES[mistake]
    assert list(refused(factories.case_text((old, new)))) == problems


def test_every_mistake_is_told_at_once() -> None:
    text = factories.case_text(
        ('slug = "lighthouse"', 'slug = "Light House"'),
        ('pronouns = "they/them"', "pronouns = 1"),
        ("date = 2024-05-02", "date = 2024-05-02\nuntil = 2024-05-01"),
        ("deadline = 2025-06-30", "deadline = 2025-02-02"),
        ("priority = 2", "priority = 1"),
    )
    assert refused(text) == (
        "slug: must be small letters, digits and single hyphens",
        "people[2].pronouns: must be text in quotation marks",
        "events[1].until: comes before date",
        "urgent_actions[1].deadline: comes before issued_on",
        "urgent_actions[1].targets: priority 1 is given twice",
    )


def test_the_refusal_names_the_file_before_each_problem() -> None:
    text = factories.case_text(("deadline =", "dead_line ="), ("country =", "contry ="))
    with pytest.raises(CaseFileError) as caught:
        case_files.parse(text, "fictional.toml")
    assert str(caught.value) == (
        "fictional.toml: urgent_actions[1].dead_line: unknown key; "
        "fictional.toml: contry: unknown key"
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ("is empty",)),
        ("# Nothing but a remark\n", ("is empty",)),
        (
            'slug = "a"\ntitle = "A"\npeople = 1\ntargets = ["b"]\nevents = {}\n',
            (
                "people: must be tables that each begin with [[people]]",
                "targets[1]: must be a table with keys",
                "events: must be tables that each begin with [[events]]",
            ),
        ),
        (
            'slug = "a"\ntitle = "A"\npeople = []\ntargets = []\n',
            ("people: is empty",),
        ),
    ],
)
def test_a_file_without_a_case_is_refused(text: str, problems: tuple[str, ...]) -> None:
    assert refused(text) == problems


def test_two_urgent_actions_cannot_have_one_slug() -> None:
    first = factories.CASE_TEXT.index("[[urgent_actions]]")
    twice = factories.CASE_TEXT + factories.CASE_TEXT[first:]
    assert refused(twice) == ("urgent_actions: slug lighthouse-2025-02 stands twice",)


def test_a_target_s_goal_needs_a_whole_goal() -> None:
    text = factories.case_text(("priority = 2", "priority = 2\ngoal = 50"))
    assert refused(text) == ("urgent_actions[1].goal: is missing: a target has a goal of its own",)


def test_the_goals_of_the_targets_fit_into_the_whole_goal() -> None:
    def told(whole: int, first: int, second: int) -> str:
        return factories.case_text(
            ('asks = ["', f'goal = {whole}\nasks = ["'),
            ("priority = 1", f"priority = 1\ngoal = {first}"),
            ("priority = 2", f"priority = 2\ngoal = {second}"),
        )

    assert refused(told(10, 6, 5)) == (
        "urgent_actions[1].goal: is less than the goals of its targets together, 11",
    )
    assert case_files.parse(told(11, 6, 5), "fictional.toml").urgent_actions[0].goal == 11
