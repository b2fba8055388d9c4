"""The site file: what a good one gives, and that every mistake is named with its line and a way out."""

import subprocess
import sys
from pathlib import Path

import pytest

from hallwatch.site import EXAMPLE, SiteError, limits_for, load_site, whole_frame_site
from vision.article27 import CATALOGUE

GOOD = """\
hall:
  id: hall
  name: 大厅
  name_en: Hall
  time_zone: Asia/Shanghai
windows:
  - id: "1"
    name: 1号
    name_en: Window 1
    limits:
      absence: {hold_s: 60}
cameras:
  - id: east
    name: 东
    source: east.mp4
    zones:
      "1":
        staff: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
schedule:
  monday: [["08:30", "12:00"], ["13:30", "17:00"]]
limits:
  leaning: {enabled: false}
"""


def problems_of(folder: Path, text: str | bytes) -> str:
    path = folder / "site.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SiteError) as caught:
        load_site(path)
    return str(caught.value).replace(str(path), "site.yaml")


def test_a_good_file_loads(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(GOOD, encoding="utf-8")
    site = load_site(tmp_path / "site.yaml")
    assert site.hall.name == "大厅"
    assert site.cameras[0].source == str((tmp_path / "east.mp4").resolve())
    assert site.schedule is not None
    assert site.schedule.monday == ((510, 720), (810, 1020))


def test_the_example_loads() -> None:
    site = load_site(EXAMPLE)
    assert {window.id for window in site.windows} == {"1", "2"}
    assert site.cameras[0].floor is not None


SQUARE = "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]"
MISTAKES = {
    "an unknown key": (
        "staff: ",
        "staf: ",
        "site.yaml:18: cameras[0].zones.1: there is no key `staf` here; did you mean `staff`?",
    ),
    "a key that no section has": (
        "  id: hall",
        "  id: hall\n  colour: red",
        "site.yaml:3: hall: there is no key `colour`",
    ),
    "a missing key": ("  name_en: Hall\n", "", "site.yaml:1: hall: `name_en` is missing"),
    "a zone with two corners": (
        SQUARE,
        "[[0.1, 0.1], [0.9, 0.1]]",
        "needs at least 3 corners, this one has 2",
    ),
    "a zone that crosses itself": (
        SQUARE,
        "[[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]",
        "site.yaml:18: cameras[0].zones.1.staff: the zone's outline crosses itself",
    ),
    "a zone without area": (SQUARE, "[[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]", "the zone has no area"),
    "a corner outside the picture": ("[0.9, 0.9]", "[640, 0.9]", "site.yaml:18: "),
    "a corner that is not a number": ("[0.9, 0.9]", "[nan, 0.9]", "must be a finite number"),
    "a corner of YAML's not-a-number": ("[0.9, 0.9]", "[.nan, 0.9]", "must be a number"),
    "a window named twice": (
        "cameras:",
        "  - {id: 1, name: 另, name_en: Other}\ncameras:",
        "site.yaml:12: windows[1].id: `1` is already the id of line 7",
    ),
    "a camera's unknown window": (
        '      "1":\n',
        "      one:\n",
        "site.yaml:17: cameras[0].zones.one: there is no window `one`",
    ),
    "an unknown behaviour": (
        "leaning:",
        "leening:",
        "site.yaml:22: limits.leening: there is no behaviour `leening`; did you mean `leaning`?",
    ),
    "a bad time": ('"08:30"', '"8.30"', "site.yaml:20: schedule.monday[0][0]: `8.30` is not a time of day"),
    "hours that run backwards": ('"12:00"', '"07:00"', "ends before it starts"),
    "hours that overlap": ('"13:30"', '"11:30"', "two of the day's opening hours overlap"),
    "an unknown weekday": ("  monday:", "  mondey:", "did you mean `monday`?"),
    "an unknown time zone": ("Asia/Shanghai", "Asia/Shangai", "did you mean `Asia/Shanghai`?"),
    "a hold longer than its window": ("{hold_s: 60}", "{hold_s: 60, window_s: 30}", "longer than window_s"),
    "a negative hold": ("{hold_s: 60}", "{hold_s: -1}", "site.yaml:11: windows[0].limits.absence.hold_s"),
    "a start for a live camera": (
        "source: east.mp4",
        "source: rtsp://x/1\n    starts_at: 2026-03-02T09:00:00Z",
        "starts_at is for recorded files",
    ),
    "a start without an offset": (
        "source: east.mp4",
        "source: east.mp4\n    starts_at: 2026-03-02T09:00:00",
        "needs its offset from UTC",
    ),
    "a key written twice": ("  name: 大厅\n", "  name: 大厅\n  name: 厅\n", "stands here a second time"),
    "a tab": ("  name_en: Hall\n", "\tname_en: Hall\n", "site.yaml:4: a tab indents this line"),
    "an open bracket": (SQUARE, "[[0.1, 0.1", "not valid YAML"),
    "text where a section belongs": ("leaning: {enabled: false}", "leaning: false", "must be a section"),
    "no windows at all": (
        GOOD[GOOD.index("windows:") : GOOD.index("cameras:")],
        "windows: []\n",
        "site.yaml:6: windows: must have at least one entry",
    ),
    "a region code too short": ("  id: hall", "  id: hall\n  region_code: 4502", "the 6 digits of GB/T 2260"),
    "a bad id": ("  - id: east", "  - id: ../east", "must be letters, digits"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, mistake: str) -> None:
    right, wrong, sentence = MISTAKES[mistake]
    assert right in GOOD
    assert sentence in problems_of(tmp_path, GOOD.replace(right, wrong, 1))


def test_all_mistakes_are_told_at_once_and_each_only_once(tmp_path: Path) -> None:
    text = GOOD.replace("staff:", "staf:").replace("leaning", "leening").replace("Shanghai", "Shangai")
    lines = problems_of(tmp_path, text).splitlines()
    assert [line.split(":")[1] for line in lines] == ["5", "18", "22"]


FLOOR = """\
    floor:
      points:
        - {at: [0.1, 0.1], m: [0, 0]}
        - {at: [0.9, 0.1], m: [4, 0]}
        - {at: [0.9, 0.9], m: [4, 3]}
        - {at: [0.1, 0.9], m: [0, 3]}
"""


def with_floor(floor: str) -> str:
    return GOOD.replace("schedule:\n", floor + "schedule:\n")


def test_a_floor_of_three_points_is_refused(tmp_path: Path) -> None:
    three = FLOOR.replace("        - {at: [0.1, 0.9], m: [0, 3]}\n", "")
    assert "at least 4 measured points, there are 3" in problems_of(tmp_path, with_floor(three))


def test_a_floor_measured_along_one_line_is_refused(tmp_path: Path) -> None:
    flat = FLOOR.replace("m: [4, 3]", "m: [2, 0]").replace("m: [0, 3]", "m: [1, 0]")
    assert "lie on one line" in problems_of(tmp_path, with_floor(flat))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no sections"),
        ("just text", "no sections"),
        ("# only a comment\n", "no sections"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(
                f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
            ),
            "aliases may multiply",
        ),
        ("a: &a [*a]\n", "nested deeper"),
        ("[" * 400 + "]" * 400, "nested deeper"),
        ("x: " + "y" * 600_000, "larger than 512 KiB"),
        ("a: 1\n---\nb: 2\n", "not valid YAML"),
        ("? [a, b]\n: c\n", "a key must be plain text"),
        ("hall: !!python/object/apply:os.system [true]\n", "hall: must be a section"),
    ],
    ids=["empty", "text", "comment", "bomb", "snake", "deep", "large", "two", "key", "tag"],
)
def test_hostile_and_empty_files_get_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in problems_of(tmp_path, text)


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    assert "site.yaml:3: the text is not UTF-8" in problems_of(tmp_path, GOOD.encode("gbk"))


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="hallwatch site example"):
        load_site(tmp_path / "none.yaml")


def test_a_password_in_a_source_is_not_in_the_sites_text() -> None:
    assert "canary" not in repr(whole_frame_site("rtsp://admin:canary@10.0.0.1/1"))


def test_the_whole_frame_is_one_windows_staff_zone() -> None:
    site = whole_frame_site("0")
    assert site.cameras[0].zones["1"].staff == ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert limits_for(site, "1", "queue_line") is None
    assert limits_for(site, "1", "absence") == CATALOGUE["absence"].limits


def test_a_windows_limits_win_over_the_halls(tmp_path: Path) -> None:
    text = GOOD.replace("  leaning: {enabled: false}", "  absence: {hold_s: 300, gap_s: 7}")
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    limits = limits_for(load_site(tmp_path / "site.yaml"), "1", "absence")
    assert limits is not None
    assert (limits.hold_s, limits.window_s, limits.gap_s) == (60, 70, 7)


def test_checking_a_site_says_when_its_floor_contradicts_itself(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    moved = text.replace("m: [4.0, 0.0]", "m: [1.0, 2.9]")
    assert moved != text
    site = tmp_path / "site.yaml"
    site.write_text(moved, encoding="utf-8")
    command = [sys.executable, "-m", "hallwatch", "site", "check", str(site)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 2
    assert "camera counter-east" in answer.stderr
    assert "Traceback" not in answer.stderr
