"""The types of a routine file's keys, for `model`: how a value is read, and the JSON Schema that editors get of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, PlainValidator, Tag, WithJsonSchema

from audiogen.durations import parse_duration
from audiogen.phrases.own import Own, read_own
from audiogen.routine import amounts, labels, music, progress, prose, sounds, values, voice_spec
from audiogen.routine.settings import AMBIENCES, LOUDNESSES
from audiogen.routine.sounds import LONGEST_MS, SETS
from audiogen.routine.values import FASTEST, LOUDEST_DB, SLOWEST, SOFTEST_DB, At, Side, Sided


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _one_or_sided(value: object) -> str:
    return "sided" if isinstance(value, Mapping | Sided) else "one"


def _or_sided(one: dict[str, Any]) -> WithJsonSchema:
    both = {"type": "object", "properties": {"right": one, "left": one}, "required": ["right", "left"]}
    return WithJsonSchema({"anyOf": [one, {**both, "additionalProperties": False}]})


def _or_listed(one: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one}]})


_SECONDS: dict[str, Any] = {"type": "number", "minimum": 0}
_WRITTEN: dict[str, Any] = {"type": "string", "pattern": "^ *[0-9][^,/%~=–—-]*$"}  # any language's units
_DURATION: dict[str, Any] = {"anyOf": [_SECONDS, _WRITTEN], "examples": ["45s", "1m30s", "2:00"]}
_LINE: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}  # 90 is a name as good as any
_TEXT: dict[str, Any] = _or_sided(_LINE).json_schema or {}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 500}
_RANGE: dict[str, Any] = {"type": "string", "pattern": "^ *[0-9]+ *(to|-) *[0-9]+ *$", "examples": ["8 to 12"]}
_REPS: dict[str, Any] = {"anyOf": [_COUNT, _RANGE]}
_FEW: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 20}
_MANY: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 100}
_OFF: dict[str, Any] = {"enum": [False, "off", "no"]}
_SIDE: dict[str, Any] = {"enum": ["right", "left"]}
_SIDES: dict[str, Any] = {
    "anyOf": [
        {"enum": ["alternate", "right", "left"]},
        {"type": "array", "items": _SIDE, "uniqueItems": True, "minItems": 1},
    ]
}
_SOUNDS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "examples": list(SETS)},
        {
            "type": "object",
            "properties": {
                "set": {"enum": list(SETS)},
                **{role: {"type": ["string", "boolean"]} for role in LONGEST_MS},
            },
            "additionalProperties": False,
        },
    ]
}
_LEVEL: dict[str, Any] = {"type": ["integer", "string"], "minimum": SOFTEST_DB, "maximum": LOUDEST_DB}
_LEVELS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "examples": ["tick=-6dB,bell=-3dB"]},
        {"type": "object", "properties": dict.fromkeys(LONGEST_MS, _LEVEL), "additionalProperties": False},
    ]
}
_SAY: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "array",
            "minItems": 1,
            "items": {
                "anyOf": [
                    _LINE,
                    {
                        "type": "object",
                        "properties": {
                            "pause": {**_DURATION, "examples": ["10s", "20s to 40s"]},
                            "sound": {"type": "string", "examples": ["bell", "gong.wav"]},
                        },
                        "minProperties": 1,
                        "maxProperties": 1,
                        "additionalProperties": False,
                    },
                ]
            },
        },
    ]
}
_AT: dict[str, Any] = {"type": ["string", "number"], "examples": ["20s", "-10s", "50%"]}

Line = Annotated[str, BeforeValidator(values.read_line), WithJsonSchema(_LINE)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed), _or_listed(_LINE)]
Pause = Annotated[int, BeforeValidator(parse_duration), WithJsonSchema(_DURATION)]
Rest = Annotated[int, BeforeValidator(values.read_rest), WithJsonSchema(_DURATION)]
Length = Annotated[int, BeforeValidator(values.read_length), WithJsonSchema(_DURATION)]
Total = Annotated[
    int | None,
    PlainValidator(values.read_total),
    WithJsonSchema({"anyOf": [{"const": "none"}, _SECONDS, _WRITTEN], "examples": ["10m", "none"]}),
]
Remaining = Annotated[
    int,
    BeforeValidator(values.read_remaining),
    WithJsonSchema({"anyOf": [_OFF, _SECONDS, _WRITTEN], "examples": ["30s", "off"]}),
]
Flag = Annotated[
    bool, BeforeValidator(values.read_flag), WithJsonSchema({"enum": [True, False, "on", "off", "yes", "no"]})
]
Countdown = Annotated[
    Literal[0, 3, 5, 10],
    BeforeValidator(values.read_countdown),
    WithJsonSchema({"enum": [0, 3, 5, 10, "off", False]}),
]
Bitrate = Annotated[Literal[64, 96, 128], BeforeValidator(values.read_bitrate), WithJsonSchema({"enum": [64, 96, 128]})]
MusicKey = Annotated[
    music.Music | None,
    PlainValidator(music.read_music),
    WithJsonSchema({"type": "string", "minLength": 1, "examples": [*AMBIENCES, "music/calm.mp3", "none"]}),
]
Level = Annotated[
    int,
    BeforeValidator(values.read_level),
    WithJsonSchema(_LEVEL),
]
Count = Annotated[int, BeforeValidator(values.whole(1, 500)), WithJsonSchema(_COUNT)]
Position = Literal["lying", "seated", "kneeling", "standing"] | None
Few = Annotated[int, BeforeValidator(values.whole(1, 20)), WithJsonSchema(_FEW)]
Rounds = Annotated[int, BeforeValidator(values.whole(1, 100)), WithJsonSchema(_MANY)]
Times = Annotated[
    float, PlainValidator(values.read_times), WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9.]+\s*[xX×]\s*$"})
]
Breath = Annotated[
    tuple[int, int], PlainValidator(values.read_breath), WithJsonSchema({"type": "string", "examples": ["4s/6s"]})
]
Speed = Annotated[
    float,
    BeforeValidator(values.read_speed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": SLOWEST, "maximum": FASTEST},
                {"type": "string", "pattern": r"^\s*[01](\.[0-9]+)?\s*[xX×]?\s*$"},
            ]
        }
    ),
]
Loudness = Annotated[
    Literal[-18, -16, -19], BeforeValidator(values.read_loudness), WithJsonSchema({"enum": list(LOUDNESSES)})
]
Pronounced = Annotated[
    Mapping[Line, Line],
    BeforeValidator(values.read_words),
    AfterValidator(values.distinct_words),
    WithJsonSchema({"type": "object", "additionalProperties": _LINE}),
]
Phrases = Annotated[
    Mapping[str, Annotated[Own, PlainValidator(read_own)]],
    BeforeValidator(values.read_phrases),
    WithJsonSchema({"type": "object"}),  # its keys are added by `json_schema`
]
Progress = Annotated[
    tuple[progress.Mark, ...],
    PlainValidator(progress.read_progress),
    WithJsonSchema(
        {
            "anyOf": [
                _OFF,
                _DURATION,
                {"type": "string"},
                {"type": "array", "items": {"anyOf": [_DURATION, {"type": "string"}]}},
            ],
            "examples": ["halfway", "halfway, 5m", "off"],
        }
    ),
]
Sides = Annotated[tuple[Side, ...], BeforeValidator(values.read_sides), WithJsonSchema(_SIDES)]
WhichKey = Annotated[
    values.Which,
    PlainValidator(values.read_which),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["first", "last", 2, "2 to 3"]}),
]
SoundKey = Annotated[
    str,
    BeforeValidator(lambda value: prose.read_sound(value).sound),
    WithJsonSchema({"type": "string", "examples": ["bell", "gong.wav"]}),
]
Moment = Annotated[At, PlainValidator(values.read_at), WithJsonSchema(_AT)]
SoundsKey = Annotated[sounds.Sounds, PlainValidator(sounds.read_sounds), WithJsonSchema(_SOUNDS)]
LevelsKey = Annotated[Mapping[str, int], PlainValidator(sounds.read_levels), WithJsonSchema(_LEVELS)]
VoiceKey = Annotated[voice_spec.VoiceSpec, PlainValidator(voice_spec.read_voice), WithJsonSchema(_LINE)]
SayKey = Annotated[tuple[prose.Part, ...], PlainValidator(tuple), WithJsonSchema(_SAY)]
Language = Annotated[str, BeforeValidator(labels.read_language)]
Date = Annotated[str, BeforeValidator(labels.read_date), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[str, BeforeValidator(labels.read_id)]

# Each of these is one value for both sides, or a map with one for each; the tags are steps in pydantic's error paths.
_EITHER = Discriminator(_one_or_sided)
TextKey = Annotated[Annotated[Line, Tag("one")] | Annotated[Sided[Line], Tag("sided")], _EITHER, WithJsonSchema(_TEXT)]
TextsKey = Annotated[tuple[TextKey, ...], BeforeValidator(_listed), _or_listed(_TEXT)]
_Lengths = Annotated[int | tuple[int, ...], PlainValidator(amounts.read_lengths)]
_Counts = Annotated[amounts.Count | tuple[amounts.Count, ...], PlainValidator(amounts.read_counts)]
HoldKey = Annotated[
    Annotated[_Lengths, Tag("one")] | Annotated[Sided[_Lengths], Tag("sided")],
    _EITHER,
    _or_sided(_or_listed(_DURATION).json_schema or {}),
]
RepsKey = Annotated[
    Annotated[_Counts, Tag("one")] | Annotated[Sided[_Counts], Tag("sided")],
    _EITHER,
    _or_sided(_or_listed(_REPS).json_schema or {}),
]
