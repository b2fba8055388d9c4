"""A script with a mistake is answered with its line and what was probably meant."""

from pathlib import Path

import pytest

from datasets.script import ScriptError, Walking, parse_script, read_script

GOOD = """\
hall: willow
camera: corner
duration_s: 20
people:
  clerk:
    figure: 3
    does:
      0: type
      5: phone_call
  visitor:
    side: public
    start: [0.5, 4.0]
    does:
      0: {walk: [[0.2, 2.0], [0.1, 0.4]], facing: counter}
      6: at_counter
"""


def test_a_good_script_is_read_whole() -> None:
    script = parse_script(GOOD, "morning.yaml")
    assert script.name == "morning"
    assert script.people["clerk"].does == {0.0: "type", 5.0: "phone_call"}
    walking = script.people["visitor"].does[0.0]
    assert isinstance(walking, Walking)
    assert walking.walk[-1] == (0.1, 0.4)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "hint"),
    [
        ("phone_call", "phone_cal", 9, "did you mean 'phone_call'"),
        ("hall: willow", "hall: wilow", 1, "did you mean 'willow'"),
        ("camera: corner", "camera: ceiling", 2, "known are corner"),
        ("figure: 3", "figur: 3", 6, "did you mean 'figure'"),
        ("duration_s: 20", "duration_s: -3", 3, "greater than 0"),
        ("duration_s: 20\n", "", 1, "duration_s is missing"),
        ("at_counter", "arms_crossed", 15, "activity of the public"),
        ("    start: [0.5, 4.0]\n", "", 10, "start: [0.5, 5.0]"),
        ("facing: counter", "facing: counte", 14, "'counter'"),
        ("0: type", "0: [type", 9, "not YAML"),
        ("5: phone_call", "five: phone_call", 9, "number"),
    ],
)
def test_one_mistake_is_named_with_its_line(right: str, wrong: str, line: int, hint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(GOOD.replace(right, wrong, 1), "morning.yaml")
    assert str(caught.value).startswith(f"morning.yaml, line {line}:")
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("acts", "hint"),
    [
        ("5: {leave: left}\n      9: type", "first comes back"),
        ("5: {walk: [[1.0, -2.0]]}\n      9: type", "stands"),
        ("5: {walk: [[1.0, -2.0]]}\n      9: {leave: left}", "only from the seat"),
    ],
)
def test_nobody_works_where_there_is_no_seat(acts: str, hint: str) -> None:
    with pytest.raises(ScriptError, match=hint):
        parse_script(GOOD.replace("5: phone_call", acts), "morning.yaml")


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read"):
        read_script(tmp_path / "none.yaml")


def test_an_empty_file_is_a_sentence() -> None:
    with pytest.raises(ScriptError, match="a script is a list of keys"):
        parse_script("", "empty.yaml")


def test_all_scripts_that_come_with_the_project_are_good() -> None:
    folder = Path(__file__).resolve().parents[2] / "datasets/scripts"
    scripts = [read_script(path) for path in sorted(folder.glob("*.yaml"))]
    assert len(scripts) >= 10
