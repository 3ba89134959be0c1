"""People to name, while somebody types."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import limiter
from app.main import bp
from app.search.naming import people_to_name


@bp.get("/suggest")
@login_required
@limiter.limit(ratelimit.SUGGEST, key_func=ratelimit.member)
def suggest() -> ResponseReturnValue:
    """Return whom a member may mean who has typed so much of a name, as JSON."""
    people = people_to_name(current_user, request.args.get("q", ""))
    return jsonify([{"username": user.username, "name": user.name} for user in people])
