"""Home and explore."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.main import bp
from app.main.forms.posts import PostForm
from app.pagination import Key
from app.posts.marks import marks_of
from app.relationships.queries import suggestions_for
from app.timelines import queries as timelines


@bp.get("/index")
@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the home timeline; to visitors, what this place is and what is said in public."""
    key = page_key()
    if not current_user.is_authenticated:
        page = timelines.explore(current_user, key)
        marks = marks_of(current_user, page.items)
        return render_template("timelines/landing.html", page=page, marks=marks)
    page = timelines.home(current_user, key)
    return render_template(
        "timelines/home.html",
        form=PostForm(),
        page=page,
        marks=marks_of(current_user, page.items),
        suggestions=suggestions_for(current_user),
    )


@bp.get("/explore")
def explore() -> ResponseReturnValue:
    """Show everybody's public posts."""
    page = timelines.explore(current_user, page_key())
    suggestions = suggestions_for(current_user) if current_user.is_authenticated else []
    marks = marks_of(current_user, page.items)
    return render_template(
        "timelines/explore.html", page=page, marks=marks, suggestions=suggestions
    )


def page_key() -> Key:
    """Return the page that the address asks for, of the site's page size."""
    return Key.from_request(current_app.config["POSTS_PER_PAGE"])
