"""Formats that need more than their text: spreadsheets, and a track made of what was imported."""

import builtins
import io
from pathlib import Path
from typing import Any

import pytest

from audiogen import import_routine, render, verify
from audiogen.errors import RoutineError
from audiogen.importing import import_bytes
from audiogen.storage.cache import Cache


def spreadsheet(rows: list[list[object]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl", reason="reads and writes XLSX")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_spreadsheet_is_a_table() -> None:
    content = spreadsheet(
        [
            ["Exercise", "Sets", "Reps", "Rest (s)", "Notes"],
            ["Squats", 3, 12, 45, "Sit back."],
            ["Lunge", 2, "8 each side", 30, None],
        ]
    )
    found = import_bytes(content, subject="plan.xlsx", suffix=".xlsx")
    squats, lunge = found.routine.flat
    assert (squats.name, squats.sets, squats.reps, squats.rest_ms, squats.setup) == (
        "Squats",
        3,
        12,
        45_000,
        ("Sit back.",),
    )
    assert (lunge.sets, lunge.reps, lunge.sides) == (2, 8, ("right", "left"))


def test_without_openpyxl_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    content = spreadsheet([["Exercise", "Reps"], ["Squats", 12]])
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(RoutineError) as caught:
        import_bytes(content, suffix=".xlsx")
    assert [problem.code for problem in caught.value.problems] == ["importing.needs-xlsx"]


def test_what_was_imported_renders_and_keeps_its_holds(tmp_path: Path) -> None:
    found = import_routine("Short stretch\n\n- Plank, 6 sec. Keep your back long.\n- Side bend, 5 sec each side\n")
    track = tmp_path / "short.mp3"
    render(found.routine, track, voice="builtin", cache=Cache(tmp_path / "cache"))
    report = verify(track)
    assert report.ok
    holds = [event.length_ms for event in report.timeline.events if event.kind == "hold"]
    assert holds == [6000, 5000, 5000]
