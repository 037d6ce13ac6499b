"""The coach's hints about what was imported: in the report and as data, each at its place in the new file."""

import json
from pathlib import Path

from audiogen.importing import import_routine
from tests.command import run

ARTICLE = """\
Hips

1. Figure four
Lie on your back. Look at the ceiling. Hold 45 sec.
"""


def test_an_import_has_the_hints_of_the_coach() -> None:
    hints = import_routine(ARTICLE).hints("hips.yaml")
    assert [one.rule for one in hints] == [6, 5]
    assert [str(one).partition(" ")[0] for one in hints] == ["hips.yaml:4:11:", "hips.yaml:10:14:"]


def test_the_report_and_the_document_list_them(tmp_path: Path) -> None:
    (tmp_path / "hips.txt").write_text(ARTICLE, encoding="utf-8")
    written = run("import", "hips.txt", cwd=tmp_path)
    place = f"{Path('routines', 'hips.yaml')}:"
    lines = (tmp_path / "routines" / "hips.yaml").read_text("utf-8").splitlines()
    at = [int(line.split(":")[2]) for line in written.stderr.splitlines() if line.startswith(f"  hint: {place}")]
    assert "Look at the ceiling" in lines[at[1] - 1]
    document = json.loads(run("import", "hips.txt", "--json", cwd=tmp_path).stdout)
    assert [one["code"] for one in document["hints"]] == ["coach.no-release", "coach.needs-eyes"]
