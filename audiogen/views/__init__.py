"""A timeline shown: rows of a table, chapters, lyrics, differences, pictures."""
