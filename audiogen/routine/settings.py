"""What a user may set: one table, from which come the flags, the help and the descriptions of the keys.

A setting's name is its key in a routine file; its flag is the same word with dashes. How a value is read is the
key's affair (`routine`); how it changes a routine is `customise`'s.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["AMBIENCES", "LOUDNESSES", "SETTINGS", "Setting", "described"]

AMBIENCES = ("rain", "ocean", "drone", "brown")  # the music that is computed; any other is a file
LOUDNESSES = (-18, -16, -19)  # LUFS of a track, the usual one first

Kind = Literal["selection", "dose", "pause", "cue", "session"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set.

    Settings that `each` exercise has take `NAME=VALUE` as a flag (and `NAME.SIDE=VALUE` where `sided`), or a value for
    all, and may be given more than once. `scales` says that a factor is a value too.
    """

    name: str
    kind: Kind
    metavar: str
    help: str
    each: bool = False
    sided: bool = False
    scales: bool = False

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def repeatable(self) -> bool:
        return self.each or self.kind == "selection"


_ALL = (
    Setting("only", "selection", "NAMES", "Only these exercises: names, numbers or ranges such as 2-4,6."),
    Setting("skip", "selection", "NAMES", "Leave these exercises out."),
    Setting("from", "selection", "NAME", "Begin with this exercise."),
    Setting("hold", "dose", "[NAME[.SIDE]=]LENGTH", "How long to hold, exactly.", each=True, sided=True, scales=True),
    Setting("reps", "dose", "[NAME[.SIDE]=]COUNT", "How many repetitions, on each side.", each=True, sided=True),
    Setting("sets", "dose", "[NAME=]COUNT", "How many times the work is done, with a rest between.", each=True),
    Setting("rest", "dose", "[NAME=]LENGTH", "The rest between sets, exactly.", each=True, scales=True),
    Setting(
        "sides", "dose", "[NAME=]SIDES", "Which side comes first: left,right; or only one of them: left.", each=True
    ),
    Setting("tempo", "dose", "[NAME=]FACTOR", "How slow repetitions are: 1.25x is slower.", each=True, scales=True),
    Setting("pauses", "pause", "FACTOR", "Settling, switching and transitions together: 1.2x."),
    Setting("settle", "pause", "[NAME=]LENGTH", "The time to get into position.", each=True, scales=True),
    Setting("switching", "pause", "[NAME=]LENGTH", "The time to change sides.", each=True, scales=True),
    Setting("transition", "pause", "[NAME=]LENGTH", "The silence after an exercise.", each=True, scales=True),
    Setting("gap", "pause", "[NAME=]LENGTH", "The silence between spoken lines.", each=True, scales=True),
    Setting("tail", "pause", "LENGTH", "The silence at the end.", scales=True),
    Setting("breath", "session", "IN/OUT", "End holds on a whole breath, in and out: 4s/6s."),
    Setting("rounds", "session", "COUNT", "The whole session so many times, announced as rounds."),
    Setting("length", "session", "LENGTH|none", "How long the track lasts, exactly; none: as long as it takes."),
    Setting("stretch", "session", "silences|holds", "What a length stretches: only silences, or holds too."),
    Setting("guidance", "session", "full|brief|tones", "Full instructions, names and sides only, or tones alone."),
    Setting("speed", "session", "FACTOR", "How fast the voice speaks: 0.8 to 1.3; 1 is about 150 words a minute."),
    Setting("fill", "session", "VOICE", "With recordings: who speaks the lines that are not recorded."),
    Setting(
        "sounds",
        "session",
        "SET|ROLE=FILE,…",
        "The tones: bells, wood, beeps or none; or files of your own by role, such as "
        "wood,start=gong.wav,end=bell.mp3. Roles are start, end, finish, tick, rising, falling, cue and wake; wake=off "
        "leaves out the breath of noise that wakes earbuds after a long silence.",
    ),
    Setting(
        "silence",
        "session",
        "bed|digital",
        "What is between the sounds: bed, a soft noise that you will hardly hear, so that Bluetooth earbuds and "
        "speakers stay awake; or digital, nothing at all. Neither keeps an app from cutting silences out: turn its "
        "trim silence off.",
    ),
    Setting(
        "loudness",
        "session",
        "LUFS",
        "How loud the track is, in LUFS: -18, the usual for one channel, -16 or -19. Nothing is spoken again for it.",
    ),
    Setting("countdown", "cue", "[NAME=]SECONDS", "The last seconds that are counted: 0, 3, 5 or 10.", each=True),
    Setting("halfway", "cue", "[NAME=]on|off", "Whether the half of a hold is told.", each=True),
    Setting("halfway_from", "cue", "[NAME=]LENGTH", "The shortest hold whose half is told.", each=True),
    Setting("remaining", "cue", "[NAME=]LENGTH|off", "Tell the time left every so often, such as 30s.", each=True),
    Setting(
        "music",
        "session",
        "FILE|NAME",
        "What sounds below the session, softer under words and tones: a sound file, repeated as long as it takes, or "
        f"one of {', '.join(AMBIENCES)}, which are computed; none: nothing. The track is stereo then.",
    ),
    Setting("music_level", "session", "DB", "How much louder or softer the music is than usual: -20 to 6 (dB)."),
    Setting(
        "bitrate",
        "session",
        "KBIT/S",
        "The size of the file: 64, 96 or 128 kbit/s. An MP3 has 96 otherwise, with music 128; for .m4a and .opus, too.",
    ),
    Setting("title", "session", "TEXT", "What the session is called."),
)

SETTINGS = {setting.name: setting for setting in _ALL}


def described(name: str) -> str:
    """What a setting does, as help texts and editors show it."""
    return SETTINGS[name].help
