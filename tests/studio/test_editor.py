"""The text editor: made of the sources in tools/editor, completing from the schema, allowed by the studio's policy."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from audiogen.routine.json_schema import schema

from .browsing import PHONE, axe, visiting
from .serving import Studio

TOOLS = Path(__file__).parents[2] / "tools" / "editor"
STATIC = Path(__file__).parents[2] / "audiogen" / "studio" / "static"

# Texts with the cursor at "¦", what is among the offers there, and what is not. None: nothing is offered.
PLACES: list[tuple[str, str | None, str]] = [
    ("ti¦", "title exercises extends", "hold passage"),
    ("title: x\n¦", "exercises", "title"),
    ("title: x\nexercises:\n  - ¦", "name hold passage rounds use", "title bitrate"),
    ("exercises:\n- na¦", "name passage", "title"),
    ("exercises:\n  - name: A\n    h¦\n    sides: [right]", "hold setup cues", "name sides passage rounds title"),
    ("exercises:\n  - passage: A\n    s¦", "say skip", "hold passage"),
    ("exercises:\n  - name: G\n    rounds: 2\n    ¦\n", "exercises work round_rest", "hold say"),
    ("exercises:\n  - rounds: 2\n    exercises:\n      - name: A\n        ¦", "hold", "work title"),
    ("exercises:\n  - name: A\n    cues:\n      - at: 3s\n        ¦", "say sound", "at hold"),
    ("exercises:\n  - name: A\n    cues:\n    - at: 3s\n    ¦", "hold", "at say cues"),
    ("exercises:\n  - name: A\n    tempo:\n      - for: 3s\n      - ¦", "for tone", "hold"),
    ("exercises:\n  - name: A\n    order: ¦", "sides sets", "hold"),
    ("exercises:\n  - name: A\n    hold: ¦", "45s 1m30s", "sets"),
    ("exercises:\n  - name: A\n    sides: [right, ¦", "left", "alternate hold"),
    ("exercises:\n  - name: A\n    hold: {right: 3s, ¦", "left", "right hold"),
    ("exercises:\n  - name: A\n    hold: {right: ¦", "45s", "left"),
    ("exercises:\n  - {name: A, h¦", "hold", "name"),
    ("extends: x\nexercises:\n  plank:\n    ¦", "hold skip", "title"),
    ("guidance: ¦", "full brief tones", "title"),
    ("halfway: ¦", "on off", "true yes"),
    ("title: My ti¦", "", "title"),
    ("# ti¦", None, ""),
    ("title: x\ndescription: |\n  ho¦", None, ""),
    ("title: x\ndescription: >-\n  one\n\n  ¦\nlanguage: en", None, ""),
    ("exercises:\n  - passage: A\n    say: |\n      In.\n    ¦", "skip", "say hold"),
    ("exercises:\n  - name: A\n    setup: Lie on your\n      be¦", None, ""),
]
OFFERS = """
import { readFileSync } from "node:fs";
import { place } from "./place.js";
import { allowed } from "./schema.js";
const { schema, texts } = JSON.parse(readFileSync(0, "utf8"));
const offers = (text) => {
  const where = place(text.replace("¦", ""), text.indexOf("¦"));
  return where && allowed(schema, where);
};
console.log(JSON.stringify(texts.map(offers)));
"""


@pytest.fixture(scope="module")
def offers() -> dict[str, list[dict[str, Any]] | None]:
    """What is offered in each text, by node from the sources themselves."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs node: install Debian's package npm")
    asked = {"schema": schema(), "texts": [text for text, _, _ in PLACES]}
    done = subprocess.run(
        [node, "--input-type=module", "-e", OFFERS],
        input=json.dumps(asked),
        cwd=TOOLS,
        text=True,
        capture_output=True,
        check=True,
    )
    return dict(zip(asked["texts"], json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("text", "wanted", "unwanted"), PLACES)
def test_keys_and_values_are_offered_where_the_schema_allows_them(
    offers: dict[str, list[dict[str, Any]] | None], text: str, wanted: str | None, unwanted: str
) -> None:
    found = offers[text]
    if wanted is None:
        assert found is None
        return
    labels = [one["label"] for one in found or []]
    assert len(labels) == len(set(labels))
    assert set(wanted.split()) <= set(labels)
    assert not set(unwanted.split()) & set(labels)
    assert all(one["help"] for one in found or [] if one["key"] and one["label"] not in ("right", "left")), found


def test_the_bundle_is_of_the_sources_that_lie_here() -> None:
    build = runpy.run_path(str(TOOLS / "build.py"))
    assert (STATIC / "editor.js").read_text("utf-8").startswith(build["headline"]())
    notices = (STATIC / "editor.LICENSES.txt").read_text("utf-8")
    packages = json.loads((TOOLS / "package.json").read_text("utf-8"))
    for name, version in packages["dependencies"].items():
        assert f"\n{name} {version}\n" in notices
    assert all(
        version[0].isdigit() for kind in ("dependencies", "devDependencies") for version in packages[kind].values()
    )


@pytest.mark.thorough
def test_the_bundle_is_built_again_to_the_same_bytes() -> None:
    subprocess.run([sys.executable, str(TOOLS / "build.py"), "--check"], check=True)


WRITTEN = "title: A\nexercises:\n  - name: B\n    hold: long # no duration\n"
SENTENCE = "hold must be a duration"
PROBLEM = {"line": 4, "column": 11, "sentence": SENTENCE}


def mounted(page: Page) -> None:
    """Put an editor on a page of the studio."""
    page.evaluate(
        """async ([text, problem]) => {
          const { editor } = await import(`${document.body.dataset.base}/static/editor.js`);
          const schema = await (await fetch(`${document.body.dataset.base}/schema.json`)).json();
          window.changes = [];
          const main = document.querySelector("main");
          main.innerHTML = "<h1>Text</h1><div></div><button type='button' id='next'>Next</button>";
          const changed = (now) => window.changes.push(now);
          window.made = editor(main.querySelector("div"), { text, changed, schema, problems: [problem] });
        }""",
        [WRITTEN, PROBLEM],
    )


def test_a_routine_is_written_as_text_by_keyboard_alone(studio: Studio, browser: Browser) -> None:
    with visiting(browser, studio, PHONE, fresh=True, color_scheme="light") as visit:
        page = visit.open("/phone")
        mounted(page)
        text = page.get_by_role("textbox", name="Text of the routine")
        expect(text).to_have_accessible_description("Tab indents. To leave the text, press Escape, then Tab.")

        # What is wrong is underlined where it is wrong, and said.
        expect(page.locator(".cm-lintRange-error")).to_have_text("long")
        page.evaluate("() => window.made.at(4)")
        page.keyboard.press("F8")
        expect(page.locator(".cm-diagnostic")).to_have_text(SENTENCE)
        page.evaluate("() => window.made.mark([])")
        expect(page.locator(".cm-lintRange-error")).to_have_count(0)

        # A key, and then its value, from the schema.
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.type("ord")
        expect(page.get_by_role("option").first).to_contain_text("order")
        expect(page.locator(".cm-completionInfo")).to_contain_text("all sets of one side first")
        page.wait_for_timeout(100)  # a choice counts only after a moment, lest somebody typing hits it
        page.keyboard.press("Enter")
        expect(page.get_by_role("option").first).to_have_text("sides")
        accessible(page)
        page.emulate_media(color_scheme="dark")
        accessible(page)
        page.wait_for_timeout(100)
        page.keyboard.press("Enter")
        now = WRITTEN + "    order: sides\n"
        assert page.evaluate("() => window.made.text()") == now.replace(
            "no duration\n    order", "no duration\n    order"
        )
        assert page.evaluate("() => window.changes.at(-1)") == now

        # A text from elsewhere keeps the cursor, is told to nobody, and can be undone.
        told = page.evaluate("() => window.changes.length")
        page.evaluate("text => window.made.replace(text)", now.replace("title: A", "title: Another"))
        page.keyboard.type("!")
        assert page.evaluate("() => window.changes.at(-1)") == now.replace("A\n", "Another\n").replace(
            "sides", "sides!"
        )
        assert page.evaluate("() => window.changes.length") == told + 1

        page.keyboard.press("Tab")
        expect(text).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.locator("#next")).to_be_focused()
        page.evaluate("() => window.made.destroy()")
        assert page.locator(".cm-editor").count() == 0


def accessible(page: Page) -> None:
    page.evaluate(axe())
    found = page.evaluate(
        "async () => (await axe.run('.cm-editor')).violations.map(one => [one.id, one.nodes.map(n => n.html)])"
    )
    assert found == []
