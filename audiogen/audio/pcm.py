"""The format of all sound between a voice and an encoder: 48 kHz, 16 bits, whole milliseconds."""

RATE = 48_000  # samples per second
SAMPLES_PER_MS = RATE // 1000
SAMPLE_BYTES = 2  # 16 bits, little-endian


def ratio(decibels: float) -> float:
    """Convert decibels to a factor of samples: about 0.5 for -6 dB."""
    return float(10 ** (decibels / 20))
