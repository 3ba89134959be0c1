"""Every page of the site, with people and posts on it that put the layout to the test."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.clock import utcnow
from tests.browser.town import Town
from tests.working import path_of

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
# So long ago that a time is a date: nothing on a page depends on how fast the test is.
LONG_AGO, HOUR = datetime(2026, 1, 15, 9, 30, tzinfo=UTC), timedelta(hours=1)
POSTS = (
    "Low tide at noon.",
    f"{LONG_WORD}{LONG_WORD}",
    f"https://example.com/{'a-very-long-address/' * 10}?and=so&on=1",
    "صباح الخير من الميناء. القارب الأول يصل عند السابعة، والخبز جاهز.",
    "港の朝は静かで、パンの匂いがします。" * 6,
    "A list:\n" + "\n".join(f"{number}. something to buy" for number in range(1, 30)),
    "One two three four five. " * 30,
    "\u202eturned around",
    "Z̶̢͎̗̈́̀a̸̧͐l̵̨̏g̷̛̺o " * 5,
    "مساء الخير #سلام #boats #東京 #הי־שם",
)


@dataclass
class Places:
    """Paths by name: those that anybody may open, and those of one member."""

    member: str
    author: str
    public: dict[str, str]
    own: dict[str, str]
    # Pages with nothing on them that other tests write, by who looks.
    still: dict[str, list[str]]
    # Pages that say no, and with which status.
    refused: dict[str, str]
    statuses: dict[str, list[int]]


def settle_down(town: Town) -> Places:
    """Fill the town with a member who reads and an author whose every text is awkward."""
    member, quiet = town.member(), town.member()
    author = town.member(
        display_name="Wilhelmina" * 5,
        about_me=f"{LONG_WORD}\nhttps://example.com/{'about/' * 20}\nأهلا وسهلا",
        location=LONG_WORD[:60],
        website=f"https://{'long-name.' * 8}example.com/",
    )
    texts = [*POSTS, *(f"Boat number {number} is in." for number in range(6))]
    posts = [town.post(author, text, LONG_AGO + number * HOUR) for number, text in enumerate(texts)]
    own = town.post(member, LONG_WORD, LONG_AGO)
    town.follow(member, author)
    town.follow(author, member)
    with town.app.app_context():
        from app.extensions import db
        from app.posts.models import Post

        db.session.get_one(Post, posts[0]).edited_at = LONG_AGO + HOUR
        db.session.commit()
    town.message(author, member, POSTS[5])
    town.message(member, author, POSTS[1])
    answers = hold_a_conversation(town, member, author, posts[1])
    confirmations = confirmation_paths(town, member)
    leave_jobs(town, member)
    tell(town, member, author, quiet)
    faces = [f"/user/{author}", f"/post/{posts[0]}"]
    public = {
        "explore": "/explore",
        "older": f"/user/{author}?before={posts[len(POSTS)]}",
        "past the end": f"/explore?before={posts[0] - 10**15}",
        "profile": f"/user/{author}",
        "quiet profile": f"/user/{quiet}",
        "followers": f"/user/{author}/followers",
        "following": f"/user/{author}/following",
        "nobody followed": f"/user/{quiet}/following",
        "post": f"/post/{posts[0]}",
        "long post": f"/post/{posts[5]}",
        "thread": f"/post/{answers[0]}",
        "whole thread": f"/post/{posts[1]}",
        "likes": f"/post/{posts[1]}/likes",
        "no reposts": f"/post/{posts[1]}/reposts",
        "search": "/search",
        "found posts": "/search?q=five",
        "newest found": "/search?q=%22one+two%22&order=newest",
        "found people": f"/search?q={author}&tab=people",
        "nothing found": "/search?q=qqqqqqqq",
        "hashtag": "/tag/boats",
        "unused hashtag": f"/tag/{LONG_WORD[:60]}",
        "past the last found": "/search?q=tide&start=0-1",
    }
    return Places(
        member,
        author,
        {
            "landing": "/",
            "sign in": "/auth/login",
            "join": "/auth/register",
            "forgotten password": "/auth/reset_password_request",
            "check mail": "/auth/check_mail/reset",
            "check mail to join": "/auth/check_mail/register",
        }
        | confirmations
        | public,
        {
            "home": "/",
            "write": "/write",
            "own profile": f"/user/{member}",
            "own post": f"/post/{own}",
            "edit post": f"/post/{own}/edit",
            "reply": f"/post/{posts[1]}/reply",
            "bookmarks": "/bookmarks",
            "delete post": f"/post/{own}/delete",
            "edit profile": "/edit_profile",
            "messages": "/messages",
            "conversation": f"/messages/{author}",
            "no conversation": f"/messages/{quiet}",
            "settings": "/settings",
            "message settings": "/settings/messages",
            "address": "/settings/email",
            "jobs": "/settings/jobs",
            "notifications": "/notifications",
            "mentions": "/notifications?tab=mentions",
            "choice of notifications": "/settings/notifications",
            "password": "/settings/password",
            "devices": "/settings/sessions",
            "followed hashtags": "/settings/hashtags",
            "blocked": "/settings/blocked",
            "muted": "/settings/muted",
            "block": f"/block/{author}",
            "mute": f"/mute/{author}",
            "delete account": "/settings/delete",
        }
        | confirmations
        | public,
        {
            "out": [f"{path}?before={posts[-1]}" for path in ("/", "/explore")] + faces,
            "in": ["/", f"/explore?before={posts[-1]}", *faces],
        },
        {
            "not found": "/user/nobody-at-all",
            "expired link": "/auth/reset_password/no-token",
            "expired confirmation": "/auth/confirm/no-token",
        },
        {"not found": [404], "expired link": [410], "expired confirmation": [410]},
    )


def hold_a_conversation(town: Town, member: str, author: str, post_id: int) -> list[int]:
    """Leave answers below a post, one of them gone, and marks on it; returns the answers' ids."""
    from app.posts import actions, bookmarks, likes
    from app.posts.models import Post

    with town.context() as db:
        reader, writer = town.find(member), town.find(author)
        post, ids = db.session.get_one(Post, post_id), []
        likes.like(reader, post)
        bookmarks.bookmark(reader, post)
        for number in range(7):
            at = LONG_AGO + (100 + number) * HOUR
            who = writer if number % 2 else reader
            post = actions.publish(who, POSTS[number], parent=post, at=at)
            ids.append(post.id)
        actions.delete(db.session.get_one(Post, ids[2]))
        db.session.commit()
    return ids


def reset_path(town: Town, username: str) -> str:
    """Return a fresh path to a new password."""
    from app.accounts import links

    with town.context():
        return path_of(links.reset_link(town.find(username)))


def confirmation_paths(town: Town, username: str) -> dict[str, str]:
    """Return the pages that links in messages lead to; one change of address still waits."""
    from app.accounts import links
    from app.accounts.models import AddressChange, Registration
    from app.accounts.names import email_key

    with town.context() as db:
        user = town.find(username)
        address = f"{'a-very-long-address.' * 3}@example.com"
        registration = Registration(
            username="somebody-quite-new-with-a-name",
            email=address,
            email_key=email_key(address),
            password_hash="!",
        )
        waiting, done = (
            AddressChange(
                user_id=user.id, old_email=user.email, new_email=address, confirmed_at=confirmed_at
            )
            for confirmed_at in (None, utcnow())
        )
        db.session.add_all([registration, waiting, done])
        db.session.commit()
        return {
            "confirm to join": path_of(links.registration_link(registration)),
            "confirm address": path_of(links.change_link(waiting)),
            "put address back": path_of(links.undo_link(done)),
        }


def tell(town: Town, username: str, *others: str) -> None:
    """Let others do to a member what is told alone, and what is told together."""
    from app.ids import new_id
    from app.notifications.models import Notification
    from app.posts import actions as posts
    from app.posts import likes
    from app.posts.models import Post

    with town.context() as db:
        member, people = town.find(username), [town.find(other) for other in others]
        post = db.session.scalars(db.select(Post).filter_by(author_id=member.id)).first()
        for person in people:
            likes.like(person, post)
        posts.publish(people[0], f"@{username} {LONG_WORD}{LONG_WORD}", at=LONG_AGO)
        posts.publish(people[0], "So it is.", parent=post, at=LONG_AGO)
        for number, row in enumerate(db.session.scalars(db.select(Notification))):
            row.latest_id = new_id(LONG_AGO + number * HOUR)
        db.session.commit()


def leave_jobs(town: Town, username: str) -> None:
    """Leave a job that is half done, one that is done, one whose file is gone, and a failed one."""
    from app.exports.copies import KIND
    from app.exports.models import ExportPart
    from app.jobs.models import Job, JobState

    half = {"progress_done": 500, "progress_total": 1234, "attempts": 1}
    over = {"due_at": None, "finished_at": utcnow(), "attempts": 1}
    with town.context() as db:
        user = town.find(username)
        jobs = [
            Job(kind=KIND, user_id=user.id, **columns)
            for columns in (
                over | {"state": JobState.FAILED, "last_error": "OSError: no room"},
                over | {"state": JobState.DONE},
                over | {"state": JobState.DONE},
                half | {"state": JobState.RUNNING, "due_at": utcnow() + timedelta(days=1)},
            )
        ]
        db.session.add_all(jobs)
        db.session.flush()
        db.session.add(ExportPart(job_id=jobs[2].id, number=0, content=bytes(123_456)))
        db.session.commit()
