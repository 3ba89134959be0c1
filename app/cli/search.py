"""`flask search`: the indexes that searches are answered from."""

import click
from flask.cli import with_appcontext

from app.search import upkeep
from app.search.elastic import FAILURES, elastic
from app.search.embedded import embedded
from app.search.engine import Collection
from app.search.sources import SOURCES


@click.group()
def search() -> None:
    """Search indexes."""


@search.command()
@with_appcontext
def rebuild() -> None:
    """Build every index anew beside the live one, then swap; the site goes on meanwhile."""
    click.echo(f"Indexed {rebuild_indexes()} documents.")


def rebuild_indexes(*, alone: bool = False) -> int:
    """Build every index anew, with a bar for each; returns how many documents there are.

    It is quicker `alone`, when the site stands still.
    """
    total = sum(SOURCES[collection].count() for collection in Collection)
    try:
        with click.progressbar(length=total, label=embedded().name) as bar:
            upkeep.rebuild(lambda done: bar.update(done - bar.pos), alone=alone)
    except upkeep.Superseded as reason:
        raise click.ClickException(str(reason)) from reason
    server = elastic()
    if server is not None:
        try:
            with click.progressbar(length=total, label=server.name) as bar:
                upkeep.rebuild_server(server, lambda done: bar.update(done - bar.pos))
        except FAILURES as error:
            raise click.ClickException(f"{server.name} does not answer: {error}") from error
    return total


@search.command()
@click.option("--repair", is_flag=True, help="Add what is missing, remove what is too much.")
@with_appcontext
def status(repair: bool) -> None:
    """Compare every index with the posts and members there are."""
    wrong = 0
    for engine in filter(None, (embedded(), elastic())):
        for collection in Collection:
            try:
                found = upkeep.compare(engine, collection)
                if repair:
                    upkeep.repair(engine, collection, found)
            except FAILURES as error:
                raise click.ClickException(f"{engine.name} does not answer: {error}") from error
            faults = len(found.missing) + len(found.extra)
            wrong += faults
            state = f"{len(found.missing)} missing, {len(found.extra)} too many"
            state = state if faults else "right"
            click.echo(f"{engine.name}, {collection}: {found.indexed} indexed, {state}")
    if wrong and not repair:
        raise click.ClickException("`flask search status --repair` mends that.")
    if wrong:
        click.echo("Mended.")
