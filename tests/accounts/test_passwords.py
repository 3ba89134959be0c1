"""Passwords: hashing, NFKC, and what is too easily guessed."""

import re

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.accounts import passwords
from tests.factories import PASSWORD, PASSWORD_HASH


def test_right_password_matches_its_hash():
    assert passwords.verify(PASSWORD_HASH, PASSWORD)


@pytest.mark.parametrize("wrong", ["", PASSWORD + " ", PASSWORD.title(), PASSWORD[1:]])
def test_any_other_password_does_not(wrong):
    assert not passwords.verify(PASSWORD_HASH, wrong)


def test_hash_is_argon2id_of_the_strength_that_is_advised_for_2024_and_later():
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", PASSWORD_HASH)
    memory, passes, _lanes = map(int, found.groups())
    assert memory >= 19 * 1024
    assert passes >= 2


def test_one_password_has_a_new_hash_every_time():
    assert passwords.hash_password(PASSWORD) != PASSWORD_HASH


def test_nobody_has_any_password():
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify(None, "nobody has this password")


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$", "plain text", PASSWORD])
def test_broken_hash_matches_nothing(broken):
    assert not passwords.verify(broken, PASSWORD)


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("cafe\u0301 noir", "caf\u00e9 noir"),
        ("ﬁsh ﬁngers", "fish fingers"),
        ("x\u00b2 + y\u00b2", "x2 + y2"),
    ],
)
def test_spellings_that_look_alike_are_one_password(typed, also):
    assert passwords.verify(passwords.hash_password(typed), also)


def test_case_and_space_make_a_different_password():
    assert not passwords.verify(PASSWORD_HASH, PASSWORD.upper())
    assert not passwords.verify(PASSWORD_HASH, PASSWORD.replace(" ", ""))


@pytest.mark.parametrize(
    "password", ["password", "PassWord", "12345678", "qwertyuiop", "ｐａｓｓｗｏｒｄ", "sunshine"]
)
def test_common_password_is_known(password):
    assert passwords.is_common(password)


def test_whole_list_of_the_package_is_refused():
    assert [word for word in FREQUENCY_LISTS["passwords"] if not passwords.is_common(word)] == []


def test_uncommon_password_passes():
    assert not passwords.is_common(PASSWORD)


@pytest.mark.parametrize(
    "password", ["Harbourmaster", "harbourmaster", "ＨＡＲＢＯＵＲｍａｓｔｅｒ"]
)
def test_own_name_is_as_easy_as_a_common_one(password):
    assert passwords.is_common(password, "harbourmaster", "marta@example.com")


def test_empty_name_forbids_nothing():
    assert not passwords.is_common(PASSWORD, "", "")
