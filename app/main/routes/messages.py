"""Private messages: the list of conversations, one conversation, and who may begin one."""

from contextlib import nullcontext

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.accounts.models import User
from app.accounts.names import is_well_formed, username_key
from app.extensions import db, limiter
from app.main import bp
from app.main.forms.messages import MessageForm, MessageSettingsForm
from app.main.lookups import (
    back_to,
    form_status,
    one_or_404,
    other_person_or_404,
    tell_published,
)
from app.main.routes.timelines import page_key
from app.messages import actions, limits, queries
from app.messages.models import Message, Participant
from app.messages.policy import may_write
from app.pagination import Key, Page, read_page
from app.problems import Problem
from app.relationships.queries import people_for


@bp.get("/messages")
@login_required
def messages() -> ResponseReturnValue:
    """List one's conversations; with `?to=`, go to the one with somebody."""
    wanted = request.args.get("to")
    person = _correspondent(wanted) if wanted is not None else None
    is_own = person is not None and person.id == current_user.id
    if person is not None and not is_own:
        return redirect(_end_of(person))
    query = queries.conversations_of(current_user)
    page = read_page(query, Participant.last_message_id, page_key())
    rendered = render_template("messages/messages.html", page=page, wanted=wanted, is_own=is_own)
    return rendered, 200 if wanted is None else 404


@bp.route("/messages/<username>", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.MESSAGE, methods=["POST"], key_func=ratelimit.member)
def conversation(username: str) -> ResponseReturnValue:
    """Show what two members wrote to each other, and write."""
    if "after" in request.args:
        g.pop("session_to_touch", None)  # an open page asks by itself: nobody was seen
    person = other_person_or_404(username)
    side = queries.side_of(current_user, person)
    form = MessageForm()
    if form.validate_on_submit() and _send(form, person, is_new=side is None):
        db.session.commit()
        tell_published(form, _("Your message is sent."))
        return redirect(_end_of(person))
    rendered = render_template(
        "messages/conversation.html",
        form=form,
        person=person,
        side=side,
        page=_page_of(side),
        may_write=may_write(current_user, person),
        limit=limits.MESSAGE_MAX,
    )
    return rendered, form_status(form)


@bp.post("/messages/<username>/read")
@login_required
def read_conversation(username: str) -> ResponseReturnValue:
    """Note that one has seen a conversation up to a message."""
    person, side = _own_side_or_404(username)
    actions.mark_read(side, _up_to())
    db.session.commit()
    return redirect(_end_of(person))


@bp.post("/messages/<username>/delete")
@login_required
def delete_conversation(username: str) -> ResponseReturnValue:
    """Delete a conversation for oneself, up to a message."""
    _person, side = _own_side_or_404(username)
    actions.delete_conversation(side, _up_to())
    db.session.commit()
    flash(_("The conversation is deleted for you."), "success")
    return redirect(url_for("main.messages"))


@bp.post("/messages/<username>/<id:message_id>/delete")
@login_required
def delete_message(username: str, message_id: int) -> ResponseReturnValue:
    """Delete one message for oneself."""
    person, side = _own_side_or_404(username)
    actions.delete_message(side, one_or_404(queries.message_in(side, message_id)))
    db.session.commit()
    flash(_("The message is deleted for you."), "success")
    return back_to("main.conversation", username=person.username)


@bp.route("/settings/messages", methods=["GET", "POST"])
@login_required
def message_settings() -> ResponseReturnValue:
    """Choose who may write to oneself."""
    form = MessageSettingsForm(obj=current_user)
    if form.validate_on_submit():
        actions.take_messages_from(current_user, form.messages_from.data)
        db.session.commit()
        flash(_("Your changes are saved."), "success")
        return redirect(url_for("main.message_settings"))
    return render_template("settings/messages.html", form=form), form_status(form)


def _send(form: MessageForm, person: User, *, is_new: bool) -> bool:
    strangers = limiter.limit(ratelimit.NEW_CONVERSATION, key_func=ratelimit.member)
    begins_one = is_new and may_write(current_user, person)  # what is refused uses up nothing
    try:
        with strangers if begins_one else nullcontext():
            actions.send(current_user, person, form.message.data, form.form_key.data)
    except Problem as problem:
        form.message.errors = [str(problem)]
        return False
    return True


def _correspondent(typed: str) -> User | None:
    """Return the member whom somebody means to write to, if there is one in sight."""
    name = typed.strip().removeprefix("@")
    if not is_well_formed(name):
        return None
    query = people_for(current_user).where(User.username_key == username_key(name))
    return db.session.scalar(query)


def _own_side_or_404(username: str) -> tuple[User, Participant]:
    person = other_person_or_404(username)
    side = queries.side_of(current_user, person)
    if side is None:
        abort(404)
    return person, side


def _page_of(side: Participant | None) -> Page[Message]:
    key = Key.from_request(limits.MESSAGES_ON_A_PAGE)
    return read_page(queries.messages_of(side), Message.id, key) if side else key.page([])


def _up_to() -> int:
    """Return the newest message that the page with the form showed."""
    return request.form.get("up_to", 0, type=int)


def _end_of(person: User) -> str:
    return url_for("main.conversation", username=person.username, _anchor="end")
