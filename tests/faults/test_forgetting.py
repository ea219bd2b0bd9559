"""A hundred volunteers are erased, and no byte that is kept tells of them any more."""

from __future__ import annotations

import pytest

from tests import forgotten

pytestmark = pytest.mark.faults


def test_no_byte_tells_of_a_hundred_erased_volunteers(
    tracker_settings, tmp_path, request, caplog, capsys
) -> None:
    caplog.set_level("DEBUG")
    backup, on_postgres = tmp_path / "later.db", "postgresql" in tracker_settings.database_url
    server = request.getfixturevalue("postgres") if on_postgres else None
    keys = forgotten.fill(100)
    noted = forgotten.marks(keys)
    before = forgotten.search(tracker_settings, noted, caplog.text, backup, server)
    assert forgotten.erase(keys)
    after = forgotten.search(tracker_settings, noted, caplog.text, backup, server)
    with capsys.disabled():
        print(f"\n{len(keys)} erased, {len(noted)} marks looked for")
        print(forgotten.table(before, after))
    assert before[0].found > 0
    assert [place for place in after if place.found and place.where != "pg_wal"] == []
