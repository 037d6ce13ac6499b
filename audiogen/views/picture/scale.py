"""How a scale is divided: lengths -> round steps."""

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)


def scale_step_ms(length_ms: int, most: float) -> int:
    """The smallest round step that divides a length into at most `most` parts."""
    return next((1000 * step for step in SECONDS if length_ms <= most * 1000 * step), max(length_ms, 1))
