"""What this process holds of the system: for tests that something does not leak."""

import gc
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessUse:
    """Open files, threads, and memory in use (MB)."""

    files: int
    threads: int
    memory_mb: float


def process_use(pid: int | str = "self") -> ProcessUse:
    """The use of a process as the kernel counts it; of this one after its garbage is collected."""
    if pid == "self":
        gc.collect()
    status = Path(f"/proc/{pid}/status").read_text()
    found = {name: int(value) for name, value in re.findall(r"^(Threads|VmRSS):\s+(\d+)", status, re.M)}
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return ProcessUse(files, found["Threads"], found["VmRSS"] / 1024)
