"""Every page of the site, with people and posts on it that put the layout to the test."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.browser.town import Town

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
    missing: dict[str, str] = field(default_factory=lambda: {"not found": "/user/nobody-at-all"})


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
    }
    return Places(
        member,
        author,
        {"landing": "/", "sign in": "/auth/login", "join": "/auth/register"} | public,
        {
            "home": "/",
            "write": "/write",
            "own profile": f"/user/{member}",
            "own post": f"/post/{own}",
            "edit post": f"/post/{own}/edit",
            "delete post": f"/post/{own}/delete",
            "edit profile": "/edit_profile",
            "settings": "/settings",
            "password": "/settings/password",
            "devices": "/settings/sessions",
            "delete account": "/settings/delete",
        }
        | public,
        {
            "out": [f"{path}?before={posts[-1]}" for path in ("/", "/explore")] + faces,
            "in": ["/", f"/explore?before={posts[-1]}", *faces],
        },
    )
