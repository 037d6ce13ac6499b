"""Google Translate's voice, against a server that speaks its protocol and fails in every way we know."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiogen import clips
from audiogen.errors import Cancelled, Problem, Remedy, Unreachable, VoiceError
from audiogen.storage.cache import Cache
from audiogen.voices import open_voice
from audiogen.voices.google import Patience
from audiogen.voices.gtts import ACCENTS, LANGUAGES, LONGEST_PART, GttsVoice, reachable
from audiogen.voices.parts import packed
from tests.each import each

from ..fakes import google as fake
from ..fakes.google import FakeGoogle
from ..strategies import any_text

HURRIED = Patience(connect_s=1.0, read_s=0.3, deadline_s=0.6, backoff_s=0.01, longest_wait_s=3.0)

PASSING = {
    "408": fake.status(408),
    "425": fake.status(425),
    "429": fake.status(429),
    "500": fake.status(500),
    "502": fake.status(502),
    "503": fake.status(503),
    "a reset": fake.reset,
    "no answer": fake.hang,
    "a cut body": fake.cut_body,
    "a cut body of unknown length": fake.unannounced_cut,
    "a trickle of headers": fake.drip_headers,
    "a trickle of a body": fake.drip_body,
    "an empty body": fake.body(b""),
    "half a document": fake.body(b')]}\'\n\n[["wrb.fr","jQ1olc","[\\"AAAA'),
    "another document": fake.body(b')]}\'\n\n[["di",29]]'),
    "a bottomless document": fake.body(b"[" * 100_000),
    "bad UTF-8": fake.body(b")]}'\n\n[\xff\xfe]"),
    "empty base64": fake.letters_of_base64(lambda _: ""),
    "cut base64": fake.letters_of_base64(lambda encoded: encoded[:-3]),
    "base64 that is not strict": fake.letters_of_base64(lambda encoded: encoded[:400] + "\n*" + encoded[400:]),
    "a cut MP3": fake.speech(lambda mp3: mp3[:-30]),
    "no MP3": fake.speech(lambda mp3: b"RIFF" + mp3[::-1]),
}

# By the code of its error where it does not pass; "google-damaged" where none is listed.
CODES = {
    "408": "google-failed",
    "425": "google-failed",
    "429": "google-failed",
    "500": "google-failed",
    "502": "google-failed",
    "503": "google-failed",
    "a reset": "google-unreachable",
    "no answer": "google-silent",
    "a trickle of headers": "google-late",
    "a trickle of a body": "google-late",
    "an empty body": "google-empty",
    "another document": "google-speechless",
}

PERMANENT = {
    "400": (fake.status(400), "google-refused", "400 Bad Request"),
    "403": (fake.status(403), "google-refused", "403 Forbidden"),
    "404": (fake.status(404), "google-refused", "404 Not Found"),
    "a redirect to consent": (fake.consent, "google-redirect", "consent.google.com"),
    "a captcha page": (fake.web_page, "google-page", ""),
    "no sound": (fake.no_audio, "no-sound", ""),
    "an hour to wait": (fake.status(429, "3600"), "google-busy", "429 Too Many Requests"),
    "an hour to wait, as a date": (
        lambda to: fake.status(503, fake.http_date(3600))(to),
        "google-busy",
        "503 Service Unavailable",
    ),
}


@pytest.fixture
def voice() -> GttsVoice:
    return GttsVoice("en", "com", HURRIED)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


@contextmanager
def failing(kind: type[VoiceError], code: str) -> Iterator[list[Problem]]:
    """Expect an error of exactly this type with one problem of this code, which is in the list afterwards."""
    problems: list[Problem] = []
    with pytest.raises(kind) as caught:
        yield problems
    problems += caught.value.problems
    assert (type(caught.value), [problem.code for problem in problems]) == (kind, [f"voices.{code}"])


def test_a_text_comes_back_as_mp3(google: FakeGoogle, voice: GttsVoice) -> None:
    samples, rate = soundfile.read(io.BytesIO(voice.speak("Switch sides.")))
    assert rate == 24_000
    assert len(samples) / 24 == pytest.approx(fake.spoken_ms("Switch sides.") + 240, abs=80)
    assert google.asked == ["Switch sides."]
    assert (google.languages, google.hosts) == ({"en"}, {"translate.google.com"})


def test_language_and_accent_reach_the_service(google: FakeGoogle) -> None:
    GttsVoice("es", "com.mx", HURRIED).speak("Cambia de lado.")
    assert (google.languages, google.hosts) == ({"es"}, {"translate.google.com.mx"})


def test_full_stops_stay_in_the_text(google: FakeGoogle, voice: GttsVoice) -> None:
    """gTTS's own pre-processor would read "st." as an abbreviation."""
    voice.speak("Rest.\n Now squat.")
    assert google.asked == ["Rest. Now squat."]


def test_a_long_text_is_spoken_in_few_requests_and_joined(google: FakeGoogle, voice: GttsVoice) -> None:
    text = "Lie along the roller, head and hips supported. " * 5
    samples, _ = soundfile.read(io.BytesIO(voice.speak(text)))
    assert [len(part) <= 100 for part in google.asked] == [True] * 3
    assert len(samples) / 24 == pytest.approx(sum(fake.spoken_ms(part) + 240 for part in google.asked), abs=250)


@pytest.mark.parametrize("text", ["...", " ", "—", "🙂"])
def test_a_text_with_nothing_to_speak_is_refused(voice: GttsVoice, text: str) -> None:
    with failing(VoiceError, "wordless"):
        voice.speak(text)


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_tried_again(google: FakeGoogle, voice: GttsVoice, fault: fake.Fault) -> None:
    google.fails(fault)
    with within(10):
        assert voice.speak("Switch sides.") == fake.mp3("Switch sides.")
    assert len(google.asked) == 2


@pytest.mark.parametrize("name", PASSING)
def test_what_never_passes_is_an_error_after_four_tries(google: FakeGoogle, voice: GttsVoice, name: str) -> None:
    google.always_fails(PASSING[name])
    kind = Unreachable if name == "a reset" else VoiceError
    with within(20), failing(kind, CODES.get(name, "google-damaged")) as problems:
        voice.speak("Switch sides.")
    assert problems[0].subject == "translate.google.com"
    assert problems[0].remedies == (Remedy("later"), Remedy("builtin-voice", "voice", "builtin"))
    assert len(google.asked) == 4


@pytest.mark.parametrize(("fault", "code", "found"), PERMANENT.values(), ids=PERMANENT)
def test_what_does_not_pass_is_an_error_at_once(
    google: FakeGoogle, voice: GttsVoice, fault: fake.Fault, code: str, found: str
) -> None:
    google.always_fails(fault)
    with within(10), failing(VoiceError, code) as problems:
        voice.speak("Switch sides.")
    assert problems[0].found == found
    assert len(google.asked) == 1


@pytest.mark.parametrize("retry_after", [lambda: "1", lambda: fake.http_date(2)], ids=["seconds", "date"])
def test_retry_after_is_waited_for(google: FakeGoogle, voice: GttsVoice, retry_after: Callable[[], str]) -> None:
    google.fails(fake.status(429, retry_after()))
    voice.speak("Halfway.")
    first, second = google.asked_at_s
    assert 0.9 < second - first < 10


def test_an_answer_of_unknown_length_that_is_cut_for_lateness_is_called_late(
    google: FakeGoogle, voice: GttsVoice
) -> None:
    google.always_fails(fake.drip_body)
    with failing(VoiceError, "google-late") as problems:
        voice.speak("Switch sides.")
    assert problems[0].expected == "0.6 s"


def test_a_pause_holds_for_all_workers(google: FakeGoogle, voice: GttsVoice) -> None:
    google.fails(fake.status(503, "1"))
    with pytest.raises(Cancelled):
        voice.speak("One.", cancel=_cancelled_while_waiting(google))
    voice.speak("Two.")
    assert google.asked_at_s[-1] - google.asked_at_s[0] > 0.9


def test_four_workers_share_four_connections(google: FakeGoogle, voice: GttsVoice, tmp_path: Path) -> None:
    google.latency_s, google.connecting_s = 0.02, 0.05
    texts = [f"Line {number}." for number in range(24)]
    recorded = clips.record(Cache(tmp_path), voice, texts)
    assert recorded.spoken == 24
    assert sorted(google.asked) == sorted(texts)
    assert google.connections <= 4


def test_an_untrusted_certificate_is_refused_and_nothing_is_sent(
    google: FakeGoogle, voice: GttsVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    for attempt in (lambda: voice.speak("Switch sides."), reachable):
        with failing(Unreachable, "google-untrusted"):
            attempt()
    assert google.asked == []


def test_a_certificate_for_another_name_is_refused(google: FakeGoogle) -> None:
    with failing(Unreachable, "google-untrusted") as problems:
        GttsVoice("en", "com.au", HURRIED).speak("Switch sides.")
    assert problems[0].subject == "translate.google.com.au"
    assert google.asked == []


def test_what_is_cut_below_the_protocol_is_unreachable(google: FakeGoogle, voice: GttsVoice) -> None:
    """So that `auto` can use another voice where a network lets nothing through."""
    google.always_fails(fake.reset)
    with failing(Unreachable, "google-unreachable") as problems:
        voice.speak("Switch sides.")
    assert "reset" in problems[0].found or "closed" in problems[0].found


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_authorities_are_those_of_the_first_file_that_is_named(
    google: FakeGoogle, voice: GttsVoice, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    authorities = google.environment["REQUESTS_CA_BUNDLE"]
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv(name, authorities)
    assert voice.speak("Switch sides.")
    monkeypatch.setenv("SSL_CERT_FILE" if name != "SSL_CERT_FILE" else "NO_SUCH", "/no/such/authority.pem")
    assert GttsVoice("en", "com", HURRIED).speak("Switch sides.")


def test_without_such_a_file_the_authorities_of_the_system_are_trusted_too(
    google: FakeGoogle, voice: GttsVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = ssl.create_default_context(cafile=google.environment["REQUESTS_CA_BUNDLE"])
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setattr(ssl, "create_default_context", lambda: system)
    assert voice.speak("Switch sides.")


@pytest.mark.parametrize("login", ["default", "machine translate.google.com"])
def test_no_login_of_the_user_is_sent(
    google: FakeGoogle, voice: GttsVoice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, login: str
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"{login} login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    sent: list[str] = []

    def answer(to: fake.Answering) -> None:
        sent.extend(name.lower() for name in to.headers)
        fake.speaks(to)

    google.always_fails(answer)
    voice.speak("Switch sides.")
    assert "host" in sent
    assert not {"authorization", "cookie", "proxy-authorization"} & {*sent}


@pytest.mark.parametrize(("refusal", "tries"), [("403 Forbidden", 1), ("502 Bad Gateway", 4)])
def test_a_proxy_that_refuses_makes_the_service_unreachable(
    google: FakeGoogle, voice: GttsVoice, refusal: str, tries: int
) -> None:
    google.proxy_refuses = refusal
    with failing(Unreachable, "google-proxy") as problems:
        voice.speak("Switch sides.")
    assert refusal in problems[0].found
    assert google.refused == tries
    with failing(Unreachable, "google-proxy"):
        reachable()


def test_a_service_that_is_down_is_unreachable(voice: GttsVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed.getsockname()[1]}")
    for attempt in (lambda: voice.speak("Switch sides."), reachable):
        with failing(Unreachable, "google-proxy") as problems:
            attempt()
        assert problems[0].found == "Connection refused"


def test_a_line_that_is_silent_from_the_first_byte_is_given_up(google: FakeGoogle) -> None:
    google.silent_tunnels = True
    with within(20), pytest.raises(VoiceError):
        GttsVoice("en", "com", HURRIED).speak("Switch sides.")
    with within(5), pytest.raises(Unreachable):
        reachable(timeout_s=0.5)


def test_any_answer_at_all_counts_as_reachable(google: FakeGoogle) -> None:
    reachable()
    assert google.asked == []


def test_a_probe_can_be_cancelled(google: FakeGoogle) -> None:
    google.silent_tunnels = True
    cancel = threading.Event()
    cancel.set()
    with within(2.5), pytest.raises(Cancelled):
        reachable(cancel=cancel)


@pytest.mark.parametrize(
    "fault",
    [fake.hang, fake.drip_body, fake.drip_headers, fake.status(429, "50")],
    ids=["no answer", "a trickle of a body", "a trickle of headers", "a minute to wait"],
)
def test_cancelling_interrupts_any_wait_within_a_second(google: FakeGoogle, fault: fake.Fault) -> None:
    google.always_fails(fault)
    with within(3), pytest.raises(Cancelled):
        GttsVoice("en", "com").speak("Switch sides.", cancel=_cancelled_while_waiting(google))


def test_what_was_recorded_before_a_failure_is_not_fetched_again(
    google: FakeGoogle, voice: GttsVoice, tmp_path: Path
) -> None:
    texts = [f"Line {number}." for number in range(12)]
    google.fails(*[fake.speaks] * 6, fake.status(404))
    google.always_fails(fake.status(404))
    with failing(VoiceError, "google-refused"):
        clips.record(Cache(tmp_path), voice, texts)
    google.always_fails(fake.speaks)
    recorded = clips.record(Cache(tmp_path), voice, texts)
    assert 6 <= recorded.spoken <= 9  # those in flight at the failure may be lost
    assert recorded.lengths_ms.keys() == set(texts)


def test_the_languages_are_those_of_gtts() -> None:
    from gtts.lang import tts_langs

    assert set(LANGUAGES) == set(tts_langs())


@each(
    ("spec", "language", "name"),
    [
        ("gtts", "en", "gtts:en:com"),
        ("gtts", "en-GB", "gtts:en:co.uk"),
        ("gtts", "en-NZ", "gtts:en:com"),
        ("gtts", "pt-BR", "gtts:pt:com.br"),
        ("gtts", "pt-PT", "gtts:pt-PT:pt"),
        ("gtts", "zh-tw", "gtts:zh-TW:com"),
        ("gtts", "he", "gtts:iw:com"),
        ("gtts:en", "en-GB", "gtts:en:com"),
        ("gtts:es:com.mx", "es", "gtts:es:com.mx"),
        ("gtts:en:co.uk", "en-US", "gtts:en:co.uk"),
    ],
)
def test_a_spec_names_a_voice(spec: str, language: str, name: str) -> None:
    voice = open_voice(spec, language)
    assert voice.name == name
    assert voice.sends_to == f"Google Translate (translate.google.{name.split(':')[2]})"
    assert voice.workers == 4


@pytest.mark.parametrize(
    ("spec", "language", "code", "subject", "offered"),
    [
        ("gtts", "eo", "gtts-language", "eo", []),
        ("gtts:en:co.ku", "en", "gtts-accent", "co.ku", ["gtts:en:co.uk"]),
        ("gtts:en:evil.example/", "en", "gtts-accent", "evil.example/", []),
        ("gtts:es", "en", "other-language", "gtts:es", ["gtts"]),
        ("gtts:en:com:slow", "en", "gtts-parts", "gtts:en:com:slow", []),
        ("gtss", "en", "unknown", "gtss", []),
    ],
)
def test_a_wrong_spec_is_an_error_that_helps(
    spec: str, language: str, code: str, subject: str, offered: list[str]
) -> None:
    with failing(VoiceError, code) as problems:
        open_voice(spec, language)
    assert problems[0].subject == subject
    assert [remedy.value for remedy in problems[0].remedies] == offered


def test_each_language_and_accent_has_keys_of_its_own() -> None:
    opened = [open_voice(f"gtts:en:{accent}", "en") for accent in ACCENTS] + [open_voice("gtts", "es")]
    assert len({clips.clip_key(voice, "Halfway.") for voice in opened}) == len(opened)


def test_a_text_is_split_after_sentences_first() -> None:
    sentences = [
        "One sentence of some length, with a comma.",
        "A second one; also with a clause.",
        "And a third, last.",
    ]
    assert packed(" ".join(sentences * 2), LONGEST_PART) == [" ".join(sentences), " ".join(sentences)]


def test_a_long_sentence_is_split_after_clauses_and_packed() -> None:
    text = ", ".join(["lift"] * 42)
    parts = packed(text, LONGEST_PART)
    assert len(parts) == 3
    assert " ".join(parts) == text


def test_words_without_punctuation_are_split_between_words() -> None:
    text = " ".join(["shoulder"] * 30)
    assert " ".join(packed(text, LONGEST_PART)) == text


@given(any_text(max_size=600) | st.text(alphabet="aé 日🙂.,;!?。、\n—'\"()", max_size=5000))
def test_packing_loses_nothing_and_keeps_to_the_limit(text: str) -> None:
    parts = packed(text, LONGEST_PART)
    assert all(len(part) <= 100 for part in parts)
    spoken = [character for character in text if character.isalnum()]
    assert [character for part in parts for character in part if character.isalnum()] == spoken


def _cancelled_while_waiting(google: FakeGoogle) -> threading.Event:
    """Return an event that is set 0.2 s after the first request has come in."""
    event = threading.Event()

    def look() -> None:
        while not google.asked:
            time.sleep(0.01)
        time.sleep(0.2)
        event.set()

    threading.Thread(target=look, daemon=True).start()
    return event
