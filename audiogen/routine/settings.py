"""What a user may set: one table, from which come the flags, the help and the descriptions of the keys.

A setting's name is its key in a routine file; its flag is the same word with dashes. How a value is read is the
key's affair (`routine`); how it changes a routine is `customise`'s.
"""

from dataclasses import dataclass
from typing import Literal

AMBIENCES = ("rain", "ocean", "drone", "brown")  # the music that is computed; any other is a file
LOUDNESSES = (-18, -16, -19)  # LUFS of a track, the default one first

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
    Setting("only", "selection", "NAMES", "Keep only these exercises: names, numbers or ranges such as 2-4,6."),
    Setting("skip", "selection", "NAMES", "Skip these exercises."),
    Setting("from", "selection", "NAME", "Begin with this exercise."),
    Setting("hold", "dose", "[NAME[.SIDE]=]LENGTH", "Hold for exactly this long.", each=True, sided=True, scales=True),
    Setting("reps", "dose", "[NAME[.SIDE]=]COUNT", "Do this many repetitions on each side.", each=True, sided=True),
    Setting(
        "for",
        "dose",
        "[NAME=]LENGTH",
        "Do repetitions at one's own pace, in exactly this time.",
        each=True,
        scales=True,
    ),
    Setting("sets", "dose", "[NAME=]COUNT", "Do this many sets, with a rest between them.", each=True),
    Setting(
        "rest",
        "dose",
        "[NAME=]LENGTH",
        "Rest for exactly this long: between the sets of an exercise, after an exercise without sets, or between the "
        "exercises of a group.",
        each=True,
        scales=True,
    ),
    Setting("work", "dose", "[GROUP=]LENGTH", "Do each exercise of a group for this long.", each=True, scales=True),
    Setting(
        "round_rest",
        "dose",
        "[GROUP=]LENGTH",
        "Rest for exactly this long between the rounds of a group.",
        each=True,
        scales=True,
    ),
    Setting(
        "every",
        "dose",
        "[GROUP=]LENGTH",
        "Start each exercise of a group this long after the one before it, such as on each minute.",
        each=True,
        scales=True,
    ),
    Setting(
        "sides", "dose", "[NAME=]SIDES", "Set the order of sides, such as left,right, or do only one: left.", each=True
    ),
    Setting(
        "tempo", "dose", "[NAME=]FACTOR", "Scale the length of repetitions: 1.25x is slower.", each=True, scales=True
    ),
    Setting("pauses", "pause", "FACTOR", "Scale settle, switching and transition pauses together: 1.2x."),
    Setting("settle", "pause", "[NAME=]LENGTH", "Allow this long to get into position.", each=True, scales=True),
    Setting("switching", "pause", "[NAME=]LENGTH", "Allow this long to change sides.", each=True, scales=True),
    Setting("transition", "pause", "[NAME=]LENGTH", "Pause for this long after an exercise.", each=True, scales=True),
    Setting("gap", "pause", "[NAME=]LENGTH", "Pause for this long between spoken lines.", each=True, scales=True),
    Setting("tail", "pause", "LENGTH", "End with this much silence.", scales=True),
    Setting("paragraph", "pause", "LENGTH", "Pause for this long between the paragraphs of a text.", scales=True),
    Setting("breath", "session", "IN/OUT", "End holds on a complete breath, in and out: 4s/6s."),
    Setting("rounds", "session", "COUNT", "Repeat the whole session this many times, announced as rounds."),
    Setting("length", "session", "LENGTH|none", "Make the track exactly this long; none: as long as it needs."),
    Setting(
        "stretch", "session", "silences|holds", "Choose what to stretch to meet a length: only silences, or holds too."
    ),
    Setting(
        "guidance",
        "session",
        "full|brief|tones",
        "Give full instructions, only names, sides and the words of phases (brief), or only tones.",
    ),
    Setting("speed", "session", "FACTOR", "Set how fast the voice speaks: 0.7 to 1.3; 1 is about 150 words a minute."),
    Setting("fill", "session", "VOICE", "Choose the voice for lines that are not recorded, with recordings."),
    Setting(
        "sounds",
        "session",
        "SET|ROLE=FILE,…",
        "Choose the tones: bells, wood, beeps, breath or none; or your own files by role, such as "
        "wood,start=gong.wav,end=bell.mp3. Roles are start, end, finish, tick, rising, falling, level, cue, wake and "
        "bell. Each may be off; wake=off omits the breath of noise that wakes earbuds after a long silence.",
    ),
    Setting(
        "levels",
        "session",
        "ROLE=DB,…",
        "Make tones louder or softer than their default, by role: tick=-6dB,start=2dB; -20 to 6 dB.",
    ),
    Setting(
        "silence",
        "session",
        "bed|digital",
        "Choose what fills the silences: bed, a barely audible noise that keeps Bluetooth earbuds and speakers awake; "
        "or digital, nothing at all. Neither stops an app from skipping silences: turn off its trim silence.",
    ),
    Setting(
        "loudness",
        "session",
        "LUFS",
        "Set the loudness of the track in LUFS: -18, the default for one channel, -16 or -19. Nothing is spoken again.",
    ),
    Setting(
        "words",
        "cue",
        "[NAME=]learn|always|none",
        "Speak the words of phases in repetitions 1 to 3 (learn), in all of them, or in none.",
        each=True,
    ),
    Setting("countdown", "cue", "[NAME=]SECONDS", "Count down the last 0, 3, 5 or 10 seconds.", each=True),
    Setting("halfway", "cue", "[NAME=]on|off", "Announce the halfway point of a hold.", each=True),
    Setting(
        "halfway_from", "cue", "[NAME=]LENGTH", "Announce halfway only in holds of at least this length.", each=True
    ),
    Setting(
        "remaining", "cue", "[NAME=]LENGTH|off", "Announce the remaining time at this interval, such as 30s.", each=True
    ),
    Setting("opening", "session", "full|title|none", "Say the whole opening, only the title, or nothing."),
    Setting("closing", "session", "full|none", "Say the closing and sound its tone, or neither."),
    Setting(
        "progress",
        "session",
        "halfway,LENGTH|off",
        "Announce progress, each time in the nearest pause: halfway, or when this much is left, such as halfway,5m.",
    ),
    Setting(
        "announce",
        "cue",
        "[NAME=]full|name|none",
        "Announce each exercise in full, only by its name, or not at all; only what is announced in full is counted.",
        each=True,
    ),
    Setting(
        "music",
        "session",
        "FILE|NAME",
        "Play music below the session, ducked under speech and tones: a sound file, repeated as needed, or computed "
        f"music: {', '.join(AMBIENCES)}; none: no music. A track with music is stereo.",
    ),
    Setting("music_level", "session", "DB", "Make the music louder or softer than the default: -20 to 6 (dB)."),
    Setting(
        "bitrate",
        "session",
        "KBIT/S",
        "Set the bit rate: 64, 96 or 128 kbit/s, for .mp3, .m4a and .opus. The default of .mp3 is 96, with music 128.",
    ),
    Setting("title", "session", "TEXT", "Set the title of the session."),
)

SETTINGS = {setting.name: setting for setting in _ALL}


def described(name: str) -> str:
    """What a setting does, as help texts and editors show it."""
    return SETTINGS[name].help
