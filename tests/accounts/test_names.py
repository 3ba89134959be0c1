"""Usernames and addresses: the rule, and the keys that make them unique."""

import pytest

from app.accounts import limits
from app.accounts.names import (
    RESERVED,
    email_key,
    is_well_formed,
    normal_email,
    username_key,
)


@pytest.mark.parametrize("name", ["ab", "Ab", "a1", "a_", "A_b_C_9", "a" * 30])
def test_name_that_keeps_the_rule(name):
    assert is_well_formed(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a" * 31,
        "1a",
        "_a",
        "a b",
        "a-b",
        "a.b",
        "a/b",
        "a@b",
        "ab\n",
        "\nab",
        "ab\x00",
        "аb",
        "ªb",
        "a\u0661",
        "a\u0301",
        "ab\u200b",
        "\u202eab",
        "a\u212a",
        "ﬁx",
        "日本",
        "👩‍🚀x",
    ],
)
def test_name_that_breaks_the_rule(name):
    assert not is_well_formed(name)


def test_limits_are_those_that_are_written_down():
    assert (limits.USERNAME_MIN, limits.USERNAME_MAX) == (2, 30)
    assert (limits.PASSWORD_MIN, limits.PASSWORD_MAX) == (8, 256)


def test_reserved_names_are_keys_that_somebody_could_choose():
    unreachable = [
        name for name in RESERVED if username_key(name) != name or not is_well_formed(name)
    ]
    # One letter is too short for a name anyway.
    assert [name for name in unreachable if len(name) >= limits.USERNAME_MIN] == []


def test_every_first_step_of_an_address_of_the_site_is_reserved(app):
    steps = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    words = {step for step in steps if step and "<" not in step and is_well_formed(step)}
    assert len(words) > 5
    assert words - RESERVED - {"preferences"} == set()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ana@example.com", "ana@example.com"),
        ("Ana@EXAMPLE.com", "Ana@example.com"),
        ("ana+notes@example.com", "ana+notes@example.com"),
        ("o'neill@example.com", "o'neill@example.com"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("аня@пример.рф", "аня@пример.рф"),
    ],
)
def test_address_is_stored_in_its_normal_form(typed, stored):
    assert normal_email(typed) == stored


@pytest.mark.parametrize("typed", ["Ana@Example.com", "ANA@EXAMPLE.COM", "ana@ｅxample.com"])
def test_one_address_has_one_key(typed):
    assert email_key(normal_email(typed)) == "ana@example.com"


def test_different_addresses_have_different_keys():
    assert email_key("ana@example.com") != email_key("a.na@example.com")


def test_key_that_would_not_fit_its_column_makes_the_address_unusable():
    # One character of NFKC's making: a ligature that unfolds into eighteen.
    ligatures = "\ufdfa" * 15
    assert len(email_key(f"{ligatures}@example.com")) > limits.EMAIL_MAX
    assert normal_email(f"{ligatures}@example.com") is None
