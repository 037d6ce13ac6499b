"""Many small cases as one test: to begin and report a test, pytest needs longer than most of them take.

    @each(("text", "expected_ms"), [("30s", 30_000), …])
    def test_…(text, expected_ms): …

Every case is tried, and each that fails is reported with its values. The cases share the test's fixtures.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Test = Callable[..., None]


def each(names: str | Sequence[str], cases: Iterable[Any] | Callable[[], Iterable[Any]]) -> Callable[[Test], Test]:
    """Call the test with each case: a value for its only name, or one for each name. A function lists them later."""
    keys = [names] if isinstance(names, str) else [*names]

    def of(test: Test) -> Test:
        @functools.wraps(test)
        def every(**fixtures: Any) -> None:
            listed = [*(cases() if callable(cases) else cases)]
            assert listed, "there is no case"
            failed = []
            for values in listed:
                case = dict(zip(keys, [values] if isinstance(names, str) else values, strict=True))
                try:
                    test(**case, **fixtures)
                except Exception as error:  # noqa: BLE001 - whatever it is, the other cases are tried
                    error.add_note(f"with {case!r}")
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(listed)} cases", failed)

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name not in keys]
        every.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return every

    return of
