from datetime import date

from workdays import add_workdays

FRIDAY = date(2024, 3, 1)


def test_within_a_week():
    assert add_workdays(date(2024, 2, 26), 3) == date(2024, 2, 29)


def test_over_a_weekend():
    assert add_workdays(FRIDAY, 1) == date(2024, 3, 4)


def test_none():
    assert add_workdays(FRIDAY, 0) == FRIDAY
