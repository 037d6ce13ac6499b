"""A finished session in a file: its format, its metadata, its cover, and the files next to it."""
