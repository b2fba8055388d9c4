"""No password in any log line, wherever it hides."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hallwatch.logs import configure_logs


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_password_is_in_no_output(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", form)  # type: ignore[arg-type]
    logger = structlog.get_logger("hallwatch")
    logger.info("opening rtsp://u:birdsong@h/1", source="rtsp://u:birdsong@h/1", worker_key="birdsong")
    logger.info(
        "deep",
        inner={"password": "birdsong", "list": ["rtsp://u:birdsong@h"]},
        at=OSError("rtsp://u:birdsong@h"),
    )
    logging.getLogger("library").warning("cannot open %s", "rtsp://u:birdsong@h/1")
    try:
        raise OSError("rtsp://u:birdsong@h/1")
    except OSError:
        logger.exception("failed")
        logging.getLogger("library").exception("failed too")
    written = capsys.readouterr().err
    assert "birdsong" not in written
    assert written.count("***") >= 7


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    structlog.get_logger("hallwatch").info("大厅", number=1)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["number"], line["level"]) == ("大厅", 1, "info")
