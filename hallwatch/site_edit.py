"""Writing into a site file what was measured, without losing anybody's comments."""

import os
import shutil
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from hallwatch.checked_yaml import Problem
from hallwatch.site import SiteError, load_site


def floor_yaml(floor: Mapping[str, Any]) -> str:
    """A floor as the lines of a site file, to paste under its camera."""
    stream = StringIO()
    _yaml().dump({"floor": _styled(floor)}, stream)
    return stream.getvalue()


def write_floor(site_file: Path, camera: str, floor: Mapping[str, Any]) -> Path:
    """Put a camera's floor into a site file; returns where the file before was kept.

    The new file is checked before it takes the old one's place. Raises `SiteError` when there is no such
    camera or the floor does not fit the site; the file then stays as it was.
    """
    load_site(site_file)
    document = _yaml().load(site_file.read_text(encoding="utf-8"))
    entry = next((one for one in document["cameras"] if str(one["id"]) == camera), None)
    if entry is None:
        known = ", ".join(str(one["id"]) for one in document["cameras"])
        raise SiteError(
            site_file, (Problem(1, "cameras", f"there is no camera `{camera}`; there are {known}"),)
        )
    entry["floor"] = _styled(floor)
    return _replaced(site_file, document)


def add_camera(site_file: Path, camera: Mapping[str, Any]) -> Path:
    """Put one more camera at the end of a site file's; returns where the file before was kept.

    As with `write_floor`, nothing changes where the new file would not be right. Raises `SiteError`.
    """
    site = load_site(site_file)
    known = {one.id for one in site.cameras}
    if camera["id"] in known:
        problem = Problem(1, "cameras", f"there is a camera `{camera['id']}` already; choose another --id")
        raise SiteError(site_file, (problem,))
    document = _yaml().load(site_file.read_text(encoding="utf-8"))
    document["cameras"].append(CommentedMap(camera))
    return _replaced(site_file, document)


def _replaced(site_file: Path, document: CommentedMap) -> Path:
    fresh = site_file.with_name(f"{site_file.name}.new")
    with open(fresh, "w", encoding="utf-8", opener=_for_us_alone) as stream:
        _yaml().dump(document, stream)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        load_site(fresh)
    except SiteError:
        fresh.unlink()
        raise
    before = site_file.with_name(f"{site_file.name}.before")
    shutil.copy2(site_file, before)
    shutil.copymode(site_file, fresh)
    fresh.replace(site_file)
    return before


def _for_us_alone(path: str, flags: int) -> int:
    """A site file may hold cameras' passwords."""
    return os.open(path, flags, 0o600)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _styled(value: Any) -> Any:
    """Sections as blocks, lists of numbers and single points on one line."""
    if isinstance(value, Mapping):
        section = CommentedMap((key, _styled(inner)) for key, inner in value.items() if inner is not None)
        if not any(isinstance(inner, list | tuple) and _nested(inner) for inner in value.values()):
            section.fa.set_flow_style()
        return section
    if isinstance(value, list | tuple):
        entries = CommentedSeq(_styled(inner) for inner in value)
        if not any(isinstance(inner, Mapping) for inner in value):
            entries.fa.set_flow_style()
        return entries
    return round(value, 5) if isinstance(value, float) else value


def _nested(values: list[Any] | tuple[Any, ...]) -> bool:
    return any(isinstance(inner, Mapping) for inner in values)
