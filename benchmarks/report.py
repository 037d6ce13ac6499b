"""Measured runs -> a page of Markdown tables."""

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running import Runs

__all__ = ["Row", "Table", "page", "table"]


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


def page(tables: Sequence[Table], times: int) -> str:
    """All tables under the machine and the date."""
    head = [
        "# Measured",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}; {_machine()}; load at the end {os.getloadavg()[0]:.1f}.",
        f"Medians of {times} runs (start-up: at least 9), least and most in brackets. Contenders take turns, so that",
        "whatever else the machine does meets all alike; the ratios count. Repeat it: `python -m benchmarks`.",
        "",
    ]
    return "\n".join([*head, *(table(one) for one in tables)])


def table(one: Table) -> str:
    ratio = f"times as fast as {one.against}" if one.against else ""
    columns = ["", "seconds", "processor seconds", "MiB at most", *([ratio, "wanted"] if ratio else [])]
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
