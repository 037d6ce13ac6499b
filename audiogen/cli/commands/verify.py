"""The command `verify`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain
from audiogen.cli.output import Talk, error, plain_wanted, print_data, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiogen.verification import Check, Finding, Report

_SHOWN, _SHOWN_UNMEASURED = 5, 1  # findings of a check, unless all are asked for


@command("Phone")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Track rendered by audiogen.")],
    json: Json = False,
    plain: Plain = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the verdict.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show everything that is wrong.")] = False,
) -> None:
    """Check a finished track against its embedded timeline.

    Decodes the track and measures every hold from tone to tone, every cue and every silence. Exits with 1 if anything
    is wrong.

    \b
    Examples:
      audiogen verify output/upper-back.mp3
      audiogen verify output/upper-back.mp3 --quiet
    """
    from audiogen import verification as verification

    report = verification.verify(file)
    if json:
        print_json(report.to_json())
    elif quiet:
        print_data(report.verdict)
    else:
        lines = _sentences(report, verbose) if plain_wanted(plain) else _table(report, verbose)
        print_data("\n".join(lines))
    if not report.ok:
        raise typer.Exit(1)


def prove(path: Path, talk: Talk) -> bool:
    """Verify a track that was just made: the verdict on stderr, or everything that is off, even where talk is quiet."""
    from audiogen import verification as verification

    report = verification.verify(path)
    if report.ok:
        talk.say(f"Verified: {report.verdict}.")
    else:
        error("\n".join(_table(report, talk.verbose)))
    return report.ok


def _table(report: "Report", verbose: bool) -> "Iterator[str]":
    wide = max(len(check.name) for check in report.checks)
    counts = [_count(check) for check in report.checks]
    long = max(map(len, counts))
    yield from (_heading(report), "")
    for check, count in zip(report.checks, counts, strict=True):
        yield f"  {check.name:<{wide}}  {count:>{long}}  {_state(check):<4}  {check.measured}".rstrip()
        yield from (f"      {line}" for line in _findings(check, verbose))
    yield from ("", f"Not measured: {', '.join(report.unmeasured)}.", report.verdict)


def _sentences(report: "Report", verbose: bool) -> "Iterator[str]":
    yield f"{_heading(report)}."
    for check in report.checks:
        stated = ", ".join(part for part in (_count(check), _state(check), check.measured) if part)
        yield f"{check.name.capitalize()}: {stated}."
        yield from (f"{line}." for line in _findings(check, verbose))
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
