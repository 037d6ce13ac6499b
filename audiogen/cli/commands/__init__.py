"""The commands, one a file: the function of the file's name."""
