"""`flask assets`: the files that are built before the site is served."""

import click

from app import assets as static_files


@click.group()
def assets() -> None:
    """Style sheet and icons."""


@assets.command()
def build() -> None:
    """Write app/static/dist/ from the style sheets and the icons that templates name."""
    for path in static_files.build():
        click.echo(f"Wrote {path.name}, {path.stat().st_size:,} bytes.")
