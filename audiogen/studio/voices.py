"""The voices that the page offers.

engines -> choices
"""

from dataclasses import dataclass

from audiogen.voices import engines

__all__ = ["VoiceChoice", "voice_choices"]


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice in the list; `missing` says why it cannot be chosen here."""

    spec: str
    label: str
    missing: str | None = None


def voice_choices(chosen: str | None) -> list[VoiceChoice]:
    """Every engine's usual voice, and the one that is chosen."""
    found = [VoiceChoice("", "As the routine has it, or automatic")]
    for engine in engines():
        if engine.name in ("piper", "recordings"):
            continue  # they need a file or a folder of the user's, which only its spec can name
        where = f"your words go to {engine.sends_to}" if engine.sends_to else "nothing leaves this machine"
        found.append(VoiceChoice(engine.name, f"{engine.name}: {where}", engine.missing))
    if chosen and chosen not in {one.spec for one in found}:
        found.append(VoiceChoice(chosen, chosen))
    return found
