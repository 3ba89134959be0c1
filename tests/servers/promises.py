"""Whether the site kept what it promised to a load: every post and message once, and the counts."""

from collections import Counter
from collections.abc import Container, Iterator
from email.message import EmailMessage

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.database import begin_read
from app.jobs.models import Job, JobState
from app.jobs.worker import GRACE
from app.posts.counters import recount as recount_posts
from app.posts.models import Post
from app.relationships.actions import recount as recount_follows
from app.search.embedded import embedded
from app.search.engine import Collection
from app.search.upkeep import compare
from tests.jobs.live_site import ASKED_FOR
from tests.processes import until
from tests.servers.load import Load
from tests.servers.stack import Stack

# Longer than any worker is waited for until it is taken for dead.
PATIENCE_WITH_JOBS = 400
HASTE = 12


def broken_promises(load: Load, excused: Container[str] = ()) -> Iterator[str]:
    """Name every promise that was not kept; messages to the `excused` need not have arrived."""
    stack = load.stack
    with stack.town.context() as db:
        begin_read(db.session)
        query = sa.select(Post.body).join(User).where(User.username.startswith(f"{load.name}n"))
        written = Counter(db.session.scalars(query))
        failed = db.session.scalars(sa.select(Job).where(Job.state == JobState.FAILED)).all()
        db.session.rollback()
        if wrong := recount_posts() + recount_follows():
            yield f"{wrong} counters are wrong"
        db.session.rollback()
        index = compare(embedded(), Collection.POSTS)
    if index.missing or index.extra:
        yield f"the index lacks {len(index.missing)} posts and has {len(index.extra)} too many"
    yield from (f"{job} failed: {job.last_error}" for job in failed)
    if stack.deployment.settings.get("ELASTICSEARCH_URL"):
        stack.deployment.flask("search", "status")  # fails if something is missing there
    for body in written.keys() | load.posts.keys():
        if body not in load.posts:
            yield f"nobody wrote {body!r}"
        elif written[body] > 1 or written[body] < load.posts[body]:
            yield f"{body!r} is there {written[body]} times"
    for address, promised in load.asked.items():
        arrived = stack.post_office.messages_to(address)
        # Two copies of one: its worker was killed before it could note what the server said.
        if promised and address not in excused and len(set(map(id_of, arrived))) != 1:
            yield f"{len(arrived)} messages arrived for {address}"


def overtaken(load: Load) -> set[str]:
    """Return the addresses of those whose message was too late when its turn came."""
    with load.stack.town.context() as db:
        begin_read(db.session)
        late = sa.select(User.email).join(Job, Job.user_id == User.id)
        return set(db.session.scalars(late.where(Job.last_error == "its time has passed")))


def copies(load: Load) -> int:
    """Count the messages of a load that arrived a second time."""
    messages = map(load.stack.post_office.messages_to, load.asked)
    return sum(max(len(arrived) - 1, 0) for arrived in messages)


def wait_for_jobs(stack: Stack, *, in_haste: bool) -> int:
    """Wait until all that was asked for is done.

    What takes longer than any living worker does is, `in_haste`, told that its time has come;
    returns how many jobs were.
    """
    hurried = 0
    open_jobs = ASKED_FOR, Job.due_at.is_not(None)

    def is_done() -> bool:
        with stack.town.context() as db:
            begin_read(db.session)
            return not db.session.scalar(sa.select(sa.func.count()).where(*open_jobs))

    if in_haste and not until(is_done, HASTE, pause=1):
        with stack.town.context() as db:
            hurry = sa.update(Job).where(*open_jobs).values(due_at=utcnow() - GRACE)
            hurried = db.session.execute(hurry).rowcount
            db.session.commit()
    assert until(is_done, PATIENCE_WITH_JOBS, pause=1), stack.log("worker")[-4000:]
    return hurried


def id_of(message: EmailMessage) -> str:
    """Return what tells a message from others."""
    return message["Message-ID"]
