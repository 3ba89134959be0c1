"""`flask posts`."""

import pytest

from app.accounts.queries import by_username
from tests.factories import make_post
from tests.queries import all_rows


def test_delete_removes_the_post_and_counts_it(run, client, ana):
    kept, gone = make_post(ana, "Kept."), make_post(ana, "Gone.")
    kept_id, gone_id = kept.id, gone.id
    result = run("posts", "delete", str(gone_id), "--yes")
    assert (result.exit_code, result.output) == (0, "Deleted a post by ana.\n")
    assert client.get(f"/post/{gone_id}").status_code == 404
    assert client.get(f"/post/{kept_id}").status_code == 200
    assert by_username("ana").posts_count == 1


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_delete_asks_first_and_takes_no_for_an_answer(run, ana, typed):
    number = str(make_post(ana).id)
    before = all_rows()
    result = run("posts", "delete", number, typed=typed)
    assert result.exit_code == 1
    assert all_rows() == before


def test_delete_reaches_posts_of_the_suspended(run, ana):
    number = str(make_post(ana).id)
    run("users", "suspend", "ana")
    assert run("posts", "delete", number, "--yes").exit_code == 0
    assert all_rows()["posts"] == []


def test_delete_shows_what_it_asks_about(run, ana):
    number = str(make_post(ana, "Fish for sale.").id)
    result = run("posts", "delete", number, typed="y\n")
    assert result.output.startswith("ana wrote: Fish for sale.\nDelete the post for good?")
    assert result.exit_code == 0


def test_delete_does_not_ask_about_a_post_that_is_not_there(run, ana):
    assert run("posts", "delete", "1").output == "Error: There is no post 1.\n"


@pytest.mark.parametrize("number", ["0", "1", str(2**63 - 1)])
def test_unknown_post_ends_with_status_1(run, ana, number):
    make_post(ana)
    before = all_rows()
    result = run("posts", "delete", number, "--yes")
    assert (result.exit_code, result.output) == (1, f"Error: There is no post {number}.\n")
    assert all_rows() == before


@pytest.mark.parametrize("number", ["abc", "-1", "1.5", str(2**63), "9" * 40, ""])
def test_what_is_no_number_is_a_usage_error(run, number):
    assert run("posts", "delete", "--yes", "--", number).exit_code == 2
