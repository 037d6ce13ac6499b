"""The commented routine files that `audiogen new` writes, one for each kind of session.

name -> the text of a routine file
"""

from importlib import resources

# Each is a file next to this one; the words are what `new` shows of it. The first is the default.
TEMPLATES = {
    "stretch": "holds on each side, and slow movements",
    "breathing": "breaths that are led phase by phase",
    "intervals": "rounds of work and rest, each to the second",
    "meditation": "words, silences and a bell",
    "strength": "sets, repetitions and rests between them",
}
DEFAULT = next(iter(TEMPLATES))


def template(name: str = DEFAULT) -> str:
    """The text of a template.

    Raises:
        KeyError: there is none of this name.
    """
    TEMPLATES[name]
    return resources.files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
