"""`hallwatch supervision …` and `hallwatch platform-simulator`: the city's platform, connected and tried."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from hallwatch.settings import SettingsError
from hallwatch.supervision_file import EXAMPLE, load_supervision

app = typer.Typer(no_args_is_help=True, help="电子监察对接。 The city's supervision platform.")


@app.command("example")
def example_command() -> None:
    """打印示例文件。 Print an example of the file."""
    typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="对接文件。 The file.")],
) -> None:
    """检查对接文件。 Check the file; every problem with its line."""
    rules = load_supervision(file.absolute())
    Console(soft_wrap=True).print(f"可用 good: {', '.join(rules.ways)}, {rules.format}", highlight=False)


@app.command("template")
def template_command(
    form: Annotated[Literal["xml", "json"], typer.Argument(help="格式。 The form.")] = "xml",
) -> None:
    """打印内置模板。 Print our template, to make one of your own of it."""
    from api.supervision.messages import TEMPLATES

    typer.echo((TEMPLATES / f"message.{form}.j2").read_text(encoding="utf-8"), nl=False)


def simulator_command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。 Where it listens.")] = 8790,
    token: Annotated[
        str | None,
        typer.Option(envvar="HALLWATCH_SUPERVISION_TOKEN", help="口令。 The token that it demands."),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Option(metavar="URL", help="把回执送回此处。 Send answers to hallwatch at this address."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="HALLWATCH_API_KEY", help="有“电子监察”权限的密钥。 A key to answer with."),
    ] = None,
) -> None:
    """运行电子监察模拟平台,供联调。 Run a platform to try things with, on this machine alone."""
    import uvicorn

    from api.supervision.simulator import answering, simulator

    if answer is not None and key is None:
        raise SettingsError("--answer needs --key (or HALLWATCH_API_KEY)")
    back = answering(answer, key) if answer and key else None
    typer.echo(f"platform simulator  http://127.0.0.1:{port}")
    uvicorn.run(simulator(token, back), host="127.0.0.1", port=port, log_level="warning")
