"""A site of real processes that may be killed: web, workers, and a mail server beside them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from app import create_app
from app.accounts.models import User
from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.ids import new_id
from app.jobs.models import Job, JobState
from app.jobs.worker import GRACE
from app.posts.models import Post
from tests.conftest import make_config
from tests.factories import make_user
from tests.post_office import PostOffice
from tests.processes import Process, free_port, settings_for, start_web, start_worker, until
from tests.visitor import Visitor

# Not those that come round by themselves.
ASKED_FOR = Job.unique_key.is_(None) | Job.unique_key.not_like("every %")
ENDED = {JobState.DONE, JobState.DROPPED, JobState.FAILED}


class Broker(Protocol):
    """Who carries word of jobs, and what may happen to them."""

    url: str

    def lose(self) -> None:
        """End it without a warning; word that is under way is lost."""

    def restore(self) -> None:
        """Bring it back, empty."""


class LiveSite:
    """The processes of a site, its people, and what its database says about jobs."""

    def __init__(
        self, folder: Path, broker: Broker, post_office: PostOffice, **settings: str
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.post_office = post_office
        self.settings = settings_for(folder, free_port()) | post_office.settings
        self.settings |= {"CELERY_BROKER_URL": broker.url} | settings
        self.app = create_app(make_config(folder, **self.settings))
        self.web: Process | None = None
        self.workers: list[Process] = []
        self._logs = count(1)
        self._numbers = count(1)

    def run(self, *, workers: int) -> None:
        """Let the web process and so many workers run: start who is missing, kill who is not."""
        if self.web is None or not self.web.runs:
            self.web = start_web(self.settings, self._log("web"))
        self.workers = [worker for worker in self.workers if worker.runs]
        while len(self.workers) > workers:
            self.workers.pop().kill()
        while len(self.workers) < workers:
            self.start_worker()

    def start_worker(self, *, wait: bool = True) -> Process:
        """Start one more worker."""
        self.workers.append(start_worker(self.settings, self._log("worker"), wait=wait))
        return self.workers[-1]

    def kill_workers(self) -> None:
        """Kill every worker."""
        while self.workers:
            self.workers.pop().kill()

    def end(self) -> None:
        """End everything."""
        for process in (*self.workers, self.web):
            if process is not None:
                process.kill()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def member(self, posts: int = 0) -> str:
        """Register somebody who wrote so many posts, and return their name."""
        with self.app.app_context():
            user = make_user(f"member{next(self._numbers)}", posts_count=posts)
            now = utcnow()
            rows = [
                {
                    "id": new_id(now - timedelta(minutes=number)),
                    "author_id": user.id,
                    "body": f"Boat number {number} is in. " * 10,
                    "once_key": str(number),
                }
                for number in range(posts)
            ]
            if rows:
                db.session.execute(sa.insert(Post), rows)
                db.session.commit()
            return user.username

    def id_of(self, username: str) -> int:
        """Return a member's id."""
        with self._reading():
            return db.session.scalars(sa.select(User.id).where(User.username == username)).one()

    def visitor(self, member: str | None = None) -> Visitor:
        """Return a browser, signed in as a member if one is named."""
        visitor = Visitor(self.settings["PUBLIC_URL"])
        if member:
            assert visitor.sign_in(member).url == f"{visitor.site}/"
        return visitor

    def ask_for_reset(self, member: str) -> Job:
        """Ask for a mail on the page, and return its job."""
        page = self.visitor().submit("/auth/reset_password_request", email=address_of(member))
        assert page.url.endswith("/auth/check_mail/reset"), page.text
        return self.jobs("accounts.send_reset_link", member)[-1]

    def jobs(self, kind: str | None = None, member: str | None = None) -> list[Job]:
        """Return the jobs of a kind, or all but those that come round by themselves."""
        query = sa.select(Job).where(ASKED_FOR)
        if kind:
            query = query.where(Job.kind == kind)
        if member:
            query = query.where(Job.user_id == self.id_of(member))
        with self._reading():
            return list(db.session.scalars(query.order_by(Job.id)))

    def job(self, job_id: int) -> Job:
        """Return a job as it is now."""
        with self._reading():
            return db.session.get_one(Job, job_id)

    def finished(self, job: Job, seconds: float = 20) -> Job:
        """Wait until a job has ended, and return it."""
        until(lambda: self.job(job.id).state in ENDED, seconds)
        return self.job(job.id)

    def rest(self, seconds: float = 30) -> None:
        """Wait until no job is left to do; the sweep finds at once what no broker told about."""
        end = time.monotonic() + seconds
        while left := [job for job in self.jobs() if job.state not in ENDED]:
            assert time.monotonic() < end, [(job, job.due_at, job.last_error) for job in left]
            self._age(Job.state == JobState.WAITING)
            time.sleep(0.2)

    def age(self, job: Job, by: timedelta = GRACE) -> None:
        """Let so much time pass for a job that was due; so also the lease of a dead worker ends."""
        self._age(Job.id == job.id, by=by)

    def _age(self, which: sa.ColumnElement[bool], by: timedelta = GRACE) -> None:
        with self.app.app_context():
            jobs = sa.update(Job).where(which, Job.due_at.is_not(None), ASKED_FOR)
            db.session.execute(jobs.values(due_at=utcnow() - by))
            db.session.commit()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}{next(self._logs)}.log"

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self.app.app_context():
            begin_read(db.session)
            yield


def address_of(member: str) -> str:
    """Return the address that the factory gave to a member."""
    return f"{member}@example.com"


@contextmanager
def live_site(folder: Path, broker: Broker, **settings: str) -> Iterator[LiveSite]:
    """Hand out a site on a database that is there; ends its processes afterwards."""
    post_office = PostOffice()
    post_office.open()
    site = LiveSite(folder, broker, post_office, **settings)
    try:
        yield site
    finally:
        site.end()
        post_office.close()
