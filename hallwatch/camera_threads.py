"""Several cameras in one process: a thread each, and one set of networks.

A camera that fails is begun again by itself; one that only a person can mend is given up, and the others go
on. What brings the whole process down is the parent's to mend.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence

import structlog

from calibration.errors import CalibrationError
from cameras.errors import CameraError
from hallwatch.delivery import BackOff
from hallwatch.spool import SpoolError, SpoolNotWritableError
from hallwatch.work_plan import WorkPlan
from models.errors import ModelsError

_log = structlog.get_logger(__name__)

HOPELESS = (CalibrationError, CameraError, ModelsError, SpoolError)
"""Beginning again would say the same."""

AGAIN = BackOff(first_s=0.5, most_s=30.0)
SETTLED_S = 60.0
STOP_S = 4.0
"""A clip is finished at once; only a camera that is silent at that moment holds its thread up for longer."""

Watch = Callable[[WorkPlan, threading.Event], None]
"""Watches one camera until the event is set."""


class CameraThreads:
    """Watches cameras until `stop` is set, or none can be watched."""

    def __init__(self, plans: Sequence[WorkPlan], watch: Watch, stop: threading.Event) -> None:
        self._watch = watch
        self._stop = stop
        self._errors: dict[str, Exception] = {}
        # Daemons: one that waits for a silent camera must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._keep, args=(plan,), name=f"camera {plan.camera.id}", daemon=True)
            for plan in plans
        ]

    def run(self) -> None:
        """Watch them all. Raises the error of a camera when none is left that could be watched."""
        for thread in self._threads:
            thread.start()
        while not self._stop.wait(0.5) and len(self._errors) < len(self._threads):
            pass
        deadline_s = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(max(deadline_s - time.monotonic(), 0.01))
        if self._errors and len(self._errors) == len(self._threads):
            raise next(iter(self._errors.values()))

    def _keep(self, plan: WorkPlan) -> None:
        failures = 0
        while not self._stop.is_set():
            began_s = time.monotonic()
            try:
                self._watch(plan, self._stop)
                error: Exception | None = None
            except SpoolNotWritableError as full:  # somebody makes room, and it goes on
                error = full
            except HOPELESS as hopeless:
                self._give_up(plan, hopeless)
                return
            except Exception as unexpected:  # noqa: BLE001  one camera's defect must not cost the others
                error = unexpected
            if self._stop.is_set():
                return
            failures = 1 if time.monotonic() - began_s > SETTLED_S else failures + 1
            pause_s = AGAIN.pause_s(failures, random.random())
            _log.error(
                "a camera's work broke off and is begun again",
                camera=plan.camera.id,
                in_s=round(pause_s, 1),
                exc_info=error,
            )
            self._stop.wait(pause_s)

    def _give_up(self, plan: WorkPlan, error: Exception) -> None:
        _log.error("a camera cannot be watched", camera=plan.camera.id, reason=str(error))
        self._errors[plan.camera.id] = error
