"""Timeline + clips -> blocks -> frames or samples: the sound of a session."""
