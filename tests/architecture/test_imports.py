"""Imports run one way: core <- domains <- edges <- factory (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import BASE_DIR

APP = BASE_DIR / "app"
FACTORY = "app"
# Re-exports every model for migrations and the shell; only the factory and the entry point use it.
REGISTER = "app.models"
# Says who listens to what; only the factory uses it.
WIRING = "app.wiring"
CORE_PACKAGES = {"jobs", "metrics", "text"}
# A domain may import the core, itself, and what stands on its list.
DOMAINS = {
    "accounts": set(),
    "relationships": {"accounts"},
    "posts": {"accounts", "relationships"},
    "timelines": {"accounts", "relationships", "posts"},
    "messages": {"accounts", "relationships"},
    "notifications": {"accounts", "relationships", "posts"},
    "exports": {"accounts", "relationships", "posts", "messages", "notifications"},
    "search": {"accounts", "relationships", "posts"},
    "backups": {"accounts", "relationships", "posts", "search"},
    "moderation": {"accounts", "relationships", "posts", "exports"},
}
EDGES = {"main", "auth", "errors", "cli"}
# They run jobs, or build an index in portions, and so decide when a transaction ends.
RUNNERS = {"app.jobs.worker", "app.search.upkeep"}

Imports = dict[str, set[str]]


def name_of(path: Path) -> str:
    parts = path.relative_to(BASE_DIR).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(APP.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in SOURCES.items()}


def imported_names(name: str) -> Iterator[tuple[str, str | None]]:
    """Yield (module, name taken from it or None) for every import of our own in a module."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def imports_of(name: str) -> set[str]:
    """Return the modules of ours that a module imports, wherever in it."""
    found = set()
    for module, taken in imported_names(name):
        if module.split(".")[0] == "app":
            whole = f"{module}.{taken}"
            found.add(whole if whole in SOURCES else module)
    # A module may name its own package: app.auth.routes takes `bp` from app.auth.
    return {other for other in found if other != name and not name.startswith(f"{other}.")} | (
        {FACTORY} & found
    )


def room_of(name: str) -> str:
    """Return where a module belongs: "core", "factory", or the name of a domain or an edge."""
    if name in {FACTORY, REGISTER, WIRING}:
        return "factory"
    room = name.split(".")[1]
    if room in DOMAINS or room in EDGES:
        return room
    return "core"


def allowed_rooms(room: str) -> set[str]:
    if room == "core":
        return {"core"}
    if room in DOMAINS:
        return {"core", room} | DOMAINS[room]
    if room in EDGES:
        return {"core", room} | DOMAINS.keys()
    return {"core", "factory"} | DOMAINS.keys() | EDGES


def breaches(imports: Imports) -> list[str]:
    return [
        f"{name} ({room_of(name)}) imports {other} ({room_of(other)})"
        for name, others in imports.items()
        for other in sorted(others)
        if room_of(other) not in allowed_rooms(room_of(name))
    ]


def cycle_in(imports: Imports) -> list[str] | None:
    """Return a circle of modules that import each other, or None."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        circles = (visit(other, [*path, name]) for other in sorted(imports.get(name, ())))
        found = next((circle for circle in circles if circle), None)
        done.add(name)
        return found

    return next((circle for name in imports if (circle := visit(name, []))), None)


IMPORTS = {name: imports_of(name) for name in SOURCES}


def test_imports_run_one_way():
    assert breaches(IMPORTS) == []


def test_no_two_modules_import_each_other():
    assert cycle_in(IMPORTS) is None


def test_every_package_is_known_here():
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert packages == DOMAINS.keys() | EDGES | CORE_PACKAGES


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("app.pagination", "app.posts.models"),
        ("app.text.render", "app.accounts.models"),
        ("app.accounts.actions", "app.posts.actions"),
        ("app.posts.actions", "app.timelines.queries"),
        ("app.posts.actions", "app.main"),
        ("app.main.lookups", "app.auth.sessions"),
        ("app.cli.users", "app.errors.handlers"),
        ("app.posts.models", "app.models"),
        ("app.main.lookups", "app"),
    ],
)
def test_breach_would_be_noticed(name, other):
    assert breaches({name: {other}})


def test_circle_would_be_noticed():
    assert cycle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert cycle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None


def test_walk_sees_the_imports_there_are():
    assert "app.posts.models" in IMPORTS["app.timelines.queries"]
    assert "app.ratelimit" in IMPORTS["app.auth.routes"]
    assert sum(map(len, IMPORTS.values())) > 100


def is_private(name: str | None) -> bool:
    return bool(name) and name.startswith("_") and not name.endswith("__") and name != "_"


@pytest.mark.parametrize("name", SOURCES)
def test_private_names_stay_in_their_module(name):
    ours = {m: taken for m, taken in imported_names(name) if m.split(".")[0] in {"app", "config"}}
    taken = [f"{m}.{t}" for m, t in imported_names(name) if m in ours and is_private(t)]
    # … nor reached for through a module that was imported whole.
    modules = {
        t: f"{m}.{t}" for m, t in imported_names(name) if t is not None and f"{m}.{t}" in SOURCES
    }
    taken += [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
        and is_private(node.attr)
    ]
    assert taken == []


def calls(name: str, *attributes: str) -> list[int]:
    """Return the lines of a module on which a method of one of those names is called."""
    return [
        node.lineno
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in attributes
    ]


def test_only_edges_commit():
    committing = {name for name in SOURCES if calls(name, "commit")}
    assert committing >= RUNNERS  # the premise
    assert {room_of(name) for name in committing - RUNNERS} <= EDGES


def test_only_models_define_tables():
    defining = {
        name
        for name, tree in TREES.items()
        if any(isinstance(n, ast.Name) and n.id == "mapped_column" for n in ast.walk(tree))
    }
    assert {name.rpartition(".")[2] for name in defining} == {"models"}


def test_environment_is_read_in_one_place():
    readers = {
        name
        for name, tree in TREES.items()
        if any(
            (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"})
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
            for node in ast.walk(tree)
        )
    }
    # Not to read: prometheus_client takes the folder of its files from nowhere else.
    assert readers == {"app.metrics.counters"}


def test_clock_is_read_in_one_place():
    readers = {
        name for name in SOURCES if calls(name, "now", "utcnow", "today", "utcfromtimestamp")
    }
    assert readers == {"app.clock"}
