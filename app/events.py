"""What happened, told to whoever stands above: an action announces, `app.wiring` says who listens.

Listeners run at once, in the transaction of the action that announces, and what they write is
committed or undone with it.
"""

from blinker import Namespace

_events = Namespace()

# The sender is the Post: published, or its text changed.
post_written = _events.signal("post-written")
# The sender is the Post that answers; `parent` is the Post that is answered.
post_answered = _events.signal("post-answered")
# The sender is the Post; `people` are the Users whom its text names, and did not name before.
people_mentioned = _events.signal("people-mentioned")
# The sender is the Post; `names` are the usernames, in lower case, that were links in its text and
# stand there no longer.
mentions_dropped = _events.signal("mentions-dropped")
# The sender is the Post; `by` is the User who likes or reposts it, or does so no longer.
post_liked = _events.signal("post-liked")
post_unliked = _events.signal("post-unliked")
post_reposted = _events.signal("post-reposted")
post_unreposted = _events.signal("post-unreposted")
# The sender is the id of the post that is gone.
post_deleted = _events.signal("post-deleted")
# The sender is the User who follows, no longer follows, or blocks `whom`, a User.
member_followed = _events.signal("member-followed")
member_unfollowed = _events.signal("member-unfollowed")
member_blocked = _events.signal("member-blocked")
# The sender is the User: joined, or what they are called changed.
member_changed = _events.signal("member-changed")
# The sender is the User who is about to be deleted.
deletion_begun = _events.signal("deletion-begun")
# The sender is the id of the member who is gone, with everything they wrote.
member_deleted = _events.signal("member-deleted")
