"""The command `say`."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet, VoiceName
from audiogen.cli.output import Talk, print_data, print_path


@command("Voices")
def say(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False, help="Text to speak.")],
    voice: VoiceName = None,
    speed: Annotated[
        str, typer.Option("--speed", metavar="FACTOR", help="Set how fast the voice speaks: 0.7 to 1.3.")
    ] = "1",
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Language of the text. [default: the voice's, or en]"),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Write to this file: .wav or .mp3.")] = Path(
        "say.wav"
    ),
    spoken: Annotated[
        bool, typer.Option("--spoken", help="Only print the words that the voice is given, and write no file.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Speak one line to a file, to try a voice.

    It sounds as in a session: without silence around it, and at the session's loudness.

    \b
    Examples:
      audiogen say "Breathe out, and let go." --voice builtin
      audiogen say "Seite wechseln." --voice gtts:de -o wechseln.mp3
      audiogen say "Halfway." --voice espeak --speed 0.9
      audiogen say "3x30s, R side" --spoken
    """
    from audiogen.session import say
    from audiogen.session.report import where_sent

    if spoken:
        print_data(say.words_of(text, voice=voice, language=language))
        return
    talk = Talk(quiet)
    said = say.say(text, out, voice=voice, language=language, speed=speed)
    if said.fallback:
        talk.say(str(said.fallback))
    talk.say(f"{said.length_ms / 1000:.2f} s by {said.voice}. {where_sent(said.sent_to)}")
    print_path(said.path)
