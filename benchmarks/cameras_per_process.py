"""What one more camera costs a process in memory, and what a whole process of its own would.

    python benchmarks/cameras_per_process.py [--seconds 40]

Starts `hallwatch work` (without an API: what it tells stays in its spool) on 1, 2, 4 and 7 cameras of the
demo hall, and reads its own share of memory (PSS) from the kernel once it is in its stride.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

DEMO = Path(__file__).resolve().parent.parent / "datasets" / "clips" / "site.yaml"
COUNTS = (1, 2, 4, 7)


def pss_mb(pid: int) -> float:
    """Memory of a process, what it shares with others divided among them."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(cameras: list[str], seconds: float) -> tuple[float, float]:
    """Memory (MB) and processor (cores) of one process with these cameras."""
    with tempfile.TemporaryDirectory() as data:
        words = [word for camera in cameras for word in ("--camera", camera)]
        command = [sys.executable, "-m", "hallwatch", "work", "--site", str(DEMO), "--data", data, *words]
        surroundings = {**os.environ, "HALLWATCH_WORKER_KEY": "k" * 43, "HALLWATCH_LOG_LEVEL": "ERROR"}
        process = subprocess.Popen([*command, "--api", "http://127.0.0.1:9"], env=surroundings)
        time.sleep(seconds / 2)
        before_s = cpu_s(process.pid)
        time.sleep(seconds / 2)
        found = pss_mb(process.pid), (cpu_s(process.pid) - before_s) / (seconds / 2)
        process.terminate()
        process.wait(20)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    seconds = parser.parse_args().seconds
    names = re.findall(r"^  - id: (\S+)$", DEMO.read_text(encoding="utf-8"), re.MULTILINE)
    found = []
    for count in COUNTS:
        memory, cores = measured(names[:count], seconds)
        found.append(memory)
        print(f"{count} cameras: {memory:6.1f} MB, {cores:.2f} cores")
    print(f"each camera more: {np.polyfit(COUNTS, found, 1)[0]:.1f} MB")


if __name__ == "__main__":
    main()
