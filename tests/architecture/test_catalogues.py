"""Every sentence can be translated, and is: English in the code, Spanish in its catalogue."""

import ast
import re
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes
from jinja2.ext import extract_from_ast

from app import create_app
from app.cli.translate import CATALOGUES
from config import BASE_DIR
from tests.conftest import make_config

APP = BASE_DIR / "app"
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
MODULES = sorted(APP.rglob("*.py"))
FUNCTIONS = {
    "_": 1,
    "_l": 1,
    "gettext": 1,
    "lazy_gettext": 1,
    "ngettext": 2,
    "lazy_ngettext": 2,
}


def relative(path):
    return path.relative_to(APP).as_posix()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return create_app(make_config(tmp_path_factory.mktemp("templates"))).jinja_env


def sentences_in_python(path) -> list[tuple[int, str | None]]:
    """Return (line, sentence) of every call that translates; None where it is no literal."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for argument in node.args[: FUNCTIONS.get(node.func.id, 0)]:
                literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                found.append((node.lineno, argument.value if literal else None))
    return found


def sentences_in_template(path, environment) -> list[str]:
    tree = environment.parse(path.read_text())
    found = []
    for _line, _function, message in extract_from_ast(tree):
        found += [message] if isinstance(message, str) else [m for m in message if m]
    return found


def spanish():
    with (CATALOGUES / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def test_check_command_finds_every_catalogue_complete(app):
    result = app.test_cli_runner().invoke(args=["translate", "check"])
    assert result.exit_code == 0, result.output


def test_every_sentence_of_the_code_and_the_templates_is_in_spanish(environment):
    # Found without Babel's extractor, which the check itself relies on.
    sentences = {text for path in MODULES for _line, text in sentences_in_python(path) if text}
    sentences |= {t for path in TEMPLATES for t in sentences_in_template(path, environment)}
    assert len(sentences) > 100
    catalogue = spanish()
    translated: dict[str, bool] = {}
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        translated |= dict.fromkeys(ids, all(strings) and not message.fuzzy)
    assert sorted(text for text in sentences if not translated.get(text)) == []


def test_spanish_keeps_every_placeholder_and_no_other():
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)[sd]|\{(\w+)\}", text))

    checked = 0
    for message in spanish():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        everything = set.union(*map(placeholders, ids))
        for string in strings:
            assert placeholders(string) <= everything, string
        assert placeholders(strings[-1]) == placeholders(ids[-1]), strings[-1]
        checked += bool(everything)
    assert checked > 5


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_what_is_translated_in_python_is_a_literal_sentence(path):
    # An f-string or a variable is never found by the extractor.
    assert [line for line, text in sentences_in_python(path) if text is None] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_what_is_translated_in_a_template_is_a_literal_sentence(path, environment):
    calls = environment.parse(path.read_text()).find_all(nodes.Call)
    for call in calls:
        if isinstance(call.node, nodes.Name) and call.node.name in FUNCTIONS:
            for argument in call.args[: FUNCTIONS[call.node.name]]:
                assert isinstance(argument, nodes.Const), f"line {call.lineno}"


class _Texts(HTMLParser):
    """Collects what a person would read or hear: text, and the attributes that are text."""

    SPOKEN = frozenset({"alt", "aria-label", "title", "placeholder"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.texts += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_template_has_no_words_outside_of_translations(path, environment):
    tree = environment.parse(path.read_text())
    parser = _Texts()
    # What the template writes as it stands; an expression becomes a digit.
    # (A block such as `frame_class` is a word for the style sheet.)
    inside_classes = {
        output
        for block in tree.find_all(nodes.Block)
        if block.name.endswith("class")
        for output in block.find_all(nodes.Output)
    }
    for output in tree.find_all(nodes.Output):
        if output in inside_classes:
            continue
        parser.feed(
            "".join(n.data if isinstance(n, nodes.TemplateData) else "0" for n in output.nodes)
        )
    parser.close()
    words = [text.strip() for text in parser.texts if re.search(r"[^\W\d_]{2,}", text)]
    assert words == []
