"""Made-up input, for as long as INSTROOM_FUZZ_SECONDS says; ten minutes where it says nothing."""

import os
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

Made = TypeVar("Made")

SECONDS = float(os.environ.get("INSTROOM_FUZZ_SECONDS", "600"))
CPU_SECONDS = 5.0
"""What one example may take of the processor, also on a machine that is busy."""

ODD_TEXTS = [
    "", " ", "0", "-1", "1", "1e999", "NaN", "null", "true", "[]", "{}", "{0}", "%s", "%00", "../..", "..", "/", "\\",
    "a/b", "standard/1", "*", "*" * 50, "a" * 5000, "9" * 30, "9" * 5000, "\0", "a\0b", "\x1b[0m", "\r\n", "\n", "\x7f",
    "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "\udfff", "\U0010ffff", "e\u0301", "\u0130", "\ufb01", "\u0661",
    "\xb2", "\xad", "😀", "<script>", "&amp;", "'", '"', "';--", "=1+1", "{{ 1 }}", "{% x %}", "${1}", "x@y", "@",
    "http://[", "https://[::1", "//x", "https://x:99999/", "javascript:1", "2026-02-30", "2026-02-30T00:00",
    "0000-00-00", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00", "24:00", "daily 25:00", "daily 01:00",
    "monthly 31 03:00", "Europe/Amsterdam", "Mars/Base", "00000000-0000-0000-0000-000000000000",
    "iemand@voorbeeld.example",
]  # fmt: skip
texts: st.SearchStrategy[str] = st.sampled_from(ODD_TEXTS) | st.text(st.characters(), max_size=20)
scalars: st.SearchStrategy[Any] = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(-3, 100),
    st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 0.5, 1e300]),
)


def fuzz(made: st.SearchStrategy[Made], judge: Callable[[Made], None], examples: int = 0) -> None:
    """Judge what is made up until the time is over, or so many. What fails is told as small as it can be made."""

    def judge_in_time(one: Made) -> None:
        begin = time.thread_time()
        try:
            judge(one)
        except Exception as error:
            error.add_note(repr(one)[:2000])
            raise
        assert time.thread_time() - begin < CPU_SECONDS

    some = settings(
        settings.default,
        max_examples=examples or 300,
        derandomize=bool(examples) and settings.default.derandomize,
        suppress_health_check=list(HealthCheck),
    )
    run = some(given(made)(judge_in_time))
    end = time.monotonic() + (0 if examples else SECONDS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)  # of examples that are too large to be shown
        run()
        while time.monotonic() < end:
            run()
