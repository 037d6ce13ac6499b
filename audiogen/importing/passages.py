"""Prose scripts, such as meditations: judged lines -> passages, and passages -> the text of a `say:`."""

from collections.abc import Iterator, Sequence

from audiogen.durations import format_duration
from audiogen.importing.classify import Judged
from audiogen.importing.draft import Draft, Guess, LeftOut, Ring, Said, Script, Silence
from audiogen.importing.line import unmarked
from audiogen.importing.pauses import at_dots, parts_of, pause_alone
from audiogen.importing.sentences import as_sentence, clean, split
from audiogen.importing.vocabulary import Vocabulary, has_any
from audiogen.voices import estimate_ms

SHORT_MS, PAUSE_MS, LONG_MS = 5000, 10_000, 30_000  # for "(short pause)", "(pause)", "(long pause)"
DOTS_MS = 1500  # for an ellipsis
LONGEST_PAUSE = 5  # words that only name a pause
_SCRIPT_WORDS = (
    "meditation",
    "script",
    "body scan",
    "guided",
    "meditación",
    "visualisation",
    "visualization",
    "nidra",
    "fantasiereise",
    "hypnose",
    "skript",
    "méditation",
    "meditazione",
    "meditatie",
    "medytacja",
    "meditação",
    "瞑想",
    "ध्यान",
)


def is_script(judged: Sequence[Judged], words: Vocabulary) -> bool:
    """Whether a text is to be read aloud, with pauses, rather than a list of exercises."""
    score = 0.0
    for one in judged:
        if one.line.cells:
            return False
        parts = list(parts_of(one.line.text, one.line.spot, words, bare=False))
        silences = sum(not isinstance(part, Said) for part in parts)
        score += 2 * silences if len(parts) == silences else silences
        score += sum(isinstance(part, Ring) for part in parts)
        score -= 3 * bool(one.dose.sides or one.dose.sets or one.dose.reps)
        score -= 1.5 * bool(one.line.mark) + bool(one.line.level and one.dose.has_work)
    first = " ".join(one.line.text for one in judged[:3])
    if has_any(first, _SCRIPT_WORDS):
        score += 3
    return score >= 3


def scripted(judged: Sequence[Judged], words: Vocabulary, draft: Draft) -> Draft:
    """Read a script: a passage for each heading, or one for all."""
    script = Script("", judged[0].line.spot if judged else draft.title_spot)
    draft.items.append(script)
    for at, one in enumerate(judged):
        line = one.line
        if at < 3 and not draft.title and _is_title(one, at):
            _title(one, draft, words)
        elif line.level and not line.text.startswith(("[", "(")):
            script = _section(one, draft, words)
        elif _is_stage(one, words, at):
            draft.left_out.append(LeftOut(unmarked(line.text), line.spot, "for the reader"))
        else:
            if line.gap and script.parts:
                script.parts.append(None)
            _speak(script, one, words)
            _asides(script.parts, draft)
    draft.items[:] = [item for item in draft.items if not isinstance(item, Script) or _speaks(item)]
    if len(draft.items) > 1:
        for item in draft.items:
            if isinstance(item, Script) and not item.name:
                item.name = draft.title
    return draft


def _speaks(script: Script) -> bool:
    return any(isinstance(part, Said) for part in script.parts)


def _is_title(one: Judged, at: int) -> bool:
    return one.line.level == 1 or (at == 0 and len(one.line.words) <= 12 and pause_free(one))


def pause_free(one: Judged) -> bool:
    """Whether a line is no pause."""
    return not one.line.text.startswith(("[", "("))


def _title(one: Judged, draft: Draft, words: Vocabulary) -> None:
    if one.dose.hold:
        draft.length_ms, draft.length_spot = one.dose.hold.least, one.line.spot
    text = one.line.text.split("(")[0]
    draft.title, draft.title_spot = clean(text, words).rstrip(".:,;"), one.line.spot


def _section(one: Judged, draft: Draft, words: Vocabulary) -> Script:
    name = clean(one.line.text.split("(")[0], words).rstrip(".:,;")
    script = Script(name, one.line.spot, length_ms=one.dose.hold.least if one.dose.hold else None)
    draft.items.append(script)
    return script


def _is_stage(one: Judged, words: Vocabulary, at: int) -> bool:
    """Whether a line is for the one who reads, not for the one who listens."""
    line, text = one.line, unmarked(one.line.text)
    if pause_alone(text, words) is not None or list(parts_of(text, line.spot, words)) != [
        Said(text.strip(), line.spot)
    ]:
        return False
    is_aside = text.startswith(("(", "[")) and text.rstrip().endswith((")", "]"))
    if is_aside or (line.soft and has_any(text, words.prose["stage"])):
        return True
    if at < 4 and has_any(text, words.prose["stage"][:3]):
        return True
    return one.scores.get("noise", 0) >= 3 or bool(one.section in ("related", "closing") and ":" in text)


def _speak(script: Script, one: Judged, words: Vocabulary) -> None:
    for part in parts_of(one.line.text, one.line.spot, words):
        if not isinstance(part, Said):
            script.parts.append(part)
            continue
        for sentence in split(clean(part.text, words)):
            pieces = at_dots(sentence)
            for n, piece in enumerate(pieces):
                is_cut = n < len(pieces) - 1 or sentence.rstrip().endswith(("…", "..."))
                script.parts.append(Said(as_sentence(piece) if not is_cut or n == 0 else piece, part.spot))
                if is_cut:
                    script.parts.append(Silence(None, part.spot, "…"))


def _asides(parts: list[Said | Silence | Ring | None], draft: Draft) -> None:
    """List what else stands in the brackets of pauses: "(3 min silence, music up a little)"."""
    listed = {(one.text, one.spot) for one in draft.left_out}
    for part in parts[-4:]:
        if (
            isinstance(part, Silence)
            and len(part.words.split()) > LONGEST_PAUSE
            and (part.words, part.spot) not in listed
        ):
            draft.left_out.append(LeftOut(part.words, part.spot, "all but the pause"))


def prose_of(script: Script, words: Vocabulary) -> tuple[str, list[Guess]]:
    """Write a passage as a text with its pauses, and why each pause is as long as it is."""
    guesses = list(script.guesses)
    if rung := next((part for part in script.parts if isinstance(part, Ring)), None):
        guesses.append(Guess("a bell is a sound, not words", rung.spot, script.name, "say"))
    share_ms = _share(script, words, guesses)
    lines = list[str]()
    noted = set[str]()
    for part in _parts(script):
        match part:
            case Said(text):
                lines.append(text.replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")").lstrip("#- "))
            case Ring(times):
                lines += ["[bell]"] * min(times, 9)
            case Silence():
                lines.append(f"[{format_duration(_length(part, words, guesses, noted, script.name))}]")
            case None:
                lines.append(f"[{format_duration(share_ms)}]" if share_ms else "")
    return "\n".join(_tidy(lines)), guesses


def _parts(script: Script) -> Iterator[Said | Silence | Ring | None]:
    """The parts without ends of paragraphs and ellipses next to pauses."""
    for at, part in enumerate(script.parts):
        near = script.parts[max(at - 1, 0) : at + 2]
        if part is None and any(isinstance(one, Silence) for one in near):
            continue
        following = next((one for one in script.parts[at + 1 :] if one is not None), None)
        if isinstance(part, Silence) and part.words == "…" and isinstance(following, Silence):
            continue  # the written pause stands for both
        yield part


def _tidy(lines: list[str]) -> Iterator[str]:
    """Without blank lines at the ends and next to pauses."""
    for at, line in enumerate(lines):
        near = [lines[n] for n in (at - 1, at + 1) if 0 <= n < len(lines)]
        if line or (len(near) == 2 and all(near) and not any(one.startswith("[") for one in near)):
            yield line


def _length(pause: Silence, words: Vocabulary, guesses: list[Guess], noted: set[str], about: str) -> int:
    if pause.amount is not None:
        if pause.amount.is_range:
            guesses.append(Guess(f"the low end of '{pause.words}'", pause.spot, about, "say"))
        return pause.amount.least
    if pause.words == "…":
        ms = DOTS_MS
    elif has_any(pause.words, words.prose["long"]):
        ms = LONG_MS
    else:
        ms = SHORT_MS if has_any(pause.words, words.prose["short"]) else PAUSE_MS
    if pause.words not in noted or pause.words != "…":
        guesses.append(
            Guess(f"{format_duration(ms)} for '{pause.words}', which names no length", pause.spot, about, "say")
        )
        noted.add(pause.words)
    return ms


def _share(script: Script, words: Vocabulary, guesses: list[Guess]) -> int:
    """How long each end of a paragraph lasts, so that a passage is as long as its heading says."""
    ends = list(_parts(script)).count(None)
    if script.length_ms is None:
        return 0
    spoken = sum(estimate_ms(part.text, words.language, 1.0) + 500 for part in script.parts if isinstance(part, Said))
    silent = sum(_length(part, words, [], set(), "") for part in script.parts if isinstance(part, Silence))
    left = script.length_ms - spoken - silent
    total = format_duration(script.length_ms)
    if not ends or left < ends * 1000:
        takes = format_duration(round((spoken + silent) / 1000) * 1000)
        reason = f"the heading says {total}; the words and pauses take about {takes}"
        guesses.append(Guess(reason, script.spot, script.name, "passage"))
        return 0
    each = round(left / ends / 1000) * 1000
    guesses.append(
        Guess(
            f"pauses of {format_duration(each)}, so that it lasts {total} as its heading says",
            script.spot,
            script.name,
            "say",
        )
    )
    return each
