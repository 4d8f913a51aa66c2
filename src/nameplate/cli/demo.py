"""``nameplate demo``: the worked example, three contracts out of a press report."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

import click

from nameplate.tracing.run.options import RunOptions


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that gets the tables; a temporary one, removed again, where it is left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(out: Path | None, as_json: bool) -> None:
    """Trace the bundled example: what a newspaper reported of three councils' CCTV in 2021.

    The records are constructed from the report and say so wherever they are shown.
    """
    from nameplate.cli.trace import run_and_show

    with ExitStack() as stack:
        example = resources.files("nameplate") / "examples" / "press_2021"
        folder = stack.enter_context(resources.as_file(example))
        into = out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = tuple(str(folder / name) for name in ("records.json", "statements.jsonl"))
        code = run_and_show(RunOptions(paths=files, out=into), as_json=as_json)
        if out is None and not as_json:
            click.echo("(That was a temporary folder: --out DIR keeps it.)")
    sys.exit(code)
