"""The command while speech fails to come in every way we know: a whole track, or one line and no file."""

import io

import soundfile

from tests import faults

TIMEOUT_S = 2.5  # in place of 25


def test_what_passes_ends_in_the_same_track_and_what_stays_in_one_line() -> None:
    cases = list(faults.cases())
    outcomes = faults.run_all(cases, TIMEOUT_S, at_once=12)
    right = outcomes["clean"].track
    assert soundfile.info(io.BytesIO(right)).frames == faults.LENGTH_MS * 48
    assert [fact for case in cases for fact in faults.wrong(case, outcomes[case.name], right)] == []
    assert {name: found.seconds for name, found in outcomes.items() if found.seconds > faults.LONGEST_S} == {}
