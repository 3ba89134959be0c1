"""`flask translate`: catalogues of translated sentences, by Babel's own tools."""

from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "app" / "translations"
KEYWORDS = ["_l", "lazy_gettext", "lazy_ngettext:1,2"]


@click.group()
def translate() -> None:
    """Catalogues of translated sentences (app/translations)."""


@translate.command()
@click.argument("language")
def init(language: str) -> None:
    """Begin the catalogue of a new LANGUAGE, such as pt or zh_Hans."""
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError) as error:
        raise click.ClickException(f"{language} is not a language code.") from error
    if _catalogue(language).exists():
        raise click.ClickException(f"There is a catalogue for {language} already.")
    _with_template("init", "-d", str(CATALOGUES), "-l", language)


@translate.command()
def update() -> None:
    """Bring every catalogue up to date with the sentences in the code."""
    _with_template("update", "-d", str(CATALOGUES), "--ignore-pot-creation-date", "--no-wrap")


@translate.command("compile")
def compile_catalogues() -> None:
    """Make the compiled catalogues that the site reads."""
    _babel("compile", "-d", str(CATALOGUES), "--statistics")


@translate.command()
def check() -> None:
    """Fail where a sentence is missing, fuzzy, outdated, or loses a placeholder."""
    with TemporaryDirectory() as folder:
        template = _read(_extract(Path(folder)))
    faults = [
        f"{path.parts[-3]}: {fault}"
        for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
        for fault in _faults(template, _read(path))
    ]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} faults. `flask translate update` helps.")
    click.echo("Every catalogue is complete.")


def _faults(template: Catalog, catalogue: Catalog) -> list[str]:
    faults = []
    for message in template:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        translated = catalogue.get(message.id, message.context)
        if translated is None:
            faults.append(f"not in the catalogue: {name!r}")
            continue
        strings = (
            translated.string if isinstance(translated.string, tuple) else (translated.string,)
        )
        if not all(strings):
            faults.append(f"not translated: {name!r}")
        elif translated.fuzzy:
            faults.append(f"fuzzy: {name!r}")
        else:
            faults += [f"{error}: {name!r}" for error in translated.check(catalogue)]
    known = {message.id for message in template}
    faults += [f"no longer used: {m.id!r}" for m in catalogue if m.id and m.id not in known]
    return faults


def _with_template(command: str, *arguments: str) -> None:
    with TemporaryDirectory() as folder:
        _babel(command, "-i", str(_extract(Path(folder))), *arguments)


def _extract(folder: Path) -> Path:
    template = folder / "messages.pot"
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    # From the project's folder, so that catalogues name files as everybody has them.
    with chdir(ROOT):
        _babel(
            *("extract", "-F", "babel.cfg", "-o", str(template), "--project=Microblog"),
            *("--no-wrap", "--sort-by-file", "--add-location=file", "--add-comments=Translators:"),
            *(*keywords, "app"),
        )
    return template


def _babel(*arguments: str) -> None:
    CommandLineInterface().run(["pybabel", "-q", *arguments])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _catalogue(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"
