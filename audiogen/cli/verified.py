"""What was measured of a finished track, on the terminal.

Report -> table or sentences
"""

from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.cli.output import Talk, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiogen.verification import Check, Finding, Report

_SHOWN, _SHOWN_UNMEASURED = 5, 1  # findings of a check, unless all are asked for


def prove(path: Path, talk: Talk) -> bool:
    """Verify a track just rendered: the verdict on stderr, or everything that is off, even where talk is quiet."""
    from audiogen import verification

    report = verification.verify(path)
    if report.ok:
        talk.say(f"Verified: {report.verdict}.")
    else:
        error("\n".join(table(report, talk.verbose)))
    return report.ok


def table(report: "Report", verbose: bool) -> "Iterator[str]":
    """Lay out a report as a table, with what is off below each check."""
    wide = max(len(check.name) for check in report.checks)
    counts = [_count(check) for check in report.checks]
    long = max(map(len, counts))
    yield from (_heading(report), "")
    for check, count in zip(report.checks, counts, strict=True):
        yield f"  {check.name:<{wide}}  {count:>{long}}  {_state(check):<4}  {check.measured}".rstrip()
        yield from (f"      {line}" for line in _findings(check, verbose))
    yield ""
    yield from (f"Notice: {notice}" for notice in report.notices)
    yield from (f"Not measured: {', '.join(report.unmeasured)}.", report.verdict)


def sentences(report: "Report", verbose: bool) -> "Iterator[str]":
    """Put a report into sentences, for screen readers and logs."""
    yield f"{_heading(report)}."
    for check in report.checks:
        stated = ", ".join(part for part in (_count(check), _state(check), check.measured) if part)
        yield f"{check.name.capitalize()}: {stated}."
        yield from (f"{line}." for line in _findings(check, verbose))
    yield from (f"Notice: {notice}" for notice in report.notices)
    yield f"Not measured: {', '.join(report.unmeasured)}."
    yield f"Verdict: {report.verdict}."


def _heading(report: "Report") -> str:
    from audiogen.durations import format_exact_clock

    timeline = report.timeline
    voice = f", spoken by {timeline.voice}" if timeline.voice else ""
    return f"{report.path}: {timeline.title}, {format_exact_clock(timeline.length_ms)}{voice}"


def _count(check: "Check") -> str:
    """How many of how many, but for a check of a single thing."""
    return f"{check.passed} of {check.total}" if check.total != 1 else ""


def _state(check: "Check") -> str:
    return "OFF" if check.off else "part" if check.unmeasured else "fine"


def _findings(check: "Check", verbose: bool) -> "Iterator[str]":
    for found, prefix, most in (
        (check.off, "", _SHOWN),
        (check.unmeasured, "not measured: ", _SHOWN_UNMEASURED),
    ):
        shown = found if verbose else found[:most]
        yield from (prefix + _line(finding) for finding in shown)
        if len(shown) < len(found):
            yield f"{prefix}and {len(found) - len(shown)} more (to show them: --verbose)"


def _line(finding: "Finding") -> str:
    """Clock position, exercise and side, and what is off there."""
    from audiogen.durations import format_clock

    if finding.at_ms is None:
        return f"{finding.place}: {finding.what}"
    return f"{format_clock(finding.at_ms)}.{finding.at_ms % 1000:03}  {finding.place}: {finding.what}"
