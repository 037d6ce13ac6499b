"""The record booth: a routine's lines, one at a time, to be spoken into the microphone.

routine -> HTML;   folder + line -> the take that there is
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import Problem, TrackError
from audiogen.share.responses import playback
from audiogen.studio.pages import page
from audiogen.studio.state import State
from audiogen.studio.uploads import RECORDINGS, sounds_in
from audiogen.studio.voices import lines_of

# The one page that may ask for the microphone.
_MICROPHONE = "camera=(), microphone=(self), geolocation=()"


def booth_routes(state: State) -> list[BaseRoute]:
    """Return the routes of the booth; takes are sent as recordings are."""

    def booth(request: Request) -> Response:
        name = request.path_params["name"]
        routine = state.library.routine(name)
        lines = lines_of(routine, RECORDINGS / name)
        document = [{"text": line.text, "stem": line.stem, "there": line.there} for line in lines]
        shown = page(request, "booth.html", routine=routine, name=name, lines=document)
        shown.headers["permissions-policy"] = _MICROPHONE
        return shown

    def take(request: Request) -> Response:
        name, stem = request.path_params["name"], request.path_params["stem"]
        state.library.routine(name)  # whose recordings alone lie in a folder of this name
        for sound in sounds_in(RECORDINGS / name):
            if sound.rpartition(".")[0] == stem:
                return playback(RECORDINGS / name / sound)
        raise TrackError(Problem("studio.no-take"))

    return [Route("/booth/{name}", booth), Route("/booth/{name}/{stem}", take)]
