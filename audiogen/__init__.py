"""audiogen: a routine file becomes one voice-guided MP3 whose every hold is exact."""
