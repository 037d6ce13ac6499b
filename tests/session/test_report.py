"""What a render reports: sentences for people, one document for programs."""

import json
import pickle
from dataclasses import replace

from audiogen.session import Rendered
from audiogen.session.report import where_sent


def test_a_document_has_every_field_in_json(short_track: Rendered) -> None:
    report = short_track.report()
    document = json.loads(json.dumps(report.to_json()))
    assert set(document) == set(report.__slots__)
    assert (document["path"], document["length_ms"]) == (str(short_track.path), short_track.plan.length_ms)


def test_the_sentences_name_what_a_person_should_know(short_track: Rendered) -> None:
    report = replace(
        short_track.report(),
        length_ms=552_480,
        spoken=0,
        fallback="It is away. builtin:heart spoke instead.",
        filled=("One.", "Two."),
        replaced=True,
    )
    lines = list(report.lines())
    assert lines[:2] == list(report.notes())
    assert lines[0] == "It is away. builtin:heart spoke instead."
    assert (
        lines[2]
        == f"9:12.480, {report.size_bytes / 1e6:.1f} MB; {report.cues} cues by builtin:heart, none newly spoken."
    )
    assert lines[3] == where_sent(None)
    assert lines[-1].endswith("the player should show 9:12.")


def test_a_session_without_words_names_no_voice(short_track: Rendered) -> None:
    assert replace(short_track.report(), voice=None).summary.endswith(" MB; no voice.")


def test_a_report_goes_from_one_process_to_another(short_track: Rendered) -> None:
    report = short_track.report()
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes
