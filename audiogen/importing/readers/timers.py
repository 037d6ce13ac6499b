"""Workouts of timer apps: the JSON of JAWT (Just Another Workout Timer, version 2) and of OpenHIIT -> a draft."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from audiogen.errors import Problem, RoutineError
from audiogen.importing.dose import Amount, Dose
from audiogen.importing.draft import Circuit, Draft, Guess, Move
from audiogen.importing.line import Spot
from audiogen.importing.sentences import clean
from audiogen.importing.vocabulary import Vocabulary

DEEPEST = 50  # brackets in one another

MOST_MOVES = 500


class _Finder:
    """Finds the line of each text of a JSON document, in order."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def spot(self, name: object) -> Spot:
        for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
            at = self._text.find(written, self._at)
            if at >= 0:
                self._at = at + 1
                above = self._text.count("\n", 0, at)
                return Spot(above + 1, at - self._text.rfind("\n", 0, at))
        return Spot(self._text.count("\n", 0, self._at) + 1)


def read(text: str, draft: Draft, words: Vocabulary) -> Draft:
    """Read the JSON of an app.

    Raises:
        RoutineError: it is not JSON, or of no app that is known.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RoutineError(Problem("importing.not-json", found=type(error).__name__)) from error
    finder = _Finder(text)
    workout = next((one for one in _workouts(document) if isinstance(one.get("sets"), list) or _is_openhiit(one)), None)
    if workout is None:
        raise RoutineError(Problem("importing.unknown-json"))
    draft.title = clean(str(workout.get("title") or workout.get("name") or ""), words)
    draft.title_spot = finder.spot(workout.get("title") or workout.get("name") or "")
    if isinstance(workout.get("sets"), list):
        for group in _maps(workout["sets"]):
            _jawt(group, draft, finder, words)
    else:
        _openhiit(workout, draft, finder, words)
    return draft


def _workouts(document: Any) -> Iterator[Mapping[str, Any]]:
    """The workouts of a document: itself, or those that it lists."""
    if isinstance(document, dict):
        yield document
        yield from _maps(document.get("workouts"))
        yield from _maps(document.get("timers"))
    yield from _maps(document)


def _maps(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (one for one in value[:MOST_MOVES] if isinstance(one, dict))


def _seconds(value: object) -> int:
    return max(0, min(int(value), 3600)) if isinstance(value, int | float) and value == value else 0


# -- JAWT


def _jawt(group: Mapping[str, Any], draft: Draft, finder: _Finder, words: Vocabulary) -> None:
    rounds = min(_seconds(group.get("repetitions")) or 1, 100)
    listed = [(str(one.get("name") or ""), _seconds(one.get("duration"))) for one in _maps(group.get("exercises"))]
    spots = [finder.spot(name) for name, _ in listed]
    moves, round_rest = list[Move](), None
    for at, ((name, seconds), spot) in enumerate(zip(listed, spots, strict=True)):
        amount = Amount(seconds * 1000, seconds * 1000)
        bare = clean(name, words).strip()
        if not seconds or not bare:
            continue
        if _is_rest(bare, words):
            if moves and at == len(listed) - 1 and rounds > 1:
                round_rest = amount
                draft.guesses.append(
                    Guess(f"'{bare}' is the rest between the rounds; none follows the last", spot, bare)
                )
            elif moves:
                moves[-1].rest_after = amount
                if not words.is_head("skip_items", bare) or len(bare.split()) > 1:
                    draft.guesses.append(Guess(f"'{bare}' of {seconds}s is a rest, not an exercise", spot, bare))
            else:
                draft.guesses.append(Guess(f"'{bare}' of {seconds}s is a pause, not an exercise", spot, bare))
            continue
        moves.append(Move(bare, spot, Dose(hold=amount), rest_after=None))
    if not moves:
        return
    rests = {move.rest_after for move in moves if move.rest_after}
    if rests:
        draft.guesses.append(Guess("'Rest' and the like are rests, not exercises", moves[0].spot, moves[0].name))
    if rounds == 1:
        draft.items.extend(moves)
        return
    rest = next(iter(rests)) if len(rests) == 1 and all(move.rest_after for move in moves[:-1]) else None
    if rest:
        round_rest = round_rest or moves[-1].rest_after
        moves = [replace(move, rest_after=None) for move in moves]
    draft.items.append(Circuit(list(moves), moves[0].spot, rounds=rounds, rest=rest, round_rest=round_rest))


def _is_rest(name: str, words: Vocabulary) -> bool:
    return words.heads("skip_items", name) and len(name.split()) <= 3


# -- OpenHIIT


def _is_openhiit(one: Mapping[str, Any]) -> bool:
    return isinstance(one.get("timeSettings"), dict) or ("workTime" in one and "restTime" in one)


def _openhiit(one: Mapping[str, Any], draft: Draft, finder: _Finder, words: Vocabulary) -> None:
    times = one.get("timeSettings") if isinstance(one.get("timeSettings"), dict) else one
    assert isinstance(times, Mapping)  # noqa: S101 - for the type checker
    work, rest, pause = (_seconds(times.get(key)) for key in ("workTime", "restTime", "breakTime"))
    rounds = _seconds(times.get("restarts")) + 1
    names = one.get("activities") or one.get("intervals") or one.get("exercises") or []
    if isinstance(names, str):
        try:
            names = json.loads(names)
        except ValueError:
            names = []
    listed = [_name(name) for name in names] if isinstance(names, Sequence) else []
    moves = [Move(clean(name, words), finder.spot(name), Dose()) for name in listed[:MOST_MOVES] if clean(name, words)]
    if not moves or not work:
        return
    amount = {"work": work, "rest": rest, "pause": pause}
    ms = {key: Amount(value * 1000, value * 1000) if value else None for key, value in amount.items()}
    draft.items.append(
        Circuit(
            list(moves),
            moves[0].spot,
            rounds=min(rounds, 100),
            work=ms["work"],
            rest=ms["rest"],
            round_rest=ms["pause"],
        )
    )


def _name(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("title") or "")
    return str(value)
