"""Commands that run no network load no engine: `hallwatch --help` must not take a second."""

import subprocess
import sys

from tests.conftest import REPOSITORY

LOADED = """
import sys
import models.commands
engines = {"onnxruntime", "ai_edge_litert.interpreter", "mediapipe", "cv2"}
print(sorted(engines & set(sys.modules)))
"""


def test_the_commands_load_no_engine_until_they_need_one() -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=REPOSITORY, timeout=60
    )
    assert said.stdout.strip() == "[]"
