"""Measure everything in one run: `python -m benchmarks`, or a part of it: `python -m benchmarks --only encode,start`.

`python -m benchmarks listening` measures what is heard instead (see `listening`), `weights` in its place how heavy the
studio's pages are, and `ticks` how soon they show a change.

Needs ffmpeg, and audiogen with its `test` extra; takes a quarter of an hour. Results go to standard output, to
benchmarks/results.md with a drawing, and, where all parts were measured, in short into docs/speed.md.
"""

import argparse
import contextlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import report
from benchmarks.plot import Point, lengths_svg
from benchmarks.report import Row, Table
from benchmarks.running import Run, Runs, repeated, run
from benchmarks.sessions import UPPER_BACK, edited_hold, edited_words, long_session, variants_table
from benchmarks.watching import Watching

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).with_name("results.md")
PYTHON = sys.executable
MINUTES = (10, 60, 180, 480)
FORGOTTEN = {"PYTHONDONTWRITEBYTECODE", "HTTPS_PROXY", "https_proxy"}  # an installed package has its byte code
GTTS_WORKERS, LATENCY_S = 4, 0.08
VARIANTS = 100
LIMIT_MIB = 160


class Bench:
    """A folder with caches of its own; nothing of whoever runs this is read or written."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder = folder
        self.times = times
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in FORGOTTEN and "AUDIOGEN" not in name},
            **{f"XDG_{what}_HOME": str(folder / "xdg") for what in ("CACHE", "CONFIG", "DATA")},
            "PYTHONPATH": str(ROOT),
            "AUDIOGEN_CACHE_DIR": str(folder / "cache"),
        }
        (folder / "session.yaml").write_text(UPPER_BACK.read_text("utf-8"), "utf-8")

    def python(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Run:
        return run([PYTHON, *arguments], self.folder, {**self.environment, **(environment or {})})

    def render(self, voice: str = "builtin", environment: Mapping[str, str] | None = None) -> Run:
        arguments = ["render", "session.yaml", "--voice", voice, "-o", "out.mp3", "--quiet"]
        return self.python("-m", "audiogen", *arguments, environment=environment)

    def said(self, *arguments: str) -> str:
        """What a command prints."""
        command = [PYTHON, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")

    def write_session(self, text: str) -> None:
        (self.folder / "session.yaml").write_text(text, "utf-8")

    def remove(self, name: str) -> None:
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def copy(self, name: str, to: str) -> None:
        self.remove(to)
        shutil.copytree(self.folder / name, self.folder / to)

    def write_plain_session(self, clips: bool = True) -> int:
        """The steps of the session as it is now, and its clips; the number of different cues."""
        timeline = json.loads(self.said("-m", "audiogen", "plan", "session.yaml", "--voice", "builtin", "--json"))
        steps = [_step(event) for event in timeline["events"] if event["kind"] in ("say", "tone", "wait")]
        (self.folder / "steps.json").write_text(json.dumps(steps), "utf-8")
        if clips:
            self.said("-m", "benchmarks.plain_clips", "steps.json", "plain-clips")
        return len({step["say"] for step in steps if "say" in step})

    def plain_script(self, environment: Mapping[str, str] | None = None, clips: str = "plain-clips") -> Run:
        script = str(Path(__file__).with_name("plain_script.py"))
        return self.python("-W", "ignore", script, "steps.json", clips, "plain.mp3", environment=environment)


def _step(event: Mapping[str, object]) -> dict[str, object]:
    length_ms = int(str(event["end_ms"])) - int(str(event["start_ms"]))
    if event["kind"] == "say":
        return {"say": event["text"]}
    return {"tone": event["role"], "ms": length_ms} if event["kind"] == "tone" else {"wait": length_ms}


# -- what is measured


def renders(bench: Bench) -> Iterator[Table]:
    """(a), (b), (c): renders of the ten minutes as whole processes, against the plain script with its clips on disk."""
    text = UPPER_BACK.read_text("utf-8")
    bench.write_session(edited_hold(text))
    bench.render()  # records what the edited session says
    bench.remove("cache/blocks")
    bench.write_session(text)
    bench.render()
    cues = bench.write_plain_session()
    bench.copy("cache", "recorded")

    def after(edited: str) -> Run:
        bench.copy("recorded", "cache")
        bench.write_session(edited)
        return bench.render()

    def first(voice: str, environment: Mapping[str, str]) -> Run:
        bench.remove("cache")
        bench.write_session(text)
        return bench.render(voice, environment)

    def fetching(environment: Mapping[str, str]) -> Run:
        bench.remove("fetched")
        (bench.folder / "fetched").mkdir()
        return bench.plain_script(environment, "fetched")

    def watched(watching: Watching) -> Run:
        bench.copy("recorded", "cache")
        return Run(watching.edited(edited_hold(text), text), 0.0, 0.0)

    bench.write_session(text)
    with _google(bench) as google, Watching(bench.folder, bench.environment) as watching:
        found = repeated(
            bench.times,
            {
                "plain": bench.plain_script,
                "nothing": lambda: after(text),
                "hold": lambda: after(edited_hold(text)),
                "watch": lambda: watched(watching),
                "cue": lambda: after(edited_words(text)),
                "builtin": lambda: first("builtin", {}),
                "fetching": lambda: fetching(google),
                "gtts": lambda: first("gtts", google),
            },
        )
    plain = found["plain"]
    script = Row("the plain script, every clip on disk", plain)
    yield Table(
        f"An edit of a rendered session (10 min, {cues} different cues), whole processes",
        "the script",
        (
            script,
            Row("audiogen: nothing changed", found["nothing"], plain),
            Row("audiogen: one hold 5 s longer, words recorded", found["hold"], plain, 30),
            Row("audiogen watch: the same, from saving the file to the new track", found["watch"], plain),
            Row("audiogen: one new cue, built-in voice", found["cue"], plain, 10),
        ),
    )
    yield Table(
        f"A first render with the built-in voice, {cues} cues to speak",
        "the script",
        (script, Row("audiogen: nothing cached", found["builtin"], plain, 3)),
    )
    bound_s = -(-cues // GTTS_WORKERS) * LATENCY_S
    yield Table(
        f"A first render by gTTS, {LATENCY_S * 1000:.0f} ms away on loopback ({GTTS_WORKERS} requests at once wait "
        f"{bound_s:.1f} s at least)",
        "the script",
        (
            script,
            Row("the plain script, fetching its clips", found["fetching"], plain),
            Row("audiogen: nothing cached", found["gtts"], plain),
        ),
    )


@contextlib.contextmanager
def _google(bench: Bench) -> Iterator[Mapping[str, str]]:
    command = [PYTHON, "-m", "benchmarks.google"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=bench.folder, env=bench.environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


def encoding(bench: Bench) -> Iterator[Table]:
    """(d) Encoding alone, in one process that has everything loaded."""
    bench.write_session(UPPER_BACK.read_text("utf-8"))
    bench.render()
    for silence, what in (("bed", "with a bed, as shipped"), ("digital", "with digital silence")):
        arguments = ["-m", "benchmarks.encoding", "session.yaml", str(bench.times), silence]
        found = {
            name: Runs(tuple(Run(wall_s, cpu_s, 0.0) for wall_s, cpu_s in seconds))
            for name, seconds in json.loads(bench.said(*arguments)).items()
        }
        one_pass = found["one LAME pass"]
        yield Table(
            f"Encoding alone, {what} (10 min, nothing kept, everything loaded)",
            "one LAME pass",
            (
                Row("one LAME pass over the samples", one_pass),
                Row("ffmpeg, from WAV", found["ffmpeg"], one_pass),
                Row(f"audiogen: blocks {what}, all cores", found["blocks, all cores"], one_pass, 2),
                Row("audiogen: the same on one core", found["blocks, one core"], one_pass),
            ),
        )


def lengths(bench: Bench) -> Iterator[Table]:
    """(e) Sessions of ten minutes to eight hours."""
    rows = []
    points: dict[str, list[Point]] = {"cues spoken, too": [], "words recorded": [], "all cached": []}
    for minutes in MINUTES:
        bench.remove("cache/blocks")
        bench.write_session(long_session(minutes))
        spoken = bench.render()

        def encoded() -> Run:
            bench.remove("cache/blocks")
            return bench.render()

        found = repeated(bench.times, {"encoded": encoded, "kept": bench.render})
        for line, runs in zip(points.values(), (Runs((spoken,)), found["encoded"], found["kept"]), strict=True):
            line.append(Point(minutes / 60, runs.wall_s, runs.peak_mib))
        length = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
        rows += [
            Row(f"{length}: cues spoken by the built-in voice, too", Runs((spoken,))),
            Row(f"{length}: words recorded, blocks encoded", found["encoded"]),
            Row(f"{length}: blocks cached", found["kept"]),
        ]
    drawing = lengths_svg(points, LIMIT_MIB)
    yield Table("Sessions of any length, a hold a minute", None, tuple(rows), drawing)


def variants(bench: Bench) -> Iterator[Table]:
    """(f) A hundred variants of the ten minutes, each with a hold of its own, against one first render."""
    bench.write_session(UPPER_BACK.read_text("utf-8"))
    (bench.folder / "variants.csv").write_text(variants_table(VARIANTS), "utf-8")

    def first() -> Run:
        bench.remove("cache")
        return bench.render()

    def many() -> Run:
        bench.remove("cache")
        bench.remove("variants")
        arguments = ["batch", "variants.csv", "--voice", "builtin", "-o", "variants", "--quiet"]
        return bench.python("-m", "audiogen", *arguments)

    found = repeated(bench.times, {"first": first, "many": many})
    yield Table(
        f"{VARIANTS} variants, nothing cached, whole processes",
        "one first render",
        (
            Row("audiogen render: one of them, built-in voice", found["first"]),
            Row(f"audiogen batch: {VARIANTS} of them", found["many"], found["first"], 0.1),
        ),
    )


def start(bench: Bench) -> Iterator[Table]:
    """(g) Start-up, against an empty typer app."""
    app = str(Path(__file__).with_name("empty_app.py"))
    bench.write_session(UPPER_BACK.read_text("utf-8"))
    commands = {
        "--help": (["--help"], ["--help"], 1.5),
        "list": (["list"], ["list"], 2),
        "plan --json": (["plan", "x", "--json"], ["plan", "upper-back", "--voice", "builtin", "--json"], 2),
    }
    contenders: dict[str, Callable[[], Run]] = {"python": lambda: bench.python("-c", "pass")}
    for name, (empty, ours, _) in commands.items():
        contenders[f"empty {name}"] = lambda empty=empty: bench.python(app, *empty)  # type: ignore[misc]
        contenders[name] = lambda ours=ours: bench.python("-m", "audiogen", *ours)  # type: ignore[misc]
    found = repeated(max(9, bench.times), contenders)
    rows = [Row("python, nothing else", found["python"])]
    for name, (_, _, limit) in commands.items():
        against = found[f"empty {name}"]
        rows += [
            Row(f"an empty typer app: {name}", against),
            Row(f"audiogen {name}", found[name], against, 1 / limit),
        ]
    yield Table("Start-up", "the empty app", tuple(rows))


PARTS = {"render": renders, "encode": encoding, "length": lengths, "variants": variants, "start": start}


OTHERS = ("listening", "ticks", "weights")  # with a main of their own


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        importlib.import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure audiogen.")
    parser.add_argument("--times", type=int, default=5, help="runs of each thing (default: 5)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to measure: {', '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    given = parser.parse_args()
    tables: list[Table] = []
    for name in given.only.split(","):
        print(f"Measuring: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            measured = list(PARTS[name](Bench(Path(folder), given.times)))
        print("\n".join(report.table(one) for one in measured), flush=True)
        tables += measured
    given.out.write_text(report.page(tables, given.times, given.out.with_suffix(".svg").name), "utf-8")
    for drawing in (one.drawing for one in tables if one.drawing):
        given.out.with_suffix(".svg").write_text(drawing, "utf-8")
    if set(given.only.split(",")) == set(PARTS) and given.out == OUT:
        report.write_into(ROOT / "docs" / "speed.md", report.summary(tables, given.times))


if __name__ == "__main__":
    main()
