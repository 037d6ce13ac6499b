"""Uploads: whole sounds with plain names, or nothing; and what is uploaded can be used."""

import socket
import time
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest

from audiogen.studio import uploads
from tests.fakes.tone_voice import tone_wav

from .serving import Answer, Studio

WAV = tone_wav(500)


def upload(studio: Studio, path: str, body: bytes, **query: str) -> Answer:
    own = {"Origin": f"http://127.0.0.1:{studio.port}"}
    return studio.ask(f"/upload/{path}?{urlencode(query)}", method="POST", body=body, headers=own)


def everything(studio: Studio) -> set[Path]:
    return {path for path in studio.folder.rglob("*") if path.is_file() and "cache" not in path.parts}


def test_music_is_kept_whole_under_its_name(studio: Studio) -> None:
    answer = upload(studio, "music", WAV, name="Calm sea.WAV")
    assert answer.json() == {"saved": "music/Calm sea.wav"}
    assert (studio.folder / "music" / "Calm sea.wav").read_bytes() == WAV
    assert "music/Calm sea.wav" in studio.ask("/sounds").text
    assert '<option value="music/Calm sea.wav">' in studio.ask("/shape/two").text


def test_an_upload_asks_before_it_replaces_a_file(studio: Studio) -> None:
    other = tone_wav(700)
    for path, query, saved in (
        ("music", {"name": "sea.wav"}, "music/sea.wav"),
        ("recording", {"folder": "two", "stem": "line", "name": "take.wav"}, "recordings/two/line.wav"),
    ):
        assert upload(studio, path, WAV, **query).json() == {"saved": saved}
        assert upload(studio, path, other, **query).json() == {
            "exists": f"{Path(saved).name} already exists.",
            "yes": "Replace it",
        }
        assert (studio.folder / saved).read_bytes() == WAV
        assert upload(studio, path, other, **query, replace="yes").json() == {"saved": saved}
        assert (studio.folder / saved).read_bytes() == other


def test_of_two_uploads_of_one_name_at_once_both_are_whole_or_the_second_is_asked_about(studio: Studio) -> None:
    one, other = tone_wav(400), tone_wav(900)
    for replace, answer in (("", b'"exists"'), ("&replace=yes", b'"saved"')):
        path = studio.folder / "recordings" / "two" / f"line{len(replace)}.wav"
        address = f"/upload/recording?folder=two&stem={path.stem}&name=take.wav{replace}"
        own = f"127.0.0.1:{studio.port}"
        head = f"POST {address} HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nConnection: close\r\n"
        head += f"Content-Length: {len(one)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", studio.port), timeout=20) as slow:
            slow.sendall(head.encode() + one[:10_000])
            until = time.monotonic() + 20
            while not list(path.parent.glob(".*.part")) and time.monotonic() < until:
                time.sleep(0.01)
            query = {"folder": "two", "stem": path.stem, "name": "take.wav"}
            assert upload(studio, "recording", other, **query).json()["saved"]
            assert path.read_bytes() == other
            slow.sendall(one[10_000:])
            found = b"".join(iter(lambda: slow.recv(10_000), b""))
        assert answer in found
        assert path.read_bytes() == (one if replace else other)
        assert list(path.parent.glob(".*.part")) == []


def test_music_that_was_uploaded_lies_below_a_session(studio: Studio) -> None:
    upload(studio, "music", tone_wav(8000), name="hum.wav")
    job = studio.render("two", urlencode({"music": "music/hum.wav", "only": "cat-and-cow"}), "with-music.mp3")
    assert job["state"] == "done", job


@pytest.mark.parametrize(
    "name",
    [
        "../x.wav",
        "a/b.wav",
        "a\\b.wav",
        "/x.wav",
        "..",
        ".wav",
        ".x.wav",
        "x.exe",
        "x",
        "x.wav\0",
        "x" * 300 + ".wav",
        "x.html",
    ],
)
def test_a_name_that_leads_elsewhere_or_is_no_sounds_is_refused(studio: Studio, name: str) -> None:
    before = everything(studio)
    assert upload(studio, "music", WAV, name=name).status == 422
    assert upload(studio, "recording", WAV, folder="two", stem="x", name=name.removesuffix(".wav")).status == 422
    assert everything(studio) == before


@pytest.mark.parametrize("name", ["..", "../two", "a/b", "a\\b", "/x", ".", ".x", "", "x\0", "x" * 300])
def test_neither_folder_nor_line_of_a_recording_leads_elsewhere(studio: Studio, name: str) -> None:
    before = everything(studio)
    assert upload(studio, "recording", WAV, folder=name, stem="x", name="x.wav").status == 422
    assert upload(studio, "recording", WAV, folder="two", stem=name, name="x.wav").status == 422
    assert everything(studio) == before


@pytest.mark.parametrize("body", [b"", b"<script>alert(1)</script>", b"\x7fELF" + b"\0" * 100, WAV[:20]])
def test_what_is_no_sound_is_refused_and_an_earlier_file_stays(studio: Studio, body: bytes) -> None:
    upload(studio, "music", WAV, name="kept.wav")
    before = everything(studio)
    assert upload(studio, "music", body, name="kept.wav", replace="yes").status == 422
    assert upload(studio, "music", body, name="new.mp3").status == 422
    assert everything(studio) == before
    assert (studio.folder / "music" / "kept.wav").read_bytes() == WAV


def test_what_is_too_large_is_refused_whether_it_says_so_or_not(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"Origin": f"http://127.0.0.1:{studio.port}", "Content-Length": str(uploads.LARGEST_BYTES + 1)}
    answer = studio.ask("/upload/music?name=large.wav", method="POST", body=b"", headers=own)
    assert answer.status == 413
    monkeypatch.setattr(uploads, "LARGEST_BYTES", len(WAV) - 1)
    answer = upload(studio, "music", WAV, name="large.wav")
    assert answer.status == 422
    assert answer.json()["problems"][0]["code"] == "studio.too-large"
    assert not (studio.folder / "music" / "large.wav").exists()


def test_a_recorded_line_is_spoken_by_that_recording(studio: Studio) -> None:
    page = studio.ask("/sounds?routine=two").text
    assert 'data-stem="lie-on-your-belly"' in page
    answer = upload(studio, "recording", WAV, folder="two", stem="lie-on-your-belly", name="take 3.wav")
    assert answer.json() == {"saved": "recordings/two/lie-on-your-belly.wav"}
    assert "recorded" in studio.ask("/sounds?routine=two").text
    query = urlencode({"voice": "recordings:recordings/two", "fill": "espeak"})
    found = studio.post("/preview", {"routine": "two", "query": query, "line": "Lie on your belly."}).json()
    assert found["speaker"].startswith("Your recordings, two and eSpeak NG, English. ")
    assert abs(found["end_ms"] - 500) < 60


@pytest.mark.parametrize(
    "query",
    [
        "voice=recordings:/etc",
        "voice=recordings:..",
        "voice=recordings:recordings/../secret",
        "voice=recordings:recordings/two/../../x",
        "voice=recordings:~",
        "voice=piper:/etc/passwd.onnx",
        "voice=kokoro:/etc",
        "voice=piper:x.onnx",
        "voice=Recordings:/etc",
        "voice=%20recordings:/etc",
        "fill=recordings:/etc",
        "fill=piper:/x.onnx",
        "music=/etc/passwd",
        "music=../x.wav",
        "music=music/../x.wav",
        "sounds=wood,start=/etc/passwd",
        "sounds=start=music/../../x.wav",
    ],
)
def test_a_link_names_no_file_outside_of_the_studios_folders(studio: Studio, query: str) -> None:
    assert studio.ask(f"/plan/two?{query}").status == 422
    page = studio.ask(f"/shape/two?{query}")  # opens without it, and says so
    assert 'data-link=""' in page.text
    assert f"<code>{unquote(query)}</code>" in page.text
    answer = studio.post("/preview", {"routine": "two", "query": query, "line": "Lie on your belly."})
    assert answer.status == 422
    assert answer.json()["problems"][0]["code"] in ("studio.foreign-voice", "studio.foreign-file")
