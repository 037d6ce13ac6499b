"""The command while speech fails to come in every way we know: a whole track, or one line and no file."""

import io

import pytest
import soundfile

from tests import faults

TIMEOUT_S = 2.5  # in place of 25


# Of each way that a request can end, one; tests/voices/test_gtts.py has the others, without the command.
SOME = """
clean
429, thrice
cut body, once
500, for ever
hang, for ever
429 with Retry-After: an hour
403
no audio
wrong certificate
proxy refusing, 403
""".strip().splitlines()


@pytest.mark.parametrize("names", [SOME, pytest.param(None, marks=pytest.mark.thorough)], ids=["some", "all"])
def test_what_passes_ends_in_the_same_track_and_what_stays_in_one_line(names: list[str] | None) -> None:
    cases = [case for case in faults.cases() if names is None or case.name in names]
    assert len(cases) == len(names or cases)
    outcomes = faults.run_all(cases, TIMEOUT_S, at_once=12)
    right = outcomes["clean"].track
    assert soundfile.info(io.BytesIO(right)).frames == faults.LENGTH_MS * 48
    assert [fact for case in cases for fact in faults.wrong(case, outcomes[case.name], right)] == []
    assert {name: found.seconds for name, found in outcomes.items() if found.seconds > faults.LONGEST_S} == {}
