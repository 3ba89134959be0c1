"""A post on its own page, and how what people typed is shown."""

from html.parser import HTMLParser

import pytest

from app.extensions import db
from app.ids import MAX_ID
from tests.browsing import enter, link_to, links_of
from tests.factories import make_post
from tests.queries import counted_queries

URL = "https://example.org/a?b=c&d=e"


class _BodyParser(HTMLParser):
    """Collects the tags and attributes inside the element of class post-body."""

    def __init__(self):
        super().__init__()
        self.depth, self.tags, self.text = 0, [], ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if self.depth:
            self.tags.append((tag, values))
        if tag == "div" and (self.depth or "post-body" in (values.get("class") or "").split()):
            self.depth += 1

    def handle_endtag(self, tag):
        if tag == "div" and self.depth:
            self.depth -= 1

    def handle_data(self, data):
        if self.depth:
            self.text += data


def body_of(response):
    parser = _BodyParser()
    parser.feed(response.text)
    return parser


@pytest.fixture
def shown(client, ana):
    def show(body):
        return client.get(f"/post/{make_post(ana, body).id}")

    return show


def test_everybody_may_read_a_post(shown):
    page = shown("Low tide at noon.")
    assert page.status_code == 200
    assert body_of(page).text == "Low tide at noon."


def test_the_page_names_its_author_and_leads_to_the_profile(shown):
    page = shown("Low tide at noon.")
    assert "/user/ana" in [link.href for link in links_of(page)]
    assert "<h1" in page.text


def test_the_time_can_be_read_without_scripts(client, ana):
    post = make_post(ana)
    page = client.get(f"/post/{post.id}").text
    assert f'datetime="{post.created_at:%Y-%m-%dT%H:%M:%SZ}"' in page
    time = page[page.index("<time") : page.index("</time>")]
    assert str(post.created_at.year) in time.rsplit(">", 1)[1]
    assert "display" not in page


def test_the_page_tells_its_own_address_and_text_to_other_sites(client, ana):
    post = make_post(ana, 'Say "hi" & <go>')
    page = client.get(f"/post/{post.id}").text
    address = f"http://127.0.0.1:5000/post/{post.id}"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert 'content="Say &#34;hi&#34; &amp; &lt;go&gt;"' in page


MISCHIEF = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; &#x3c;",
    "</p></div></article><h1>Mine</h1>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!-- <script> -->",
    "%s %(name)s {0}",
    "<style>*{display:none}</style>",
    "\u2028<b>\u2029",
]


@pytest.mark.parametrize("text", MISCHIEF)
def test_markup_is_shown_as_it_was_typed(shown, text):
    page = body_of(shown(text))
    assert page.text == text
    assert [tag for tag, _attributes in page.tags] == ["p"]


LINKS_THAT_ARE_NONE = [
    "javascript:alert(1)",
    "javascript://%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript://x",
    "file:///etc/passwd",
    "ftp://example.org/x",
    "mailto:ana@example.com",
    "//example.org/path",
    "example.org",
    "readme.md",
    "http://",
]


@pytest.mark.parametrize("text", LINKS_THAT_ARE_NONE)
def test_only_web_addresses_become_links(shown, text):
    page = body_of(shown(f"See {text} please"))
    assert [tag for tag, _attributes in page.tags] == ["p"]
    assert page.text == f"See {text} please"


def test_a_link_leads_on_without_telling_who_we_are(shown):
    page = body_of(shown(f"See {URL} please"))
    ((_p, _attributes), (tag, attributes)) = page.tags
    assert tag == "a"
    assert attributes["href"] == URL
    assert set(attributes["rel"].split()) == {"nofollow", "ugc", "noopener"}


@pytest.mark.parametrize(
    ("text", "href"),
    [
        (f"({URL})", URL),
        (f"{URL}.", URL),
        (f"{URL}, and", URL),
        ("https://en.wikipedia.org/wiki/Tide_(sea)", "https://en.wikipedia.org/wiki/Tide_(sea)"),
        ("HTTPS://EXAMPLE.ORG/X", "HTTPS://EXAMPLE.ORG/X"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("https://example.org/#part", "https://example.org/#part"),
    ],
)
def test_a_link_ends_where_its_address_ends(shown, text, href):
    (link,) = [a for tag, a in body_of(shown(text)).tags if tag == "a"]
    assert link["href"] == href


@pytest.mark.parametrize(
    "text",
    [
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/'onmouseover='alert(1)",
        "https://example.org/<script>alert(1)</script>",
        "https://example.org/\"><img src=x onerror='alert(1)'>",
        "https://user:pass@example.org/&quot;onclick=1",
    ],
)
def test_an_address_cannot_break_out_of_its_link(shown, text):
    for tag, attributes in body_of(shown(text)).tags:
        assert tag in {"p", "a"}
        assert set(attributes) <= {"href", "rel", "dir"}


def test_paragraphs_and_line_breaks_are_kept(shown):
    page = body_of(shown("One\nTwo\n\nThree"))
    assert [tag for tag, _attributes in page.tags] == ["p", "br", "p"]


def test_each_paragraph_runs_in_the_direction_of_its_script(shown):
    page = body_of(shown("שלום\n\nHello"))
    assert [attributes.get("dir") for tag, attributes in page.tags if tag == "p"] == ["auto"] * 2


def test_the_author_finds_edit_and_delete(client, ana):
    post = make_post(ana)
    enter(client, ana)
    page = client.get(f"/post/{post.id}")
    assert link_to(page, "Edit") == f"/post/{post.id}/edit"
    assert link_to(page, "Delete") == f"/post/{post.id}/delete"


def test_others_find_neither(client, ana, bob):
    post = make_post(ana)
    enter(client, bob)
    page = client.get(f"/post/{post.id}")
    assert link_to(page, "Edit") is None
    assert link_to(page, "Delete") is None


def test_a_name_in_markup_is_shown_as_it_was_typed(client, ana):
    ana.display_name = "<b>%(name)s</b>{{x}}"
    db.session.commit()
    page = client.get(f"/post/{make_post(ana).id}")
    assert page.status_code == 200
    assert "<b>%" not in page.text
    assert "&lt;b&gt;%(name)s&lt;/b&gt;{{x}}" in page.text


@pytest.mark.parametrize("number", ["0", "1", str(MAX_ID), str(MAX_ID + 1), "9" * 19, "9" * 400])
def test_an_unknown_number_is_not_found(client, app, number):
    assert client.get(f"/post/{number}").status_code == 404


@pytest.mark.parametrize("number", ["x", "-1", "1.0", "1e3", "٣", "0x1", "%00", "1%00", " 1", "1 "])
def test_what_is_no_number_is_not_found(client, app, number):
    assert client.get(f"/post/{number}").status_code == 404


def test_a_number_with_zeros_in_front_is_no_second_address_of_a_post(client, ana):
    # The same page under many addresses: links would disagree about what was read.
    post = make_post(ana)
    assert client.get(f"/post/0{post.id}").status_code == 404


def test_a_post_of_a_suspended_member_is_not_found(client, ana):
    post = make_post(ana)
    assert client.get(f"/post/{post.id}").status_code == 200
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert client.get(f"/post/{post.id}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client, ana, method):
    post = make_post(ana)
    assert client.open(f"/post/{post.id}", method=method).status_code in {400, 405}
    db.session.refresh(post)


def test_a_visitor_costs_two_queries(client, ana):
    path = f"/post/{make_post(ana).id}"
    with counted_queries() as queries:
        client.get(path)
    assert len(queries) == 2


def test_a_member_costs_five_queries(client, ana, bob):
    # The session, the badges, the post, where answers stand, and what the member did with the post.
    path = f"/post/{make_post(ana).id}"
    enter(client, bob)
    with counted_queries() as queries:
        client.get(path)
    assert len(queries) == 5
