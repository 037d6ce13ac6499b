"""Rows of sessions of several lengths -> a drawing: time and memory over length.

points by line, in hours, seconds and MiB -> SVG
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Point", "lengths_svg"]

WIDTH, HEIGHT = 360, 240  # of a panel
LEFT, TOP, RIGHT, BOTTOM = 52, 34, 14, 40
COLOURS = ("#2b6cb0", "#c05621", "#2f855a")


@dataclass(frozen=True, slots=True)
class Point:
    hours: float
    seconds: float
    mib: float


def lengths_svg(lines: Mapping[str, Sequence[Point]], limit_mib: float) -> str:
    """Two panels side by side: seconds and MiB over hours, a line for each of `lines`; both begin at zero."""
    legend = [_legend(number, name) for number, name in enumerate(lines)]
    seconds = {name: [(one.hours, one.seconds) for one in points] for name, points in lines.items()}
    memory = {name: [(one.hours, one.mib) for one in points] for name, points in lines.items()}
    height = HEIGHT + 22 * len(legend) + 8
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {height}" '
            f'width="{2 * WIDTH}" height="{height}" font-family="sans-serif" font-size="12" role="img">',
            "<title>Time and peak memory of a render, by the session's length</title>",
            '<rect width="100%" height="100%" fill="white"/>',
            *_panel(0, "seconds", seconds, None),
            *_panel(WIDTH, "MiB at most", memory, limit_mib),
            *legend,
            "</svg>",
            "",
        ]
    )


def _panel(x: int, title: str, lines: Mapping[str, Sequence[tuple[float, float]]], limit: float | None) -> list[str]:
    """One panel, `x` from the left."""
    points = [point for line in lines.values() for point in line]
    step_x, most_x = _steps(max(hours for hours, _ in points))
    step_y, most_y = _steps(max([value for _, value in points] + ([limit * 1.1] if limit else [])))

    def place(hours: float, value: float) -> tuple[float, float]:
        across = x + LEFT + (WIDTH - LEFT - RIGHT) * hours / most_x
        return round(across, 1), round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most_y, 1)

    found = [f'<text x="{x + LEFT}" y="20" font-weight="bold">{title}</text>']
    for number in range(round(most_y / step_y) + 1):
        (left, y), (right, _) = place(0, number * step_y), place(most_x, number * step_y)
        found.append(f'<path d="M{left} {y}H{right}" stroke="#ddd"/>')
        found.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{number * step_y:g}</text>')
    for number in range(round(most_x / step_x) + 1):
        across, y = place(number * step_x, 0)
        found.append(f'<text x="{across}" y="{y + 18}" text-anchor="middle">{number * step_x:g} h</text>')
    if limit:
        (left, y), (right, _) = place(0, limit), place(most_x, limit)
        found.append(f'<path d="M{left} {y}H{right}" stroke="#c53030" stroke-dasharray="5 4"/>')
    for colour, line in zip(COLOURS, lines.values(), strict=False):
        places = [place(*point) for point in line]
        path = "L".join(f"{across} {y}" for across, y in places)
        found.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        found += [f'<circle cx="{across}" cy="{y}" r="3" fill="{colour}"/>' for across, y in places]
    return found


def _legend(number: int, name: str) -> str:
    y = HEIGHT + 12 + 22 * number
    return (
        f'<path d="M{LEFT} {y}h24" stroke="{COLOURS[number]}" stroke-width="2"/>'
        f'<text x="{LEFT + 32}" y="{y + 4}">{name}</text>'
    )


def _steps(most: float) -> tuple[float, float]:
    """A round step of which four to eight reach over `most`, and where they end."""
    step = 10.0**-6
    while True:
        for times in (1, 2, 5):
            if step * times * 8 >= most:
                count = -(-most // (step * times))
                return step * times, step * times * max(count, 1)
        step *= 10
