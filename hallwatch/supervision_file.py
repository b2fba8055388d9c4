"""The file that says how the hall speaks to the city's platform: checked, every problem with its line."""

from pathlib import Path

from pydantic import ValidationError

from api.outbound import Place, PlaceError, require_reachable
from api.supervision.messages import SupervisionTemplateError, check_template
from api.supervision.rules import SupervisionRules
from hallwatch.checked_yaml import Problem, duplicate, problems_of
from hallwatch.settings import SettingsError
from hallwatch.yaml_lines import YamlError, read_lined_yaml

EXAMPLE = Path(__file__).with_name("example-supervision.yaml")


def load_supervision(path: Path) -> SupervisionRules:
    """Read and check it; relative paths count from its folder. Raises `SettingsError` with all problems."""
    try:
        lined = read_lined_yaml(path)
    except YamlError as error:
        raise _refused(path, [Problem(error.line, "", str(error))]) from None
    except OSError as error:
        raise SettingsError(
            f"HALLWATCH_SUPERVISION: {path} cannot be read ({error.strerror}); "
            "`hallwatch supervision example` prints one"
        ) from None
    problems = [duplicate(location, line) for location, line in lined.duplicates]
    try:
        rules = SupervisionRules.model_validate(lined.value)
    except ValidationError as error:
        raise _refused(path, problems + problems_of(error, lined, SupervisionRules)) from None
    if problems:
        raise _refused(path, problems)
    found = _resolved(rules, path.parent)
    try:
        check_template(found)
    except SupervisionTemplateError as error:
        raise _refused(path, [Problem(lined.line_of(("template",)), "template", str(error))]) from None
    return found


def check_address(rules: SupervisionRules, outbound: tuple[Place, ...]) -> None:
    """Raise `SettingsError` where the address may not be sent to."""
    if rules.https is None:
        return
    try:
        require_reachable(rules.https.address, outbound)
    except PlaceError as error:
        raise SettingsError(f"HALLWATCH_SUPERVISION: https: {error}") from None


def _resolved(rules: SupervisionRules, folder: Path) -> SupervisionRules:
    update: dict[str, object] = {}
    if rules.template is not None:
        update["template"] = (folder / rules.template).resolve()
    if rules.folder is not None:
        way = rules.folder.model_copy(update={"path": (folder / rules.folder.path).resolve()})
        update["folder"] = way
    return rules.model_copy(update=update)


def _refused(path: Path, problems: list[Problem]) -> SettingsError:
    ordered = sorted(problems, key=lambda problem: problem.line)
    return SettingsError("\n".join(f"{path}:{problem.line}: {problem}" for problem in ordered))
