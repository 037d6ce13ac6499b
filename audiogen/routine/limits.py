"""What one session may hold: far more than anybody does, so that nobody's file or link occupies a machine for long.

The number of values in a file (`yaml.tree`), its size (`find`) and a single length (`durations`) have limits, too.
"""

from audiogen.durations import LONGEST_MS

LONGEST_SESSION_MS = LONGEST_MS  # a day, all silences at their default lengths
MOST_SOUNDS = 20_000  # lines, tones and silences of a session, alternatives included: one every 4 s of a day
MOST_CUES = 500  # written in one exercise
MOST_PHASES = 50  # of one repetition
SHORTEST_REMAINING_MS = 5000  # between two announcements of the time left
