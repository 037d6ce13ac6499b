"""Signal work on samples: nothing here knows of sessions."""
