"""Stand-ins that are real: a voice that speaks tones, and a server that speaks Google's protocol."""
