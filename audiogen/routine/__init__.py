"""A routine file -> a `Routine`, or every mistake in it with its place.

text ──► tree ──► extends ──► reader ──► Routine
         YAML     variants    models and checks
"""
