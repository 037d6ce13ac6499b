"""Measured runs -> a page of Markdown tables."""

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running import Runs

__all__ = ["Row", "Table", "page", "summary", "table", "write_into"]

BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured; `against` is what it is compared with, `wanted` how many times faster it should be."""

    what: str
    runs: Runs
    against: Runs | None = None
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`against` names what the ratios refer to, if there are any."""

    title: str
    against: str | None
    rows: tuple[Row, ...]
    drawing: str = ""  # SVG that belongs to it


def page(tables: Sequence[Table], times: int, drawing: str) -> str:
    """All tables under the machine and the date; `drawing` is the name of the file with the drawing beside it."""
    head = [
        "# Measured",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}; {_machine()}; load at the end {os.getloadavg()[0]:.1f}.",
        f"Medians of {times} runs (start-up: at least 9), least and most in brackets. Contenders take turns, so that",
        "whatever else the machine does meets all alike; the ratios count. Repeat it: `python -m benchmarks`.",
        "",
    ]
    shown = (table(one) + (f"![{one.title}]({drawing})\n\n" if one.drawing else "") for one in tables)
    return "\n".join([*head, *shown])


def summary(tables: Sequence[Table], times: int) -> str:
    """What was measured against a wish, as one short table under the machine and the date."""
    lines = [
        f"Measured {datetime.datetime.now(datetime.UTC):%Y-%m-%d} on {_machine()}, medians of {times} runs",
        "([all of them, with their spread](../benchmarks/results.md)); `python -m benchmarks` repeats it.",
        "",
        "| | seconds | MiB | times as fast as | target |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for one in tables:
        for row in one.rows:
            if row.against and row.wanted:
                ratio = f"{one.against}: {row.against.wall_s / row.runs.wall_s:.2g}"
                cells = [row.what, f"{row.runs.wall_s:.2f}", _positive(row.runs.peak_mib, ".0f"), ratio]
                lines.append(_line([*cells, _wanted(row.wanted)]))
            elif one.drawing:
                lines.append(_line([row.what, f"{row.runs.wall_s:.2f}", _positive(row.runs.peak_mib, ".0f"), "", ""]))
    lines += [f"\n![Time and peak memory: {one.title}](../benchmarks/results.svg)" for one in tables if one.drawing]
    return "\n".join(lines)


def write_into(page: Path, measured: str) -> None:
    """Put a summary between the marks of a page."""
    text = page.read_text("utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no {BEGIN} … {END} any more")
    page.write_text(f"{head}{begin}\n{measured}\n{end}{tail}", "utf-8")


def table(one: Table) -> str:
    ratio = f"times as fast as {one.against}" if one.against else ""
    columns = ["", "seconds", "processor seconds", "MiB at most", *([ratio, "target"] if ratio else [])]
    lines = [f"## {one.title}", "", _line(columns), _line(["---"] + ["---:"] * (len(columns) - 1))]
    for row in one.rows:
        cells = [row.what, _seconds(row.runs), _positive(row.runs.cpu_s, ".2f"), _positive(row.runs.peak_mib, ".0f")]
        if ratio:
            cells += [f"{row.against.wall_s / row.runs.wall_s:.2g}" if row.against else "", _wanted(row.wanted)]
        lines.append(_line(cells))
    return "\n".join([*lines, "", ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(runs: Runs) -> str:
    least, most = runs.spread_s
    return f"{runs.wall_s:.2f} ({least:.2f}–{most:.2f})"


def _positive(value: float, form: str) -> str:
    return f"{value:{form}}" if value else ""


def _wanted(ratio: float | None) -> str:
    return f"≥ {ratio:.2g}" if ratio else ""


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    known = Path("/proc/cpuinfo")
    if known.exists():
        models = [line.partition(":")[2].strip() for line in known.read_text().splitlines() if "model name" in line]
        processor = models[0] if models else processor
    return (
        f"{os.cpu_count()} cores ({processor}), {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
