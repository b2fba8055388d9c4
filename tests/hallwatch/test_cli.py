"""The command line: one sentence for what a person can put right, and an exit code that says so."""

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest


def hallwatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hallwatch", *arguments]
    surroundings = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=surroundings)


def test_the_example_passes_the_check(tmp_path: Path) -> None:
    example = hallwatch("site", "example")
    (tmp_path / "site.yaml").write_text(example.stdout, encoding="utf-8")
    assert hallwatch("site", "check", str(tmp_path / "site.yaml")).returncode == 0


MISTAKES = {
    "a site file that is missing": (["site", "check", "none.yaml"], {}, "none.yaml:1: "),
    "a site file that is missing, for up": (["up", "--site", "none.yaml"], {}, "none.yaml:1: "),
    "a site and a source": (["up", "--site", "a", "--source", "b"], {}, "exclude each other"),
    "a bad port": (["serve"], {"HALLWATCH_PORT": "x"}, "HALLWATCH_PORT"),
    "a data folder that cannot be": (["up", "--source", "0", "--data", "/proc/none"], {}, "/proc/none"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_a_sentence_and_exit_code_2(mistake: str) -> None:
    arguments, environment, sentence = MISTAKES[mistake]
    done = hallwatch(*arguments, **environment)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_command_gets_exit_code_2() -> None:
    assert hallwatch("watch").returncode == 2


def test_the_version_is_the_distributions() -> None:
    assert hallwatch("--version").stdout == f"hallwatch {version('hallwatch')}\n"


def test_an_interrupt_gives_130() -> None:
    wait = "@c.app.command()\ndef wait():\n print('on', flush=True)\n input()\n"
    script = f"import hallwatch.cli as c\n{wait}c.main()"
    running = subprocess.Popen(
        [sys.executable, "-c", script, "wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "on\n"
        running.send_signal(signal.SIGINT)
        _, complaint = running.communicate(timeout=20)
    assert running.returncode == 130
    assert complaint == ""


def set_password(folder: Path, password: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hallwatch", "password", "--stdin", "--data", str(folder)]
    return subprocess.run(
        command, input=f"{password}\n", capture_output=True, text=True, timeout=60, check=False
    )


def test_a_password_below_twelve_characters_is_refused(tmp_path: Path) -> None:
    done = set_password(tmp_path, "short")
    assert done.returncode == 2
    assert "12 to 256 characters" in done.stderr


def test_a_password_is_set_and_nowhere_kept_as_it_is(tmp_path: Path) -> None:
    done = set_password(tmp_path, "correct horse battery")
    assert (done.returncode, done.stdout) == (0, "")
    assert not any(b"correct horse" in file.read_bytes() for file in tmp_path.iterdir())
