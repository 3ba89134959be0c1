"""`flask users`."""

import re
from datetime import UTC, datetime

import pytest

from app.accounts.queries import by_username
from app.extensions import db
from app.notifications.actions import mark_read
from tests.browsing import sign_in
from tests.factories import PASSWORD, make_follow, make_post, make_user
from tests.queries import all_rows
from tests.slow_work import before, can_write, meanwhile

NEW = "a boat beneath the bridge"


def told_password(result):
    return re.search(r"^Password: (\S+)$", result.output, re.MULTILINE)[1]


def is_signed_in(client):
    return client.get("/settings").status_code == 200


# create


def test_created_member_signs_in_with_the_password_that_was_told(run, client):
    result = run("users", "create", "dora", "dora@example.com")
    assert result.exit_code == 0
    assert "Created dora." in result.output
    assert sign_in(client, "dora", told_password(result)).status_code == 302


def test_passwords_made_up_are_long_and_different(run):
    one = told_password(run("users", "create", "dora", "dora@example.com"))
    two = told_password(run("users", "create", "emil", "emil@example.com"))
    assert one != two
    assert min(len(one), len(two)) >= 12


def test_created_member_is_no_administrator(run):
    run("users", "create", "dora", "dora@example.com")
    assert not by_username("dora").is_admin


def test_administrator_is_created_on_request(run):
    run("users", "create", "dora", "dora@example.com", "--admin")
    assert by_username("dora").is_admin


def test_reserved_name_may_be_created_here(run):
    assert run("users", "create", "admin", "admin@example.com").exit_code == 0


def test_password_can_be_asked_for_and_is_not_shown(run, client):
    typed = f"{NEW}\n{NEW}\n"
    result = run("users", "create", "dora", "dora@example.com", "--ask-password", typed=typed)
    assert result.exit_code == 0
    assert NEW not in result.output
    assert sign_in(client, "dora", NEW).status_code == 302


@pytest.mark.parametrize(
    "typed", ["short\nshort\n", "iloveyou\niloveyou\n", "dora@example.com\ndora@example.com\n"]
)
def test_password_asked_for_keeps_the_rules(run, typed):
    result = run("users", "create", "dora", "dora@example.com", "--ask-password", typed=typed)
    assert result.exit_code == 1
    assert "Error: " in result.output
    assert by_username("dora") is None


def test_nobody_waits_while_an_administrator_thinks_of_a_password(run, monkeypatch):
    free = []
    before(monkeypatch, "hash", lambda: free.append(can_write()))
    run("users", "create", "dora", "dora@example.com", "--ask-password", typed=f"{NEW}\n{NEW}\n")
    assert free == [True]


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("ana", "new@example.com"),
        ("ANA", "new@example.com"),
        ("dora", "ana@example.com"),
        ("dora", "ANA@example.com"),
        ("d", "new@example.com"),
        ("do ra", "new@example.com"),
        ("1dora", "new@example.com"),
        ("", "new@example.com"),
        ("дора", "new@example.com"),
        ("dora", "nonsense"),
        ("dora", ""),
    ],
)
def test_name_or_address_that_cannot_be_had_ends_with_status_1(run, ana, name, email):
    before_it = all_rows()
    result = run("users", "create", name, email)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Password:" not in result.output
    assert all_rows() == before_it


def test_name_lost_in_a_race_ends_with_status_1(run, app, monkeypatch):
    meanwhile(monkeypatch, app, "hash", lambda: make_user("dora", email_key="x@example.com"))
    result = run("users", "create", "dora", "dora@example.com")
    assert (result.exit_code, result.output) == (
        1,
        "Error: That name or address was taken a moment ago.\n",
    )


# list


def test_list_names_everybody_the_newest_first(run, ana, bob, carla):
    result = run("users", "list")
    assert result.exit_code == 0
    assert [line.split("\t")[0] for line in result.output.splitlines()] == ["carla", "bob", "ana"]


def test_list_tells_address_date_and_number_of_posts(run, ana):
    make_post(ana)
    today = datetime.now(UTC).date().isoformat()
    fields = run("users", "list").output.splitlines()[0].split("\t")
    assert fields[:4] == ["ana", "ana@example.com", today, "1"]


def test_list_marks_administrators_and_the_suspended(run, ana, bob):
    run("users", "promote", "ana")
    run("users", "suspend", "ana")
    lines = run("users", "list").output.splitlines()
    assert lines[0].endswith("\t")
    assert lines[1].endswith("\tadmin,suspended")


def names_in(result):
    return [line.split("\t")[0] for line in result.output.splitlines()]


def test_list_can_be_narrowed(run, ana, bob, carla):
    run("users", "promote", "ana")
    run("users", "suspend", "bob")
    assert names_in(run("users", "list", "--admins")) == ["ana"]
    assert names_in(run("users", "list", "--suspended")) == ["bob"]


def test_list_has_a_limit(run, ana, bob, carla):
    assert len(run("users", "list", "--limit", "2").output.splitlines()) == 2


@pytest.mark.parametrize("limit", ["-1", "abc", "9" * 30])
def test_limit_that_is_none_is_a_usage_error(run, ana, limit):
    assert run("users", "list", "--limit", limit).exit_code == 2


def test_list_of_nobody_is_no_error(run):
    assert run("users", "list").exit_code == 0


# promote


def test_promoted_member_is_an_administrator_until_it_is_revoked(run, ana):
    result = run("users", "promote", "Ana")
    assert (result.exit_code, result.output) == (0, "ana is now an administrator.\n")
    assert by_username("ana").is_admin
    result = run("users", "promote", "ana", "--revoke")
    assert (result.exit_code, result.output) == (0, "ana is no longer an administrator.\n")
    assert not by_username("ana").is_admin


def test_nobody_else_is_promoted(run, ana, bob):
    run("users", "promote", "ana")
    assert not by_username("bob").is_admin


# suspend, restore


def test_suspended_member_is_signed_out_and_kept_out(run, app, client, ana):
    sign_in(client, "ana")
    assert is_signed_in(client)
    result = run("users", "suspend", "ana")
    assert (result.exit_code, result.output) == (0, "Suspended ana.\n")
    assert not is_signed_in(client)
    assert sign_in(app.test_client(), "ana").status_code == 403


def test_restored_member_may_sign_in_again(run, client, ana):
    run("users", "suspend", "ana")
    result = run("users", "restore", "ana")
    assert (result.exit_code, result.output) == (0, "Restored ana.\n")
    assert sign_in(client, "ana").status_code == 302


def test_suspending_twice_ends_with_status_1_and_changes_nothing(run, ana, bob):
    run("users", "suspend", "ana")
    before_it = all_rows()
    result = run("users", "suspend", "ana")
    assert (result.exit_code, result.output) == (1, "Error: ana is suspended already.\n")
    assert all_rows() == before_it


def test_restoring_who_is_not_suspended_ends_with_status_1_and_changes_nothing(run, ana, bob):
    before_it = all_rows()
    result = run("users", "restore", "ana")
    assert (result.exit_code, result.output) == (1, "Error: ana is not suspended.\n")
    assert all_rows() == before_it


# delete


def test_delete_removes_the_member_and_everything_of_theirs(run, ana, bob, carla):
    mark_read(ana)  # or what Dora does would join what Ana was told before
    db.session.commit()
    before_it = all_rows()
    dora = make_user("dora")
    make_post(dora)
    make_follow(dora, ana)
    make_follow(carla, dora)
    result = run("users", "delete", "dora", "--yes")
    assert (result.exit_code, result.output) == (0, "Deleted dora.\n")
    assert all_rows() == before_it


def test_delete_of_a_suspended_member_leaves_the_counters_right(run, ana, bob):
    run("users", "suspend", "ana")
    run("users", "delete", "ana", "--yes")
    assert by_username("bob").following_count == 0
    assert run("counters", "repair").output == "All counters are right.\n"


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_delete_asks_first_and_takes_no_for_an_answer(run, ana, typed):
    before_it = all_rows()
    result = run("users", "delete", "ana", typed=typed)
    assert result.exit_code == 1
    assert "for good?" in result.output
    assert all_rows() == before_it


def test_delete_goes_on_after_a_yes(run, ana):
    assert run("users", "delete", "ana", typed="y\n").exit_code == 0
    assert by_username("ana") is None


# reset-password


def test_new_password_works_and_the_old_one_no_longer(run, app, client, ana):
    result = run("users", "reset-password", "ana")
    assert result.exit_code == 0
    assert "ana has a new password and is signed out everywhere." in result.output
    assert sign_in(client, "ana", PASSWORD).status_code == 422
    assert sign_in(app.test_client(), "ana", told_password(result)).status_code == 302


def test_new_password_signs_the_member_out_everywhere(run, app, ana):
    devices = [app.test_client(), app.test_client()]
    for device in devices:
        sign_in(device, "ana")
    run("users", "reset-password", "ana")
    assert [is_signed_in(device) for device in devices] == [False, False]


def test_new_password_leaves_others_signed_in(run, client, ana, carla):
    sign_in(client, "carla")
    run("users", "reset-password", "ana")
    assert is_signed_in(client)


def test_new_password_can_be_asked_for(run, client, ana):
    result = run("users", "reset-password", "ana", "--ask-password", typed=f"{NEW}\n{NEW}\n")
    assert result.exit_code == 0
    assert NEW not in result.output
    assert sign_in(client, "ana", NEW).status_code == 302


def test_new_password_that_breaks_a_rule_changes_nothing(run, client, ana):
    sign_in(client, "ana")
    before_it = all_rows()
    result = run("users", "reset-password", "ana", "--ask-password", typed="short\nshort\n")
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        "Error: Use at least 8 characters.",
    )
    assert all_rows() == before_it


def test_new_password_lets_no_suspended_member_in(run, client, ana):
    run("users", "suspend", "ana")
    password = told_password(run("users", "reset-password", "ana"))
    assert sign_in(client, "ana", password).status_code == 403


# All of them


@pytest.mark.parametrize(
    "command",
    [["promote"], ["suspend"], ["restore"], ["delete", "--yes"], ["reset-password"]],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("name", ["nobody_here", "", "ana\u200b"])
def test_unknown_name_ends_with_status_1_and_changes_nothing(run, ana, command, name):
    before_it = all_rows()
    result = run("users", *command, name)
    assert (result.exit_code, result.output) == (1, f"Error: Nobody is called {name}.\n")
    assert all_rows() == before_it


@pytest.mark.parametrize("command", [["promote"], ["suspend"], ["delete", "--yes"]])
def test_name_is_found_in_any_case(run, ana, command):
    assert run("users", *command, "ANA").exit_code == 0
