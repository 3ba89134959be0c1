"""The table of settings in README.md and the settings that config.py reads are the same."""

import ast
import re

import pytest

from config import BASE_DIR

HEADER = "| Variable | Default | What it does |"
SOURCE = ast.parse((BASE_DIR / "config.py").read_text())


def names_read() -> list[str]:
    """Return the name of every environment variable that config.py reads, in order."""
    reads = (
        node
        for node in ast.walk(SOURCE)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.startswith("read_")
    )
    names = [
        node.args[1].value
        for node in reads
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    ]
    return list(dict.fromkeys(names))


def table_in_readme() -> dict[str, tuple[str, str]]:
    """Return the rows of the table: variable -> (default, what it does)."""
    text = (BASE_DIR / "README.md").read_text()
    assert text.count(HEADER) == 1
    lines = text[text.index(HEADER) :].splitlines()[2:]
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        # A bar inside a cell is written \|.
        variable, default, what = (
            cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]
        )
        assert re.fullmatch(r"`[A-Z_]+`", variable), line
        assert variable.strip("`") not in rows, f"{variable} stands there twice"
        rows[variable.strip("`")] = (default, what)
    return rows


def test_config_reads_what_we_think_it_reads():
    assert {"PUBLIC_URL", "SECRET_KEY", "DATABASE_URL", "GRAVATAR", "LANGUAGES"} <= set(
        names_read()
    )


def test_every_setting_is_in_the_table_and_the_table_has_no_other():
    assert set(table_in_readme()) == set(names_read())


def test_every_setting_has_a_default_and_an_explanation():
    for name, (default, what) in table_in_readme().items():
        assert default, name
        assert len(what) > 10, name


def constant_defaults() -> dict[str, object]:
    """Return the defaults that stand in config.py as they are, not worked out from others."""
    return {
        node.args[1].value: node.args[2].value
        for node in ast.walk(SOURCE)
        if isinstance(node, ast.Call)
        and len(node.args) > 2
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[2], ast.Constant)
    }


@pytest.mark.parametrize("name", sorted(constant_defaults()))
def test_default_in_the_table_is_the_one_in_the_code(name):
    in_table = table_in_readme()[name][0].replace(",", "").strip("`")
    assert (str(constant_defaults()[name]) or "none") == in_table


def test_example_file_names_only_settings_there_are():
    text = (BASE_DIR / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    assert named
    assert named <= set(names_read())
