"""`hallwatch site …`: check a site file, print one to start from."""

from pathlib import Path
from typing import Annotated

import typer

from hallwatch.site import EXAMPLE, load_site

app = typer.Typer(
    no_args_is_help=True, help="站点文件:检查、示例。 The site file: check it, print an example."
)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="站点文件。 The file to check.")],
) -> None:
    """检查站点文件。 Say everything that is wrong in a site file, each with its line."""
    site = load_site(file)
    typer.echo(f"{file}: 正确 right ({len(site.windows)} windows, {len(site.cameras)} cameras)")


@app.command("example")
def example() -> None:
    """输出带注释的示例。 Print a commented example."""
    typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
