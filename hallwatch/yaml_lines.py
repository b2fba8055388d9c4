"""YAML as plain text values, with the line each of them stands on.

Scalars stay text: what `08:30`, `no` or `450202` means is decided by the field that holds it, so none of
YAML's guesses about types applies. Bombs made of aliases, endless files and deep nesting are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 512 * 1024
MAX_VALUES = 50_000
MAX_DEPTH = 24

Location = tuple[str | int, ...]
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))


class YamlError(Exception):
    """The text is no YAML that can be read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class LinedYaml:
    """The values of a document, the line of each (by its path), and keys that stand twice."""

    value: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    duplicates: list[tuple[Location, int]] = field(default_factory=list)

    def line_of(self, location: Location) -> int:
        """The line of a value, or of the nearest one around it."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return 1


def read_lined_yaml(path: Path) -> LinedYaml:
    """Read a YAML file.

    Raises OSError when it cannot be read, `YamlError` when it is not YAML, too large or nested too deep.
    """
    with path.open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise YamlError(1, f"the file is larger than {MAX_BYTES // 1024} KiB; a site file is much smaller")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlError(line, "the text is not UTF-8; save the file as UTF-8") from None
    return parse_lined_yaml(text)


def parse_lined_yaml(text: str) -> LinedYaml:
    """Parse YAML text; see `read_lined_yaml`."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _explained(error, text) from None
    except YAMLError as error:
        raise YamlError(1, f"the file is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise YamlError(1, f"values are nested deeper than {MAX_DEPTH} levels") from None
    lined = LinedYaml()
    if root is not None:
        lined.value = _Builder(lined).build(root, ())
    return lined


def _explained(error: MarkedYAMLError, text: str) -> YamlError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return YamlError(line, "a tab indents this line; YAML wants spaces")
    problem = " ".join(str(error.problem or error.context or "cannot be read").split())
    return YamlError(line, f"not valid YAML: {problem}")


class _Builder:
    """Turns nodes into values, counting them: an alias is paid for each time it is used."""

    def __init__(self, lined: LinedYaml) -> None:
        self._lined = lined
        self._count = 0

    def build(self, node: Node, location: Location) -> object:
        line = node.start_mark.line + 1
        self._lined.lines.setdefault(location, line)
        self._count += 1
        if self._count > MAX_VALUES:
            raise YamlError(line, f"more than {MAX_VALUES} values; aliases may multiply them")
        if len(location) > MAX_DEPTH:
            raise YamlError(line, f"values are nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, MappingNode):
            return self._mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*location, index)) for index, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, location: Location) -> Mapping[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise YamlError(line, "a key must be plain text")
            key = str(key_node.value)
            if key in values:
                self._lined.duplicates.append(((*location, key), line))
                continue
            self._lined.lines[(*location, key)] = line
            values[key] = self.build(value_node, (*location, key))
        return values


def _scalar(node: Node) -> str | None:
    plain = isinstance(node, ScalarNode) and node.style is None
    if plain and node.value in _NOTHING:
        return None
    return str(node.value)
