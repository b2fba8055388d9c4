"""The dashboard and the alert rules of docs/monitoring name metrics that there are."""

import json
import re

import pytest
from ruamel.yaml import YAML

from tests.api.conftest import Running
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "docs" / "monitoring"
NAME = re.compile(r"\bhallwatch_[a-z_]+")


def expressions() -> list[str]:
    """Every expression of both files."""
    panels = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))["panels"]
    shown = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = YAML(typ="safe").load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    return shown + [rule["expr"] for rule in rules]


@pytest.mark.parametrize("expression", expressions())
def test_each_expression_asks_for_metrics_that_there_are(api: Running, expression: str) -> None:
    text = api.worker.get("/metrics").text
    there = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    for name in NAME.findall(expression):
        assert name.removesuffix("_bucket") in there, name
