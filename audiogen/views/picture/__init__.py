"""Draw a session: a lane for the terminal (`terminal`), an SVG file (`vector`), and the same in sentences (`words`).

    Timeline -> text

One lane, to scale: holds solid, repetitions in stripes, speech and silence thinner, exercises in colours. A picture
adds no time of its own: each of its edges is the start or the end of an event.
"""
