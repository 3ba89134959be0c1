"""A backup of a site that is in use brings back just what it says, as it was at one moment."""

from app.extensions import db
from app.posts.counters import recount
from app.posts.models import Post
from tests.backups.test_backup import tables_of
from tests.backups.town import run, site
from tests.processes import until
from tests.servers.load import RECOVERS_WITHIN, Load


def test_backup_that_is_made_under_load_restores_to_the_same_checksums(stack, tmp_path):
    saved, again = tmp_path / "saved.zip", tmp_path / "again.zip"
    with Load(stack) as load:
        until(lambda: load.acknowledged > 10, RECOVERS_WITHIN)
        before = [body for body, acknowledged in list(load.posts.items()) if acknowledged]
        stack.deployment.flask("backup", "create", str(saved))
        until(lambda: sum(load.posts.values()) > len(before), RECOVERS_WITHIN)
    assert load.failures == []
    assert len(before) > 3, "the premise: there was a load"
    with site(tmp_path, stack.database.new_database()) as empty:
        run(empty, "backup", "restore", saved)
        run(empty, "backup", "create", again)
        assert tables_of(again) == tables_of(saved)
        bodies = set(db.session.scalars(db.select(Post.body)))
        assert set(before) <= bodies
        assert recount() == 0
