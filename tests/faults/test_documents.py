"""Thousands of broken documents, and files made to harm: each a draft or a reason, in time."""

from __future__ import annotations

import resource

import pytest

from tests.documents import bombs, mutants
from tracker.documents.files.reading import Unreadable
from tracker.documents.worker import MEGABYTES, SECONDS, Wanted, in_worker

pytestmark = pytest.mark.faults

MUTANTS = 2_000
THROUGH_WORKERS = 40


def test_two_thousand_broken_papers(capsys) -> None:
    found = mutants.tally(mutants.mutants(MUTANTS, seed=2_000), SECONDS)
    with capsys.disabled():
        print(f"\n{mutants.table(found)}")
    crashes = [crash for of_kind in found.values() for crash in of_kind.crashes]
    assert crashes == []
    assert sum(of_kind.drafts + of_kind.refused.total() for of_kind in found.values()) == MUTANTS


def test_a_worker_says_of_a_broken_paper_what_this_process_says() -> None:
    differing = []
    for mutant in mutants.mutants(THROUGH_WORKERS, seed=77):
        here = mutants.tally([mutant], SECONDS)[mutant.kind]
        reason = ""
        try:
            in_worker(Wanted.FACTS, mutant.content, mutant.name, seconds=60)
        except Unreadable as refusal:
            reason = refusal.reason.value
        if reason not in ({"": 1} if here.drafts else here.refused):
            differing.append((mutant.name, mutant.kind, reason))
    assert differing == []


def test_every_bomb_through_a_worker(capsys) -> None:
    every = bombs.bombs()
    before = _most_megabytes()
    outcomes = [bombs.outcome(bomb) for bomb in every]
    after = _most_megabytes()
    with capsys.disabled():
        print(f"\n{'file':<38} {'MB':>5} {'seconds':>7}  outcome")
        for bomb, outcome in zip(every, outcomes, strict=True):
            size = len(bomb.content) / bombs.MEGABYTE
            reason = outcome.reason or "a draft"
            print(f"{bomb.name:<38} {size:>5.1f} {outcome.seconds:>7.2f}  {reason}")
        print(f"{len(every)} files, the largest worker {after:.0f} MB")
    assert len(every) >= 30
    unlike = [
        (bomb.name, outcome.reason)
        for bomb, outcome in zip(every, outcomes, strict=True)
        if outcome.reason not in bomb.reasons
    ]
    assert unlike == []
    assert max(outcome.seconds for outcome in outcomes) < SECONDS + 2  # to end one takes a moment
    assert after == before or after < MEGABYTES


def _most_megabytes() -> float:
    """Return the most memory that a process had which this one started."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_000
