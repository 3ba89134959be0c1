"""Rules for new names, addresses and passwords."""

import pytest

from app.accounts import rules
from app.accounts.names import RESERVED
from app.problems import Problem
from tests.factories import PASSWORD


@pytest.mark.parametrize("name", sorted(RESERVED)[::7])
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_reserved_name_is_refused_in_any_case(app, name, change):
    with pytest.raises(Problem):
        rules.check_new_username(change(name))


def test_reserved_name_can_be_allowed(app):
    rules.check_new_username("admin", reserved=True)


def test_allowing_reserved_names_allows_no_broken_ones(app):
    with pytest.raises(Problem):
        rules.check_new_username("ad min", reserved=True)


def test_allowing_reserved_names_allows_no_taken_ones(ana):
    with pytest.raises(Problem, match="Somebody has that name already"):
        rules.check_new_username("ANA", reserved=True)


def test_free_name_and_address_pass(ana):
    rules.check_new_username("anna")
    rules.check_new_email("anna@example.com")


def test_address_of_a_member_is_refused_in_any_form(ana):
    with pytest.raises(Problem):
        rules.check_new_email("ANA@example.COM")


@pytest.mark.parametrize("length", [8, 9, 255, 256])
def test_password_of_a_length_within_the_limits_passes(app, length):
    rules.check_new_password(("zq" * 128)[:length])


@pytest.mark.parametrize("length", [0, 1, 7, 257, 10_000])
def test_password_of_a_length_beyond_them_is_refused(app, length):
    with pytest.raises(Problem):
        rules.check_new_password("zq" * (length // 2) + "z" * (length % 2))


def test_length_is_that_of_the_password_which_is_stored(app):
    rules.check_new_password("ﬁ" * 4)
    with pytest.raises(Problem, match="at least 8"):
        rules.check_new_password("e\u0301" * 7)


def test_refusal_says_why_in_the_reader_s_language(app):
    with pytest.raises(Problem) as refusal:
        rules.check_new_password("short")
    said = {}
    for language in ("en", "es"):
        headers = {"Accept-Language": language}
        with app.app_context(), app.test_request_context(headers=headers):
            said[language] = str(refusal.value)
    assert said["en"] == "Use at least 8 characters."
    assert said["es"] not in {"", said["en"]}


def test_member_s_own_words_are_refused_as_passwords(app):
    with pytest.raises(Problem, match="easy to guess"):
        rules.check_new_password(PASSWORD, PASSWORD.upper())
