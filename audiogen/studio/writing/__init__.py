"""The writing page: a routine is written as one text, by cards or by hand, kept as a draft, and saved whole."""
