"""`flask translate` and `flask assets`: run in a copy of the program, for they write beside it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A copy of what the commands read and write."""
    folder = tmp_path_factory.mktemp("original") / "copy"
    ignored = shutil.ignore_patterns("__pycache__", "*.mo", "dist")
    shutil.copytree(ROOT / "app", folder / "app", ignore=ignored)
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=ignored)
    for name in ("config.py", "microblog.py", "babel.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "instance").mkdir()
    return folder


@pytest.fixture
def copy(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "copy"))


def flask(folder, *args):
    """Run a command of the copy; `translate` needs no site, and so no process of its own."""
    if args[0] == "translate":
        return translate(folder, *args[1:])
    env = {
        "PATH": os.environ["PATH"],
        "FLASK_APP": "microblog.py",
        "SECRET_KEY": "a key for tests only, long enough to be live with",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", *args],
        check=False,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )


def translate(folder, *args):
    spec = importlib.util.spec_from_file_location(
        "copy_of_translate", folder / "app/cli/translate.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = CliRunner().invoke(module.translate, args)
    return SimpleNamespace(returncode=result.exit_code, stdout=result.stdout, stderr=result.stderr)


def spanish(folder):
    return folder / "app/translations/es/LC_MESSAGES/messages.po"


def test_catalogues_of_the_repository_are_complete(copy):
    result = flask(copy, "translate", "check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Every catalogue is complete.\n"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgid "Sign in"\n', 'msgid "Sign in, please"\n', "Sign in"),
        ('msgid "Sign in"\n', '#, fuzzy\nmsgid "Sign in"\n', "fuzzy"),
        ("%(name)s", "%(nombre)s", "%(name)s"),
    ],
    ids=["missing", "fuzzy", "placeholder"],
)
def test_check_fails_and_says_where(copy, old, new, fault):
    # The placeholder is lost in a translation, so in a line that says msgstr.
    text = spanish(copy).read_text()
    start = 0
    if "name" in old:
        start = next(
            at
            for at in range(len(text))
            if text.startswith("msgstr", at) and old in text[at:].split("\n", 1)[0]
        )
    assert old in text[start:]
    spanish(copy).write_text(text[:start] + text[start:].replace(old, new, 1))
    result = flask(copy, "translate", "check")
    assert result.returncode == 1
    assert "es: " in result.stderr
    assert fault in result.stderr
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_compile_makes_the_files_that_the_site_reads(copy):
    compiled = spanish(copy).with_suffix(".mo")
    assert not compiled.exists()
    result = flask(copy, "translate", "compile")
    assert (result.returncode, "Traceback" in result.stderr) == (0, False)
    assert compiled.stat().st_size > 1_000


def test_update_leaves_complete_catalogues_complete(copy):
    result = flask(copy, "translate", "update")
    assert result.returncode == 0
    assert flask(copy, "translate", "check").returncode == 0


def test_update_brings_in_a_new_sentence(copy):
    (copy / "app/new.py").write_text(
        'from flask_babel import gettext as _\n\n_("A new sentence.")\n'
    )
    assert flask(copy, "translate", "check").returncode == 1
    assert flask(copy, "translate", "update").returncode == 0
    assert 'msgid "A new sentence."' in spanish(copy).read_text()


def test_init_begins_a_catalogue_once(copy):
    result = flask(copy, "translate", "init", "pt")
    assert result.returncode == 0
    assert (copy / "app/translations/pt/LC_MESSAGES/messages.po").exists()
    again = flask(copy, "translate", "init", "pt")
    assert again.returncode == 1
    assert again.stderr == "Error: There is a catalogue for pt already.\n"


@pytest.mark.parametrize("language", ["xx", "../evil"])
def test_init_of_no_language_is_refused(copy, language):
    before = sorted(copy.rglob("*.po"))
    result = flask(copy, "translate", "init", language)
    assert result.returncode == 1
    assert result.stderr == f"Error: {language} is not a language code.\n"
    assert sorted(copy.rglob("*.po")) == before


def test_assets_are_built_and_named(copy):
    result = flask(copy, "assets", "build")
    assert result.returncode == 0
    assert "Wrote site.css" in result.stdout
    assert "Wrote icons.svg" in result.stdout
    dist = copy / "app/static/dist"
    assert "@layer" in (dist / "site.css").read_text()
    assert (dist / "icons.svg").read_text().count("<symbol") > 10


def test_nothing_is_published_before_it_is_built(copy, tmp_path):
    result = flask(copy, "assets", "publish", str(tmp_path / "static"))
    assert (result.returncode, (tmp_path / "static").exists()) == (1, False)
    assert result.stderr == "Error: Nothing is built yet: flask assets build\n"
