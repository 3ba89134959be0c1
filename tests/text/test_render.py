import re
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkify_it import LinkifyIt

from app.text.links import AFTER_LINK, addresses, link
from app.text.render import to_html

Link = tuple[str, str]


class _Reader(HTMLParser):
    """Reads rendered text as a browser does: its tags, its links, its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.links: list[Link] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.inside = True
            self.links.append((dict(attrs)["href"], ""))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "a"

    def handle_data(self, data):
        self.text += data
        if self.inside:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(str(html))  # Markup would escape what the parser puts together
    reader.close()
    return reader


def links(text: str) -> list[Link]:
    return read(to_html(text)).links


def test_paragraphs_and_lines_are_kept():
    assert to_html("one\ntwo\n\nthree") == (
        '<p dir="auto">one<br>\ntwo</p>\n<p dir="auto">three</p>'
    )


def test_nothing_is_nothing():
    assert to_html("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "</p><p>",
        "&lt;b&gt; & &amp;",
        "\"'`",
        "<!-- x",
        "https://example.com/x<script>alert(1)</script>",
        'https://example.com/"onmouseover="alert(1)',
        "https://example.com/'onmouseover='alert(1)",
        "{{ 7 * 7 }} {% x %}",
    ],
)
def test_typed_markup_is_text(text):
    reader = read(to_html(text))
    assert {tag for tag, _attributes in reader.tags} <= {"p", "a"}
    assert all(set(attributes) <= {"dir", "href", "rel"} for _tag, attributes in reader.tags)
    assert reader.text == re.sub("https://", "", text)


ALL = settings(max_examples=200, deadline=None, database=None)


@ALL
@given(
    st.text(st.sampled_from("<>&\"'/:.@ab \n#?()[]%\\;=") | st.characters(), max_size=40)
    | st.builds("{}https://{}".format, st.text(max_size=5), st.text(max_size=30))
)
def test_whatever_is_typed_only_our_own_tags_come_out(text):
    for tag, attributes in read(to_html(text)).tags:
        assert tag in {"p", "br", "a"}
        if tag == "a":
            if attributes.get("class") == "hashtag":
                assert re.match(r"/tag/[\w%~.-]+$", attributes["href"])
                assert set(attributes) == {"class", "href", "dir"}
                continue
            assert set(attributes) == {"href", "rel", "dir"}
            assert re.match(r"https?://", attributes["href"], re.IGNORECASE)
            assert attributes["rel"] == "nofollow ugc noopener"
        else:
            assert attributes == ({"dir": "auto"} if tag == "p" else {})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://example.com", [("https://example.com", "example.com")]),
        ("http://example.com/", [("http://example.com/", "example.com")]),
        ("HTTPS://Example.com/A", [("HTTPS://Example.com/A", "Example.com/A")]),
        ("https://example.com/a?b=1&c=2#d", [("https://example.com/a?b=1&c=2#d",) * 2]),
        ("https://example.com:8443/x", [("https://example.com:8443/x",) * 2]),
        ("http://localhost:5000/x", [("http://localhost:5000/x",) * 2]),
        ("http://192.0.2.7/x", [("http://192.0.2.7/x",) * 2]),
        ("https://example.com/a_(b)", [("https://example.com/a_(b)",) * 2]),
        ("https://example.com/a/b-c_d~e%20f", [("https://example.com/a/b-c_d~e%20f",) * 2]),
        ("https://münchen.example/straße", [("https://münchen.example/straße",) * 2]),
        ("https://例え.テスト/道", [("https://例え.テスト/道",) * 2]),
        ("https://пример.example/путь", [("https://пример.example/путь",) * 2]),
        ("https://xn--mnchen-3ya.example/", [("https://xn--mnchen-3ya.example/",) * 2]),
        ("https://a.example (https://b.example)", [(f"https://{n}.example",) * 2 for n in "ab"]),
        ("one\nhttps://a.example\ntwo", [("https://a.example",) * 2]),
    ],
)
def test_addresses_are_links(text, found):
    expected = [(href, href_text(shown)) for href, shown in found]
    assert links(text) == expected


def href_text(url: str) -> str:
    """Return what a link shows of its address: no scheme, no bare slash at the end."""
    return re.sub(r"^https?://", "", url, flags=re.IGNORECASE).removesuffix("/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "."),
        ("", ","),
        ("", ";"),
        ("", ":"),
        ("", "!"),
        ("", "?"),
        ("", "…"),
        ("", "..."),
        ("(", ")"),
        ("(see ", ")."),
        ("[", "]"),
        ("<", ">"),
        ('"', '"'),
        ("“", "”"),
        ("«", "»"),
        # East Asian sentences end without a space.
        ("", "。"),
        ("", "，"),
        ("", "、"),
        ("", "！"),
        ("（", "）"),
        ("「", "」"),
    ],
)
def test_punctuation_around_an_address_is_no_part_of_it(before, after):
    url = "https://example.com/page"
    assert links(f"{before}{url}{after}") == [(url, "example.com/page")]
    assert read(to_html(f"{before}{url}{after}")).text == f"{before}example.com/page{after}"


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "www.example.com",
        "setup.py and README.md",
        "//example.com/x",
        "ana@example.com",
        "mailto:ana@example.com",
        "ftp://example.com/x",
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "data://example.com",
        "vbscript://example.com",
        "file:///etc/passwd",
        "xhttps://example.com",
        "https://",
        "http:/example.com",
        "https:example.com",
        "https:// example.com",
    ],
)
def test_these_are_no_links(text):
    assert links(text) == []
    assert read(to_html(text)).text == text


@pytest.mark.parametrize(
    "text", ["https://good.example@evil.example/", "https://user:secret@example.com/x"]
)
def test_link_with_a_user_in_it_hides_nothing_of_where_it_leads(text):
    assert [shown for _href, shown in links(text)] in ([], [href_text(text)])


def test_link_shows_the_whole_address():
    url = "https://example.com/" + "long/" * 80 + "end"
    assert links(url) == [(url, href_text(url))]


def test_profile_link_is_escaped_and_marked():
    html = link('https://example.com/?a="b"&c=<d>')
    ((tag, attributes),) = read(html).tags
    assert tag == "a"
    assert attributes == {
        "href": 'https://example.com/?a="b"&c=<d>',
        "rel": "nofollow ugc noopener",
        "dir": "auto",
    }


def test_every_paragraph_runs_in_the_direction_of_its_own_script():
    reader = read(to_html("שלום\n\nhello\n\nسلام"))
    assert reader.tags == [("p", {"dir": "auto"})] * 3


def test_long_hostile_text_is_quick_to_draw():
    # Would take minutes if some pattern went back and forth over it.
    for piece in ("https://a.b/(", "://", "https://" + "a." * 50, "https://a.b/" + "!" * 50):
        to_html((piece * 10_000)[:10_000])


@pytest.mark.parametrize("piece", ["http://a.b?", "http://a.b/[", "http://a.b/(", "http://a.b/{"])
def test_time_to_find_addresses_grows_with_the_text_and_no_faster(piece):
    text = (piece * 40_000)[:80_000]
    started = process_time()
    addresses(text)
    assert process_time() - started < 3


ADDRESS_PIECES = [
    *("http://", "HTTPS://", "ftp://", "//", "mailto:", "a", "b.example", "é", "水", "xn--a"),
    *("[", "]", "(", ")", "{", "}", '"', "'", " ", "\n", "\x01", "\u3000", "<", "｜"),
    *("/", "?", "#", ".", "..", "-", "_", "@", ":", ":80", ",", ";", "!", "。"),
]


WHOLE = LinkifyIt(dict.fromkeys(("ftp:", "mailto:", "//")), {"fuzzy_link": False})


@given(st.lists(st.sampled_from(ADDRESS_PIECES), max_size=40).map("".join))
@ALL
def test_addresses_are_those_of_linkify(text):
    found = [match.raw for match in WHOLE.match(text) or ()]
    assert [each.url for each in addresses(text)] == [raw.rstrip(AFTER_LINK) for raw in found]


MEMBERS = frozenset({"ana", "bob"})


def test_hashtags_and_names_of_members_are_links():
    reader = read(to_html("Hi @Ana, @carla: #Café #東京", MEMBERS))
    assert reader.links == [
        ("/user/Ana", "@Ana"),
        ("/tag/Caf%C3%A9", "#Café"),
        ("/tag/%E6%9D%B1%E4%BA%AC", "#東京"),
    ]
    assert reader.text == "Hi @Ana, @carla: #Café #東京"


def test_name_is_written_from_left_to_right_and_a_hashtag_as_its_script():
    tags = dict(read(to_html("سلام @ana", MEMBERS)).tags)
    assert tags["a"] == {"class": "mention", "href": "/user/ana", "dir": "ltr"}
    tags = dict(read(to_html("Hi #سلام")).tags)
    assert (tags["a"]["class"], tags["a"]["dir"]) == ("hashtag", "auto")


def test_names_are_text_where_nobody_is_known():
    assert links("@ana #boats") == [("/tag/boats", "#boats")]


def test_nothing_in_an_address_is_a_link_of_its_own():
    url = "https://example.com/@ana?x=@bob#boats"
    assert read(to_html(f"{url} ana@bob.example", MEMBERS)).links == [(url, href_text(url))]


def test_links_lead_to_the_site_from_anywhere_when_told_where_it_is():
    reader = read(to_html("@ana #boats https://a.example", MEMBERS, "https://blog.example"))
    assert [href for href, _text in reader.links] == [
        "https://blog.example/user/ana",
        "https://blog.example/tag/boats",
        "https://a.example",
    ]


def test_the_same_text_is_drawn_for_each_of_whom_it_names():
    assert links("@ana") == []
    assert read(to_html("@ana", MEMBERS)).links == [("/user/ana", "@ana")]
    assert read(to_html("@ana", MEMBERS, "https://x")).links == [("https://x/user/ana", "@ana")]
    assert links("@ana") == []


def test_hashtags_beyond_those_that_count_are_text():
    text = " ".join(f"#tag{number}" for number in range(25))
    assert len(links(text)) == 20


ADDRESS_PIECES = [
    "@ana",
    "@bob",
    "#東京",
    "#a",
    "＃é",
    "https://a.example/#x",
    "<b>",
    "&amp;",
    '"',
    "'",
    "&",
]
pieces = st.lists(st.sampled_from([*ADDRESS_PIECES, " ", "\n", "\n\n", ".", "/"]) | st.characters())


@ALL
@given(pieces.map("".join))
def test_text_is_what_was_typed_and_every_link_is_of_one_of_three_kinds(text):
    reader = read(to_html(text, MEMBERS))
    # An address is shown without its scheme and its last slash.
    shown, typed = (re.sub(r"https:|/|\s+", "", part) for part in (reader.text, text))
    assert shown == typed
    assert {tag for tag, _attributes in reader.tags} <= {"p", "br", "a"}
    for tag, attributes in reader.tags:
        if tag == "a":
            assert set(attributes) in ({"href", "rel", "dir"}, {"class", "href", "dir"})
            assert re.match(r"https?://|/tag/[\w%~.-]+$|/user/(ana|bob)$", attributes["href"])
