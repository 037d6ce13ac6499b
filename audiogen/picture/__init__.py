"""The session as a picture: a lane for the terminal, an SVG file, and the same in sentences.

    Timeline -> text

One lane, to scale: holds solid, repetitions in stripes, speech and silence thinner, exercises in colours. A picture
adds no time of its own: each of its edges is the start or the end of an event.
"""

from audiogen.picture.terminal import lane
from audiogen.picture.vector import strip, svg
from audiogen.picture.words import sentences

__all__ = ["lane", "sentences", "strip", "svg"]
