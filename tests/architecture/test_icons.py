"""Icons: what the templates name is in the sprite, and the sprite is what browsers can read."""

import re
from xml.etree import ElementTree

import pytest
from jinja2 import nodes

from app import assets, create_app
from tests.conftest import make_config

SVG = "{http://www.w3.org/2000/svg}"
TEMPLATES = sorted(assets.TEMPLATES.rglob("*.html"))


@pytest.fixture(scope="module")
def named(tmp_path_factory) -> set[str]:
    """Return the names handed to the macro, found by Jinja's own parser."""
    environment = create_app(make_config(tmp_path_factory.mktemp("icons"))).jinja_env
    names = set()
    for path in TEMPLATES:
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "icon":
                assert isinstance(call.args[0], nodes.Const), f"{path.name}: not a plain name"
                names.add(call.args[0].value)
    return names


def test_every_icon_that_a_template_names_is_found(named):
    assert len(named) > 20
    assert set(assets.icons_in_templates()) == named


def test_sprite_has_every_icon_once_and_is_well_formed(named):
    root = ElementTree.fromstring(assets.sprite(assets.icons_in_templates()))
    symbols = root.findall(f"{SVG}symbol")
    assert sorted(symbol.get("id") for symbol in symbols) == sorted(named)
    assert all(symbol.get("viewBox") and len(symbol) for symbol in symbols)
    assert not re.search(r"<script|\son\w+=|style=", assets.sprite(sorted(named)))


def test_unknown_icon_stops_the_build():
    with pytest.raises(KeyError):
        assets.sprite(["no-such-icon"])


def test_built_sprite_is_served_and_up_to_date(client, app):
    with app.test_request_context():
        address = assets.asset("dist/icons.svg")
    response = client.get(address)
    assert response.mimetype == "image/svg+xml"
    assert response.text == assets.sprite(assets.icons_in_templates())
