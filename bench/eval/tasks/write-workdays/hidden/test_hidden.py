from datetime import date

from workdays import add_workdays, is_workday


def test_more():
    assert add_workdays(date(2024, 3, 1), 10) == date(2024, 3, 15)
    assert add_workdays(date(2024, 3, 2), 1) == date(2024, 3, 4)
    for count in range(1, 30):
        assert is_workday(add_workdays(date(2024, 3, 1), count))
