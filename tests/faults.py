"""Every way in which speech can fail to come, against the command, with a session of a few cues.

`python -m tests.faults` runs all cases with the default patience and prints a table of what came of them.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import command
from tests.fakes import google as fake
from tests.fakes.google import FakeGoogle

SESSION = """\
title: Short one
length: 30s
silence: digital
opening: none
announce: none
closing: none
exercises:
  - name: Lean
    hold: 5s
    setup: Stand by a wall.
countdown: 0
"""
LENGTH_MS = 30_000
LONGEST_S = 120.0  # with the default patience a request that drips is given up after 4 * 25 s
CUE = "Stand by a wall."
EARLIER = b"earlier"

# What an error may advise.
REMEDIES = ("Try again later", "--voice builtin", "REQUESTS_CA_BUNDLE", "Rephrase")

Prepare = Callable[[FakeGoogle], object]


@dataclass(frozen=True, slots=True)
class Case:
    """A fault; `says` is a part of the error that it ends in, None where it ends in a track."""

    name: str
    prepare: Prepare
    says: str | None
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    requests: int
    seconds: float
    err: str
    track: bytes
    left_over: tuple[str, ...]


def on_one_cue(fault: fake.Fault, times: int) -> Prepare:
    """The fault for the first requests for one of the cues; all others are answered."""

    def prepare(google: FakeGoogle) -> None:
        left = [fault] * times
        google.always_fails(lambda to: (left.pop() if to.text == CUE and left else fake.speaks)(to))

    return prepare


def for_ever(fault: fake.Fault) -> Prepare:
    return lambda google: google.always_fails(fault)


def refusing(status_line: str) -> Prepare:
    return lambda google: setattr(google, "proxy_refuses", status_line)


def dated(code: int, seconds: float) -> fake.Fault:
    return lambda to: fake.status(code, fake.http_date(seconds))(to)


PASSING: dict[str, tuple[fake.Fault, str]] = {
    "429": (fake.status(429), "answered 429"),
    "500": (fake.status(500), "answered 500"),
    "502": (fake.status(502), "answered 502"),
    "503": (fake.status(503), "answered 503"),
    "reset": (fake.reset, "could not be reached"),
    "hang": (fake.hang, "sent nothing for"),
    "cut body": (fake.cut_body, "cut off"),
    "cut body of unknown length": (fake.unannounced_cut, "cut off"),
    "drip-fed body": (fake.drip_body, "did not finish answering within"),
    "drip-fed headers": (fake.drip_headers, "did not finish answering within"),
    "empty body": (fake.body(b""), "sent an empty answer"),
    "empty base64": (fake.letters_of_base64(lambda _: ""), "cut off or damaged"),
    "cut base64": (fake.letters_of_base64(lambda encoded: encoded[:-3]), "cut off or damaged"),
    "base64 that is not strict": (
        fake.letters_of_base64(lambda encoded: f"{encoded[:400]}\n*{encoded[400:]}"),
        "cut off or damaged",
    ),
    "cut MP3": (fake.speech(lambda mp3: mp3[:-30]), "cut off or damaged"),
    "not an MP3": (fake.speech(lambda mp3: b"RIFF" + mp3[::-1]), "cut off or damaged"),
    "bad UTF-8": (fake.body(b")]}'\n\n[\xff\xfe]"), "cut off or damaged"),
}


def cases() -> Iterator[Case]:
    yield Case("clean", lambda _: None, None)
    for name, (fault, _) in PASSING.items():
        times = {1: "once", 3: "thrice"}
        often = 3 if name in ("429", "500", "502", "503") else 1
        yield Case(f"{name}, {times[often]}", on_one_cue(fault, often), None)
    yield Case("429 with Retry-After: 2, once", on_one_cue(fake.status(429, "2"), 1), None)
    yield Case("429 with Retry-After: a date 3 s away, once", on_one_cue(dated(429, 3), 1), None)
    for name, (fault, says) in PASSING.items():
        yield Case(f"{name}, for ever", for_ever(fault), says)
    yield Case("429 with Retry-After: an hour", for_ever(fake.status(429, "3600")), "no requests for 60 minutes")
    yield Case("503 with Retry-After: a date an hour away", for_ever(dated(503, 3600)), "no requests for 60 minutes")
    yield Case("403", for_ever(fake.status(403)), "refused the request with 403")
    yield Case("404", for_ever(fake.status(404)), "refused the request with 404")
    yield Case("captcha page", for_ever(fake.web_page), "answered with a web page")
    yield Case("consent redirect", for_ever(fake.consent), "redirected to consent.google.com")
    yield Case("no audio", for_ever(fake.no_audio), "no sound for")
    yield Case("wrong certificate", lambda _: None, "is not trusted, so nothing was sent", trusted=False)
    yield Case("proxy refusing, 403", refusing("403 Forbidden"), "through the configured proxy")
    yield Case("proxy refusing, 502", refusing("502 Bad Gateway"), "through the configured proxy")


def run(case: Case, timeout_s: float | None = None) -> Outcome:
    """Run the command in its own folder, which has an earlier track; `timeout_s` for AUDIOGEN_TIMEOUT."""
    with tempfile.TemporaryDirectory() as name, FakeGoogle() as google:
        folder = Path(name)
        (folder / "short.yaml").write_text(SESSION, "utf-8")
        track = folder / "short.mp3"
        track.write_bytes(EARLIER)
        case.prepare(google)
        start = time.monotonic()
        arguments = ("render", "short.yaml", "--voice", "gtts", "--quiet", "--out", "short.mp3")
        done = command.run(*arguments, cwd=folder, env=_environment(folder, google, case.trusted, timeout_s))
        seconds = time.monotonic() - start
        left_over = tuple(path.name for path in folder.rglob("*.part"))
        return Outcome(done.returncode, len(google.asked), seconds, done.stderr, track.read_bytes(), left_over)


def _environment(folder: Path, google: FakeGoogle, trusted: bool, timeout_s: float | None) -> dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOGEN_")}
    own = {"AUDIOGEN_CACHE_DIR": str(folder / "cache"), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    limit = {} if timeout_s is None else {"AUDIOGEN_TIMEOUT": str(timeout_s)}
    led = {**outer, **own, **limit, **google.environment}
    return led if trusted else {name: value for name, value in led.items() if not name.endswith("_CA_BUNDLE")}


def run_all(wanted: Iterable[Case], timeout_s: float | None = None, at_once: int = 8) -> dict[str, Outcome]:
    """Run the cases in parallel, since they mostly wait; those that wait longest begin."""
    slow = ("for ever", "thrice", "once")
    by_patience = sorted(wanted, key=lambda case: [word in case.name for word in slow], reverse=True)
    with ThreadPoolExecutor(at_once) as pool:
        outcomes = list(pool.map(lambda case: run(case, timeout_s), by_patience))
    return {case.name: outcome for case, outcome in zip(by_patience, outcomes, strict=True)}


def wrong(case: Case, outcome: Outcome, right_track: bytes) -> list[str]:
    """List what differs from what the case expects."""
    if case.says is None:
        facts = {
            f"exit {outcome.code}": outcome.code == 0,
            f"it says {outcome.err!r}": not outcome.err,
            "another track than without a fault": outcome.track == right_track,
        }
    else:
        facts = {
            f"exit {outcome.code}": outcome.code == 1,
            f"not one line: {outcome.err!r}": len(outcome.err.splitlines()) == 1,
            f"not what happened: {outcome.err!r}": case.says in outcome.err,
            f"not what to do: {outcome.err!r}": any(remedy in outcome.err for remedy in REMEDIES),
            "the earlier track changed": outcome.track == EARLIER,
        }
    facts[f"left over: {outcome.left_over}"] = not outcome.left_over
    return [f"{case.name}: {fact}" for fact, holds in facts.items() if not holds]


def main() -> None:
    outcomes = run_all(cases())
    right = outcomes["clean"].track
    print("| case | ends in | requests | seconds | what it says | as it should be |")  # noqa: T201
    print("|---|---|--:|--:|---|---|")  # noqa: T201
    for case in cases():
        found = outcomes[case.name]
        ends = "a track" if found.code == 0 else f"exit {found.code}"
        verdict = "; ".join(wrong(case, found, right)) or "yes"
        said = found.err.strip().replace("|", "/")
        row = (case.name, ends, str(found.requests), f"{found.seconds:.1f}", said, verdict)
        print(f"| {' | '.join(row)} |")  # noqa: T201


if __name__ == "__main__":
    main()
