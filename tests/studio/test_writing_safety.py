"""Attacks on what the writing page asks for: refused, told in a sentence, and nothing outside is read or changed."""

import time
from pathlib import Path
from typing import Any

import pytest

from audiogen.importing.decode import LARGEST_BYTES as LARGEST_SOURCE
from audiogen.routine.find import LARGEST_BYTES

from .serving import ROUTINE, Studio

NAMES = (
    "../two",
    "./two",
    "/etc/passwd",
    "routines/two",
    "..",
    ".",
    "",
    "\0",
    "a\\b",
    ".hidden",
    "nul",
    "x" * 300,
    "a\n",
)


def post(studio: Studio, what: str, **document: Any) -> Any:
    return studio.post(f"/write/{what}", {"name": "hips", "text": ROUTINE, "base": "", **document})


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json()["problems"]]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(studio: Studio, name: str) -> None:
    listing = sorted(studio.folder.rglob("*"))
    for what in ("draft", "discard", "save"):
        answer = post(studio, what, name=name)
        assert answer.status == 422
        assert codes(answer) == ["studio.file-name"]
    assert studio.post("/write/text", {"from": f"routine:{name}"}).status in (404, 422)
    named = studio.post("/write/text", {"from": "empty", "name": name})
    assert "/" not in named.json()["name"]
    assert "." not in named.json()["name"]
    assert sorted(studio.folder.rglob("*")) == listing


ELSEWHERE = "title: Secret\nlength: hidden words\nexercises: []\n"
FOREIGN = (
    "extends: ../../secret.yaml\n",
    "extends: /etc/passwd\n",
    "extends: ~/secret.yaml\n",
    "music: ../../secret.wav\n",
    "music: /etc/hosts\n",
    "voice: recordings:/etc\n",
    "fill: piper:~/secret.onnx\n",
    "sounds: {bell: ../../secret.wav}\n",
    "sounds: bell=/etc/hosts.wav\n",
    "say: |\n  Breathe. [../../secret.wav]\n",
    "exercises:\n  - name: Plank\n    hold: 20s\n    cues:\n      - {at: 5s, sound: /etc/hosts.wav}\n",
    "exercises:\n  - rounds: 2\n    exercises:\n      - passage: Quiet\n        say: [{sound: ../../../x.wav}]\n",
)


@pytest.mark.parametrize("part", FOREIGN)
def test_a_text_names_no_file_elsewhere(studio: Studio, part: str) -> None:
    secret = studio.folder.parent / "secret.yaml"
    secret.write_text(ELSEWHERE)
    rest = "" if "exercises:" in part or "say:" in part else ROUTINE[ROUTINE.index("exercises:") :]
    text = f"title: Spy\n{part}{rest}"
    for what in ("plan", "save", "preview"):
        answer = post(studio, what, text=text, line="Lie on your belly.")
        assert codes(answer) == ["studio.foreign-path"], answer.json()
        assert "hidden words" not in answer.text
        assert "root:" not in answer.text
    assert not Path("routines", "hips.yaml").exists()


def test_a_text_names_what_the_users_own_routines_name(studio: Studio) -> None:
    text = ROUTINE.replace("voice: espeak", f"voice: recordings:{studio.folder.parent}/mine")
    assert codes(post(studio, "plan", text=text)) == ["studio.foreign-path"]
    Path("routines", "mine.yaml").write_text(text)
    assert "studio.foreign-path" not in codes(post(studio, "plan", text=text))
    near = ROUTINE.replace("title:", f"music: ../music/rain.wav\nfill: recordings:{studio.folder}/mine\ntitle:")
    assert "studio.foreign-path" not in codes(post(studio, "plan", text=near))


# -- too much


def test_what_is_too_large_is_refused(studio: Studio) -> None:
    for what in ("plan", "draft", "save", "preview", "import"):
        assert studio.post(f"/write/{what}", {}, **{"Content-Length": "10000001"}).status == 413
    assert studio.post("/write/text", {"text": "x" * 64_000}).status == 413
    own = {"Origin": f"http://127.0.0.1:{studio.port}", "Content-Length": str(LARGEST_SOURCE + 2)}
    assert studio.ask("/write/import-file", method="POST", body=b"", headers=own).status == 413
    larger = ROUTINE + "#" * LARGEST_BYTES
    assert codes(post(studio, "plan", text=larger)) == ["routine.too-large"]
    assert codes(post(studio, "draft", text=larger)) == ["routine.too-large"]
    assert codes(post(studio, "save", text=larger)) == ["routine.too-large"]
    assert not Path("routines", ".drafts").exists()


def test_many_edits_and_deep_values_are_refused(studio: Studio) -> None:
    begun = time.monotonic()
    edit: Any = {"set": ["title"], "value": "x"}
    edits: Any
    deep: Any = "x"
    for _ in range(50):
        deep = [deep]
    for edits in (
        [edit] * 2000,
        [{"set": ["title"], "value": deep}],
        [{"set": ["title"] * 50, "value": "x"}],
        [{"set": "title", "value": "x"}],
        [{"set": [None], "value": "x"}],
        [{"set": [True], "value": "x"}],
        [{"set": [], "value": "x"}],
        [{"set": ["title"]}],
        [{"insert": ["exercises"], "at": "0", "value": "x"}],
        [{"move": ["exercises", 0]}],
        [{"set": ["title"], "value": float("nan")}],
        [{"set": ["title"], "value": "\ud800"}],
        [{}],
        ["x"],
        "x",
    ):
        answer = post(studio, "plan", edits=edits)
        assert codes(answer) == ["studio.misunderstood"], edits
    assert codes(post(studio, "plan", text="\ud800")) == ["studio.misunderstood"]
    assert codes(post(studio, "plan", text="[" * 900_000)) == ["routine.too-deep"]
    answer = post(studio, "plan", text="a: " + "[" * 900_000, edits=[edit])
    assert codes(answer) == ["routine.too-deep"]
    assert time.monotonic() - begun < 20
    assert studio.ask("/").status == 200


def test_a_bomb_of_aliases_is_a_mistake(studio: Studio) -> None:
    bomb = "title: Bomb\na: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{here}: &{here} [{', '.join([f'*{there}'] * 10)}]\n"
        for there, here in zip("abcdefgh", "bcdefghi", strict=True)
    )
    begun = time.monotonic()
    assert codes(post(studio, "plan", text=bomb)) == ["routine.too-many-values"]
    post(studio, "plan", text=bomb, edits=[{"set": ["title"], "value": "x"}])
    assert time.monotonic() - begun < 10
