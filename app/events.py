"""What happened, told to whoever stands above: an action announces, `app.wiring` says who listens.

Listeners run at once, in the transaction of the action that announces, and what they write is
committed or undone with it.
"""

from blinker import Namespace

_events = Namespace()

# The sender is the Post: published, or its text changed.
post_written = _events.signal("post-written")
# The sender is the id of the post that is gone.
post_deleted = _events.signal("post-deleted")
# The sender is the User: joined, or what they are called changed.
member_changed = _events.signal("member-changed")
# The sender is the id of the member who is gone, with everything they wrote.
member_deleted = _events.signal("member-deleted")
