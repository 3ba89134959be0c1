"""`flask assets`: the files that are built before the site is served."""

from pathlib import Path

import click

from app import assets as static_files


@click.group()
def assets() -> None:
    """Style sheet, icons, and where a web server finds them."""


@assets.command()
def build() -> None:
    """Write app/static/dist/ from the style sheets and the icons that templates name."""
    for path in static_files.build():
        click.echo(f"Wrote {path.name}, {path.stat().st_size:,} bytes.")


@assets.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="How many releases stay, this one included.",
)
def publish(folder: Path, keep: int) -> None:
    """Copy all static files to FOLDER, from where nginx serves them.

    Run it after every update of the code, before the site is restarted.
    """
    if not static_files.DIST.exists():
        raise click.ClickException("Nothing is built yet: flask assets build")
    try:
        release = static_files.publish(folder, keep)
    except OSError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Published {release}.")
