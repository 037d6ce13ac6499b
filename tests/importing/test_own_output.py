"""What audiogen prints comes back with the same doses: `plan --plain`, and the sheet next to a track."""

from pathlib import Path

import pytest

from audiogen import import_routine, load_routine, plan
from audiogen.cli.plan_table import shown
from audiogen.export.sidecars.page import page
from audiogen.timeline.compose import Plan
from audiogen.views.doses import dose_of_visit

SHIPPED = sorted(path for path in Path("routines").glob("*.yaml") if path.stem != "body-scan")  # that is one passage


def doses(planned: Plan) -> list[tuple[str, int | None, str]]:
    return [(one.exercise.name, one.round, dose_of_visit(one).words()) for one in planned.timeline.visits]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_plan_and_a_sheet_give_the_same_doses_back(path: Path) -> None:
    planned = plan(load_routine(path))
    for printed in (shown(planned, plain=True), page(planned.timeline)):
        assert doses(plan(import_routine(printed).routine)) == doses(planned)


def test_passages_of_a_plan_are_listed_as_left_out() -> None:
    printed = (
        "A.\nAt 0:00: opening, 5s.\nAt 0:05: exercise 1. Plank, 40s.\nAt 0:10: hold, 30s.\nAt 0:40: passage Rest, 5s.\n"
    )
    found = import_routine(printed)
    assert [one.name for one in found.routine.flat] == ["Plank"]
    assert [one.kind for one in found.left_out] == ["passage: its words are not in the plan"]
