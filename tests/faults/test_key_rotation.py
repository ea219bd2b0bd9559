"""`tracker rotate-key` killed at every stage and at random moments: everything stays readable."""

from __future__ import annotations

import pytest

from tests import rotations

pytestmark = pytest.mark.faults


def test_a_killed_change_of_the_key_loses_nothing(tracker_settings, capsys) -> None:
    stages = rotations.killed_at_each_stage(tracker_settings)
    with capsys.disabled():
        print(f"\n{'killed at':<34} {'killed':>6} {'lost':>5}")
        for stage in stages:
            print(f"{stage.name:<34} {stage.killed!s:>6} {stage.lost!s:>5}")
    assert [stage for stage in stages if stage.lost or not stage.killed] == []


def test_a_change_killed_at_random_moments_loses_nothing(tracker_settings, capsys) -> None:
    killed = rotations.killed_at_random(tracker_settings, times=50)
    with capsys.disabled():
        print(
            f"\nkilled {killed.times}: too late {killed.finished},"
            f" left half-way {killed.unfinished}, lost {killed.lost}"
        )
    assert killed.lost == 0
