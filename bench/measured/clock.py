"""Times the steps of a measured process, and prints the result."""

import gc
import json
import resource
import time


class Clock:
    """Seconds since it was created, and since the last step. The steps of `before` are reported but not counted."""

    def __init__(self, before: "Clock | None" = None) -> None:
        gc.collect()
        self._begin = self._last = time.perf_counter()
        self._cpu = time.process_time()
        self._steps: dict[str, float] = {}
        self._before = before._steps if before else {}

    def step(self, name: str) -> None:
        """The step of this name ends now."""
        now = time.perf_counter()
        self._steps[name] = round(now - self._last, 4)
        self._last = now

    def answer(self) -> None:
        """Print seconds, processor seconds, the steps and the process's peak memory as one line of JSON."""
        seconds, cpu = time.perf_counter() - self._begin, time.process_time() - self._cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer = {"seconds": seconds, "cpu": cpu, "peak_mb": peak, "steps": self._steps, "before": self._before}
        print(json.dumps(answer))
