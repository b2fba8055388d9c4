"""The site file: read, checked as a whole, every problem named with its line and a way out."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cameras.source import Source
from hallwatch.checked_yaml import Problem, closest, duplicate, problems_of, written
from hallwatch.site_models import Camera, Hall, LimitChanges, Site, Window, WindowZones
from hallwatch.yaml_lines import LinedYaml, YamlError, read_lined_yaml
from vision.article27 import CATALOGUE, Limits

EXAMPLE = Path(__file__).with_name("example-site.yaml")


class SiteError(Exception):
    """A site file that cannot be used; the text has one line a problem, `file:line: what`."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{path}:{problem.line}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems


def load_site(path: Path) -> Site:
    """Read and check a site file.

    Relative paths of recorded files count from the site file's folder. Raises `SiteError` with all problems.
    """
    try:
        lined = read_lined_yaml(path)
    except YamlError as error:
        raise SiteError(path, (Problem(error.line, "", str(error)),)) from None
    except OSError as error:
        message = f"the site file cannot be read ({error.strerror}); `hallwatch site example` prints one"
        raise SiteError(path, (Problem(1, "", message),)) from None
    site, problems = _checked(lined)
    if site is None or problems:
        raise SiteError(path, tuple(sorted(problems, key=lambda problem: problem.line)))
    return _resolved(site, path.parent)


def whole_frame_site(source: str) -> Site:
    """A site for one source: one window whose staff zone is the whole picture, without a measured floor."""
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return Site(
        hall=Hall(
            id="demo",
            name="演示大厅",
            name_en="Demo hall",
            time_zone="Asia/Shanghai",
            camera_records="optional",
        ),
        windows=(Window(id="1", name="1号窗口", name_en="Window 1"),),
        cameras=(Camera(id="1", name="1号摄像机", source=source, zones={"1": WindowZones(staff=whole)}),),
        limits={"queue_line": LimitChanges(enabled=False)},
    )


TRIAL_ABSENCE = LimitChanges(hold_s=5, window_s=6, gap_s=1, cooldown_s=2)
"""A recording of a minute shows no absence of three; on trial five seconds stand for it."""


def trial_site(source: str) -> Site:
    """The site to try hallwatch on one source without a site file.

    A camera is judged by the regulation's limits. A recording is played over and over with an absence
    flagged after five seconds, which its window's name says.
    """
    site = whole_frame_site(source)
    if Source.parse(source).is_live:
        return site
    window = site.windows[0].model_copy(
        update={"name": "试看窗口(离岗5秒即标记)", "name_en": "Trial window (absence after 5 s)"}
    )
    limits = {**site.limits, "absence": TRIAL_ABSENCE}
    return site.model_copy(update={"windows": (window,), "limits": limits})


def limits_for(site: Site, window: str, code: str) -> Limits | None:
    """The limits of a behaviour at a window, the window's own before the hall's before the catalogue's.

    None when it is switched off. A longer hold without a window of its own keeps the catalogue's slack.
    """
    own = next(entry.limits for entry in site.windows if entry.id == window)
    changes: dict[str, Any] = {}
    for table in (site.limits, own):
        if code in table:
            changes |= table[code].model_dump(exclude_none=True)
    if not changes.pop("enabled", True):
        return None
    default = CATALOGUE[code].limits
    # What the permits call the limit is the hold of the rule that it is the limit of.
    default_hold_s = site.permits.limit_min * 60 if code == "empty_post" else default.hold_s
    hold_s = changes.get("hold_s", default_hold_s)
    slack_s = default.window_s - default.hold_s
    window_s = max(changes.get("window_s", hold_s + slack_s), hold_s)
    return Limits(
        hold_s=hold_s,
        window_s=window_s,
        gap_s=changes.get("gap_s", default.gap_s),
        cooldown_s=changes.get("cooldown_s", default.cooldown_s),
        score=changes.get("score", default.score),
        blind_s=default.blind_s,
    )


def _checked(lined: LinedYaml) -> tuple[Site | None, list[Problem]]:
    if not isinstance(lined.value, dict):
        message = "the site file has no sections; `hallwatch site example` prints one to start from"
        return None, [Problem(1, "", message)]
    problems = [duplicate(location, line) for location, line in lined.duplicates]
    problems += _cross_problems(lined)
    try:
        return Site.model_validate(lined.value), problems
    except ValidationError as error:
        return None, problems + problems_of(error, lined, Site)


def _cross_problems(lined: LinedYaml) -> Iterator[Problem]:
    """What only shows when sections are read together; works on values that may be wrong otherwise."""
    root = lined.value if isinstance(lined.value, dict) else {}
    yield from _named_twice(root, "windows", lined)
    yield from _named_twice(root, "cameras", lined)
    known = {str(entry.get("id")) for _, entry in _entries(root, "windows")}
    for index, camera in _entries(root, "cameras"):
        zones = camera.get("zones")
        for window in zones if isinstance(zones, dict) else ():
            if window not in known:
                location = ("cameras", index, "zones", window)
                message = f"there is no window `{window}`"
                yield Problem(lined.line_of(location), written(location), message, closest(window, known))


def _named_twice(root: Mapping[str, object], section: str, lined: LinedYaml) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, entry in _entries(root, section):
        name, line = str(entry.get("id")), lined.line_of((section, index, "id"))
        if name in seen:
            location = written((section, index, "id"))
            yield Problem(line, location, f"`{name}` is already the id of line {seen[name]}")
        seen.setdefault(name, line)


def _entries(root: Mapping[str, object], section: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    entries = root.get(section)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and entry.get("id") is not None:
            yield index, entry


def _resolved(site: Site, folder: Path) -> Site:
    cameras = tuple(
        camera.model_copy(update={"source": _resolved_source(camera.source, folder)})
        for camera in site.cameras
    )
    return site.model_copy(update={"cameras": cameras})


def _resolved_source(source: str, folder: Path) -> str:
    if "://" in source or Source.parse(source).is_live:
        return source
    return str((folder / source).resolve())
