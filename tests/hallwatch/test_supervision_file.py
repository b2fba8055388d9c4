"""The file of the supervision platform: its example is good, and what is wrong is named with its line."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.outbound import Place
from hallwatch.settings import SettingsError
from hallwatch.supervision_file import EXAMPLE, check_address, load_supervision

GOOD = """region_code: "450202"
behaviour_codes: {phone_use: "A1"}
folder: {path: out}
"""


def loaded(tmp_path: Path, text: str) -> str:
    """What is said of a file; nothing where it is good."""
    path = tmp_path / "supervision.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_supervision(path)
    except SettingsError as error:
        return str(error)
    return ""


def test_the_example_is_good_and_a_relative_folder_counts_from_the_file(tmp_path: Path) -> None:
    assert load_supervision(EXAMPLE).ways == ("https",)
    path = tmp_path / "supervision.yaml"
    path.write_text(GOOD, encoding="utf-8")
    found = load_supervision(path)
    assert found.folder is not None
    assert found.folder.path == tmp_path / "out"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "fomat: json\n", ":4: there is no key `fomat` here; did you mean `format`?"),
        (GOOD.replace("phone_use", "phone_us"), "there is no behaviour `phone_us`"),
        (GOOD.replace("450202", "45"), "6 digits"),
        ('region_code: "450202"\n', "no way is named"),
        (GOOD + "grades:\n  - {grade: purple}\n", ":5: grades[0].grade"),
        (GOOD + "template: missing.j2\n", ":4: template"),
        (GOOD + "folder: {path: other}\n", "a second time"),
        ("- 1\n", ""),
        ("a: [" * 200, ":1:"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    found = loaded(tmp_path, text)
    assert found
    assert said in found


def test_a_template_of_ones_own_is_tried_before_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "own.j2").write_text("{{ mesage }}", encoding="utf-8")
    assert "mesage" in loaded(tmp_path, GOOD + "template: own.j2\n")
    (tmp_path / "own.j2").write_text("{{ ''.__class__.__mro__ }}", encoding="utf-8")
    assert "unsafe" in loaded(tmp_path, GOOD + "template: own.j2\n")
    (tmp_path / "own.j2").write_text("{{ message }};{{ grade or '' }}", encoding="utf-8")
    assert loaded(tmp_path, GOOD + "template: own.j2\n") == ""


def test_an_address_that_is_not_listed_stops_the_start() -> None:
    rules = load_supervision(EXAMPLE)
    with pytest.raises(SettingsError, match="HALLWATCH_OUTBOUND"):
        check_address(rules, ())
    check_address(rules, (Place.parse("supervision.example"),))


def test_the_commands_print_an_example_that_they_find_good(tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "hallwatch", "supervision", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    path = tmp_path / "mine.yaml"
    path.write_text(said("example"), encoding="utf-8")
    assert "https, xml" in said("check", str(path))
    assert "<Head>" in said("template", "xml")
