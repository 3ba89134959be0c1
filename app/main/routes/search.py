"""Searching posts and people."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import ratelimit
from app.extensions import limiter
from app.main import bp
from app.main.forms.search import SearchAddress
from app.posts.marks import marks_of
from app.relationships.queries import followed_among
from app.search import queries
from app.search.highlight import Highlighter
from app.search.parser import parse


@bp.get("/search")
@limiter.limit(ratelimit.SEARCH, exempt_when=lambda: not request.args.get("q"))
def search() -> ResponseReturnValue:
    """Show the posts, or the people, that match."""
    address = SearchAddress.from_request()
    query, size = parse(address.text), current_app.config["POSTS_PER_PAGE"]
    # Only words make one post match better than another.
    is_ranked = bool(query.required or query.tags)
    order = address.order if is_ranked else "newest"
    following_ids: set[int] = set()
    if address.tab == "people":
        results = queries.people(current_user, query, size, address.start)
        if current_user.is_authenticated:
            following_ids = followed_among(current_user, [user.id for user in results.items])
    elif order == "newest":
        results = queries.newest_posts(current_user, query, size, address.start)
    else:
        results = queries.best_posts(current_user, query, size, address.start)
    return render_template(
        "search/search.html",
        q=address.text,
        tab=address.tab,
        order=order,
        is_ranked=is_ranked,
        results=results,
        marks=marks_of(current_user, results.items) if address.tab == "posts" else None,
        is_first=address.is_first,
        highlight=Highlighter(query),
        following_ids=following_ids,
        fallback=queries.is_falling_back(),
        building=queries.is_being_built(),
    )
