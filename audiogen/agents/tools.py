"""The tools of an agent, each a function of JSON.

arguments -> what was listed, checked, planned, rendered or imported
"""

from pathlib import Path
from typing import Any

from audiogen import session, verification
from audiogen.agents.calls import cancelled
from audiogen.agents.confined import Confined
from audiogen.durations import format_clock, format_duration
from audiogen.errors import AudiogenError, OutputError, Problem, RoutineError
from audiogen.importing import import_bytes, import_routine
from audiogen.routine import json_schema
from audiogen.routine.find import find_routines, routine_file
from audiogen.routine.overrides import customise
from audiogen.routine.saving import effects
from audiogen.routine.slugs import slug_of
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.session.check import checked_json
from audiogen.storage.files import exists, replacing
from audiogen.timeline.compose import Plan
from audiogen.views.rows import change_lines, rows

Document = dict[str, Any]
Settings = dict[str, str | list[str]] | None


class Tools:
    """All tools, for the current folder; `overwrite` lets them replace files in it."""

    def __init__(self, *, overwrite: bool) -> None:
        self._confined = Confined()
        self._overwrite = overwrite

    def list(self) -> Document:
        """List the routines that can be rendered by name: those in ./routines and those that come with audiogen."""
        found = [one for one in find_routines() if one.where != "yours" and not one.shadowed]
        return {"routines": [{"name": one.name, "where": one.where, **self._titled(one.name)} for one in found]}

    def schema(self) -> Document:
        """Return the JSON Schema of routine files, which are YAML: every key, with its help."""
        return json_schema.schema()

    def check(self, routine: str) -> Document:
        """Find every mistake in a routine, by name or path, and what a coach would say otherwise (hints)."""
        try:
            self._confined.load(routine)
        except RoutineError as error:
            if any(one.code.startswith("agents.") for one in error.problems):
                raise
        return checked_json(routine, coach=True)

    def plan(self, routine: str, settings: Settings = None, voice: str | None = None) -> Document:
        """Show when everything in a session happens, without speaking.

        `settings` are those of the flags of `audiogen render`, such as {"hold": ["plank=45s"], "length": "12m"}.
        """
        planned = self._planned(routine, settings, voice)
        return {
            "title": planned.routine.title,
            "length_ms": planned.length_ms,
            "exact": planned.exact,
            "rows": [
                {"at": format_clock(row.start_ms), "for": format_duration(row.length_ms), "what": row.what}
                for row in rows(planned)
            ],
            "changes": change_lines(planned),
            "notices": [one.to_json() for one in planned.notices],
        }

    def render(
        self, routine: str, settings: Settings = None, voice: str | None = None, out: str | None = None
    ) -> Document:
        """Render a session to a sound file, output/NAME.mp3 unless `out` says otherwise, and verify it.

        The suffix of `out` decides the format. The voice `builtin` works offline; without one, that of the routine or
        the default is used, and the answer says where words were sent (`sent_to`).
        """
        planned = self._planned(routine, settings, voice)
        target = self._confined.path(out or f"output/{(planned.routine.source or Path(routine)).stem}.mp3")
        if exists(target) and not self._overwrite:
            raise OutputError(Problem("agents.exists", subject=str(target)))
        rendered = session.render(planned, target, cancel=cancelled.get())
        return {**rendered.report().to_json(), "verification": verification.verify(target).to_json()}

    def import_(
        self, text: str | None = None, file: str | None = None, name: str | None = None, out: str | None = None
    ) -> Document:
        """Turn an article, a sheet or a timer's export into a routine file, routines/NAME.yaml unless `out` is given.

        Give either its `text` or the path of its `file`. What is not certain is in `guesses`, what was not used in
        `left_out`, each with its line in the source.
        """
        if (text is None) == (file is None):
            raise RoutineError(Problem("agents.text-or-file"))
        found = (
            import_bytes((text or "").encode(), name=name)
            if file is None
            else import_routine(self._confined.path(file), name=name)
        )
        target = self._confined.path(str(routine_file(out or slug_of(name or found.routine.title))))
        if not self._overwrite and (taken := effects(target)):
            raise OutputError(*(Problem("agents.name-taken", found=str(one)) for one in taken))
        with replacing(target) as stream:
            stream.write(found.text.encode())
        return {"path": str(target), "name": target.stem, **found.to_json()}

    def _planned(self, name: str, settings: Settings, voice: str | None) -> Plan:
        routine = self._confined.load(name).routine
        spec = VoiceSpec.parse(voice) if voice else None
        self._confined.allow(customise(routine, settings or {}).routine, spec)
        return session.plan(routine, overrides=settings or {}, voice=voice)

    def _titled(self, name: str) -> Document:
        try:
            routine = self._confined.load(name).routine
        except AudiogenError as error:
            return {"problems": [one.to_json() for one in error.problems]}
        return {"title": routine.title, "length_ms": routine.length_ms}
