"""The YAML of routine files: read with places, explained where it is wrong, edited in place."""
