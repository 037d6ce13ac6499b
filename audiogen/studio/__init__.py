"""A studio in the browser: shape a session, hear it, render it, play it.

    requested (routine, overrides, voice) -> plan as a page -> render job -> track -> player, feed

`site` lists what can be asked for, `server` runs it, `guard` decides who may ask. Pages are written by Jinja2 templates
with everything escaped; a few small ES modules move them. Nothing comes from another host and nothing is built. Every
plan and render goes through `session`, with the same overrides as on the command line.
"""
