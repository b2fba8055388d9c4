"""`hallwatch models export WEIGHTS.pt`: weights of Ultralytics' YOLO made into an ONNX network.

Ultralytics is AGPL-3.0 and runs in a process of its own, in the environment of the extra `train`; hallwatch
imports none of it. What it exports carries the same licence, and is imported with it.
"""

import os
import subprocess
import sys
from pathlib import Path

from models.errors import ExportFailed

OFFLINE = {"YOLO_OFFLINE": "true", "YOLO_VERBOSE": "false"}
"""Its usage reports and downloads are on by default."""

MISSING = 3
SCRIPT = f"""
import importlib.util, sys
if importlib.util.find_spec("ultralytics") is None or importlib.util.find_spec("torch") is None:
    sys.exit({MISSING})
from ultralytics import YOLO
model = YOLO(sys.argv[1])
made = model.export(format="onnx", imgsz=int(sys.argv[2]), dynamic=False, half=False, simplify=False)
print(made)
"""


def export(weights: Path, size: int = 640, python: str = sys.executable) -> Path:
    """Make `weights` into an ONNX file beside them that takes squares of `size` pixels; answers where.

    Raises:
        ExportFailed: the extra `train` is not installed, or the weights cannot be exported.
    """
    if not weights.is_file():
        raise ExportFailed(f"There is no file {weights}: check the name of the weights.")
    done = subprocess.run(
        [python, "-c", SCRIPT, str(weights.absolute()), str(size)],
        env={**os.environ, **OFFLINE},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == MISSING:
        raise ExportFailed("Ultralytics is not installed: run `pip install 'hallwatch[train]'`.")
    lines = done.stdout.strip().splitlines()
    made = Path(lines[-1]) if lines and done.returncode == 0 else weights.with_suffix(".onnx")
    if done.returncode != 0 or not made.is_file():
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ExportFailed(f"Ultralytics could not export {weights}: {why}")
    return made
