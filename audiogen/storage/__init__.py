"""Where things are kept: files, the cache, configuration. Nothing here knows of sessions."""
