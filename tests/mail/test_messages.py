"""Every message that the site sends, made by the real job in every language there is."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import actions, addresses
from app.accounts.models import AddressChange, Registration, User
from app.clock import utcnow
from app.exports.actions import ask_for_export
from app.extensions import db
from app.jobs.models import Job
from app.moderation.leaving import schedule_deletion
from config import BASE_DIR, TRANSLATIONS
from tests.factories import PASSWORD_HASH, make_user
from tests.working import do_jobs, links_in, mails, words_of

FOLDERS = BASE_DIR / "app" / "templates" / "emails"
LANGUAGES = ["en", *sorted(path.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES"))]
NEW_ADDRESS = "ana@elsewhere.example"
# RFC 5322, without the line's end; a server may refuse a message with a longer line.
LONGEST_LINE = 998
# What our own words are broken at.
LINE_OF_WORDS = 72


def ask_for_a_copy(app: Flask, user: User) -> None:
    ask_for_export(user)


def leave(app: Flask, user: User) -> None:
    schedule_deletion(user)


def leave_and_let_the_time_pass(app: Flask, user: User) -> None:
    schedule_deletion(user)
    user.deletion_due_at = utcnow() - timedelta(seconds=1)
    going = db.session.scalars(sa.select(Job).where(Job.kind == "moderation.remove_account")).one()
    going.due_at = user.deletion_due_at
    # Only the farewell is looked at here.
    db.session.execute(sa.delete(Job).where(Job.kind == "moderation.tell_deletion_scheduled"))


def change_address(app: Flask, user: User) -> None:
    addresses.begin_change(user, NEW_ADDRESS)


def change_address_and_confirm(app: Flask, user: User) -> None:
    change = AddressChange(user_id=user.id, old_email=user.email, new_email=NEW_ADDRESS)
    db.session.add(change)
    db.session.flush()
    addresses.finish_change(change)


def join(app: Flask, user: User, address: str = "newcomer@example.com") -> None:
    # Somebody who joins has no settings yet: the language is that of the page.
    headers = {"Accept-Language": user.locale or "en"}
    # A context of its own: the language is chosen once for each.
    with app.app_context(), app.test_request_context(headers=headers):
        addresses.begin_registration("newcomer", address, PASSWORD_HASH)
        db.session.commit()


# For each folder: what leads to the message, and where it goes.
OCCASIONS: dict[str, tuple[Callable[[Flask, User], object], str]] = {
    "reset_password": (lambda app, user: addresses.ask_for_reset(user.email), "ana@example.com"),
    "password_changed": (
        lambda app, user: actions.change_password(user, PASSWORD_HASH),
        "ana@example.com",
    ),
    "confirm_registration": (join, "newcomer@example.com"),
    "address_taken": (lambda app, user: join(app, user, "ANA@example.com"), "ana@example.com"),
    "confirm_address": (change_address, NEW_ADDRESS),
    "address_changed": (change_address_and_confirm, "ana@example.com"),
    "deletion_scheduled": (leave, "ana@example.com"),
    "account_deleted": (leave_and_let_the_time_pass, "ana@example.com"),
    "export_ready": (ask_for_a_copy, "ana@example.com"),
}
EVERY_MESSAGE = pytest.mark.parametrize("name", OCCASIONS)
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
# With a link that is a secret, or that leads somewhere.
LINKS = {
    "reset_password": r"/auth/reset_password/\S+",
    "password_changed": r"/auth/reset_password_request",
    "confirm_registration": r"/auth/confirm/\S+",
    "address_taken": r"/auth/login",
    "confirm_address": r"/auth/confirm/\S+",
    "address_changed": r"/auth/confirm/\S+",
    "deletion_scheduled": r"/auth/login",
    "export_ready": r"/settings/jobs",
}
# Nobody whom the member does not know gets words that the member chose.
TO_A_STRANGER = {"confirm_registration", "confirm_address"}


class Page(HTMLParser):
    """The HTML part: its words, its links and what its root element says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.links, self.tags, self.root = "", [], [], {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag == "html":
            self.root = values
        if tag == "a":
            self.links.append(values["href"])
        if tag not in {"meta", "br", "link", "img", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} ends where it was not begun"

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data


@pytest.fixture
def outbox(app):
    """Empty the outbox, which the application may have from earlier tests."""
    folder = app.config["DATA_DIR"] / "outbox"
    for path in folder.glob("*"):
        path.unlink()
    return folder


@pytest.fixture
def receive(app, outbox):
    """Return a function that lets something happen, and returns the message that follows."""

    def receive(name: str, **columns: object):
        ana = make_user("ana", email="ana@example.com", **{"display_name": "Ana"} | columns)
        occasion, _to = OCCASIONS[name]
        occasion(app, ana)
        db.session.commit()
        do_jobs(app)
        (message,) = mails(app)
        return message

    return receive


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def test_every_folder_of_templates_has_its_occasion():
    assert set(OCCASIONS) == {path.name for path in FOLDERS.iterdir() if path.is_dir()}


@EVERY_LANGUAGE
@EVERY_MESSAGE
def test_message_is_whole_in_every_language(receive, name, language):
    message = receive(name, locale=language)
    assert message["To"].addresses[0].addr_spec == OCCASIONS[name][1]
    assert len(message["To"].addresses) == 1
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"].strip()
    assert abs(parsedate_to_datetime(message["Date"]) - utcnow()) < timedelta(minutes=1)
    assert re.fullmatch(r"<\S+@localhost>", message["Message-ID"])
    # Plain text first: the last part is the one that a program prefers.
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html"]
    assert "multipart/alternative" in {part.get_content_type() for part in message.walk()}
    text, page = words_of(message), Page(html_of(message))
    assert (page.root["lang"], page.root["dir"], page.open) == (language, "ltr", [])
    for words in (message["Subject"], text, page.words):
        assert not re.search(r"%\(|\{\{|\{%|\bNone\b|Undefined|&(amp|lt|gt|#\d+);|<bdi", words)
    # Both parts lead to the same places, and nowhere else.
    assert set(links_in(message)) == set(page.links)
    assert all(link.startswith("http://127.0.0.1:5000") for link in page.links)
    if name in LINKS:
        assert re.fullmatch(r"http://127\.0\.0\.1:5000" + LINKS[name], links_in(message)[0])
    else:
        assert links_in(message) == ["http://127.0.0.1:5000"]
    # Nothing is fetched when it is opened, and nothing runs.
    assert {tag for tag, _values in page.tags}.isdisjoint({"img", "link", "script", "iframe"})
    assert "url(" not in html_of(message)


@EVERY_LANGUAGE
@EVERY_MESSAGE
def test_plain_text_has_lines_that_a_terminal_shows(receive, name, language):
    lines = words_of(receive(name, locale=language)).splitlines()
    for line in lines:
        assert len(line) <= LINE_OF_WORDS or re.fullmatch(r"http\S+", line), line
        assert line == line.rstrip() or line == "-- "
    # One empty line between paragraphs, not three.
    assert "\n\n\n\n" not in "\n".join(lines)
    assert lines[lines.index("-- ") :] == ["-- ", "Microblog", "http://127.0.0.1:5000"]


@pytest.mark.parametrize("language", LANGUAGES[1:])
@EVERY_MESSAGE
def test_no_sentence_is_left_in_english(app, outbox, receive, name, language):
    def sentences(message):
        text = "\n".join(words_of(message).splitlines())
        paragraphs = text.split("\n-- \n")[0].split("\n\n")
        words = {" ".join(each.split()) for each in paragraphs if "http" not in each}
        return (words | {message["Subject"]}) - {""}

    theirs = sentences(receive(name, locale=language))
    for path in outbox.glob("*"):
        path.unlink()
    for model in (Job, Registration, User):
        db.session.execute(sa.delete(model))
    db.session.commit()
    english = sentences(receive(name, locale="en"))
    assert len(english) >= 3
    assert theirs.isdisjoint(english)


def test_subject_is_in_spanish_for_a_spanish_member_whoever_asked(app, client, outbox):
    make_user("ana", email="ana@example.com", locale="es")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        addresses.ask_for_reset("ana@example.com")
        db.session.commit()
    do_jobs(app)
    (message,) = mails(app)
    assert message["Subject"] != "Set a new password for Microblog"
    assert message["Content-Language"] == "es"


def test_member_who_follows_the_browser_gets_the_language_of_the_page(app, outbox):
    make_user("ana", email="ana@example.com", locale=None)
    with app.test_request_context(headers={"Accept-Language": "es"}):
        addresses.ask_for_reset("ana@example.com")
        db.session.commit()
    do_jobs(app)
    assert mails(app)[0]["Content-Language"] == "es"


def test_language_that_is_no_longer_offered_gives_way_to_the_first(app, outbox):
    make_user("ana", email="ana@example.com", locale="xx")
    addresses.ask_for_reset("ana@example.com")
    db.session.commit()
    do_jobs(app)
    assert mails(app)[0]["Content-Language"] == "en"


HOSTILE_NAMES = {
    "markup": '<a href="https://evil.example">click</a><script>alert(1)</script>',
    "quotes and commas": "Ana, \"Queen\" <evil@evil.example>, 'x'",
    "line breaks": "Ana\r\nBcc: evil@evil.example\r\n\r\nGo to evil",
    "odd line breaks": "Ana\u2028Bcc: evil@evil.example\x0b\x85x",
    "placeholders": "%(link)s {{ 7 * 7 }} %s {0} %",
    "right to left": "آنا البحرية",
    "override": "Ana\u202egro.live",
    "null": "Ana\x00\x1b[31m",
}


@pytest.mark.parametrize("given", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES.keys())
@EVERY_MESSAGE
def test_name_that_somebody_chose_changes_nothing_else(receive, name, given):
    message = receive(name, display_name=given)
    assert [each.addr_spec for each in message["To"].addresses] == [OCCASIONS[name][1]]
    assert {"Bcc", "Cc"}.isdisjoint(message.keys())
    page = Page(html_of(message))
    assert set(page.links) <= set(links_in(message)) | {"http://127.0.0.1:5000"}
    assert not any("evil.example" in link for link in page.links)
    assert "script" not in {tag for tag, _values in page.tags}
    if name in TO_A_STRANGER:
        assert "evil" not in words_of(message) + html_of(message)
        return
    assert " ".join(given.split()).strip("\x00")[:3] in page.words
    if "\u202e" in given:
        # It ends with the name: everything after it stays readable.
        assert re.search(r"<bdi[^>]*>[^<]*\u202e[^<]*</bdi>", html_of(message))


# Fifty characters as people count them, and as many bytes as they can have.
LONGEST_NAMES = ["🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 35, "&" * 50]


@pytest.mark.parametrize("given", LONGEST_NAMES, ids=["flags", "ampersands"])
@pytest.mark.parametrize("name", sorted(set(OCCASIONS) - TO_A_STRANGER))
def test_no_line_is_longer_than_mail_servers_take(receive, outbox, name, given):
    receive(name, display_name=given)
    (path,) = outbox.glob("*.eml")
    assert max(map(len, path.read_bytes().split(b"\r\n"))) <= LONGEST_LINE


@EVERY_MESSAGE
def test_file_has_the_line_ends_of_mail(receive, outbox, name):
    receive(name)
    (path,) = outbox.glob("*.eml")
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


class TestSiteWithAnotherName:
    NAME = 'Гавань "Порт", <Ltd.> & Сыновья, где все лодки возвращаются домой'

    @pytest.fixture
    def settings(self):
        return {
            "SITE_NAME": self.NAME,
            "PUBLIC_URL": "https://harbour.example",
            "SECRET_KEY": "k" * 64,
        }

    @EVERY_MESSAGE
    def test_name_is_written_as_it_is_and_links_begin_with_the_public_address(self, receive, name):
        message = receive(name)
        assert message["From"].addresses[0].display_name == self.NAME
        assert message["From"].addresses[0].addr_spec == "noreply@harbour.example"
        assert message["Message-ID"].endswith("@harbour.example>")
        page = Page(html_of(message))
        assert self.NAME in page.words
        assert self.NAME in words_of(message)
        assert all(link.startswith("https://harbour.example") for link in page.links)

    def test_subject_holds_the_whole_name(self, receive):
        subject = receive("confirm_registration")["Subject"]
        assert subject == f"Finish joining {self.NAME}"


def test_address_that_was_typed_otherwise_is_not_where_the_message_goes(app, outbox):
    # The member's own spelling counts, not that of whoever asks (which may be another's mailbox).
    make_user("ana", email="ana@example.com")
    addresses.ask_for_reset("ANA@EXAMPLE.COM")
    db.session.commit()
    do_jobs(app)
    assert [message["To"] for message in mails(app)] == ["ana@example.com"]


@pytest.mark.parametrize("live", [False, True])
class TestWhatIsKept:
    @pytest.fixture
    def settings(self, live):
        return {"PUBLIC_URL": "https://microblog.example"} if live else {}

    @pytest.fixture
    def shared_app(self):
        return False

    @EVERY_MESSAGE
    def test_no_address_link_or_body_stands_in_the_table_or_in_the_log(
        self, app, receive, name, live
    ):
        assert app.config["LIVE"] is live
        message = receive(name)
        db.session.rollback()
        columns = sa.inspect(Job).columns
        rows = [str(tuple(row)) for row in db.session.execute(sa.select(*columns))]
        assert rows
        log = Path(app.config["DATA_DIR"], "logs", "microblog.log").read_text()
        assert "(accounts." in log or "(exports." in log or "(moderation." in log
        kept = "\n".join(rows) + log
        assert "@" not in kept
        assert message["Subject"] not in kept
        for link in links_in(message):
            if "/reset_password/" in link or "/confirm/" in link:
                assert link.rsplit("/", 1)[1] not in kept
                assert link.rsplit(".", 1)[1] not in kept
        assert words_of(message).splitlines()[0] not in kept
