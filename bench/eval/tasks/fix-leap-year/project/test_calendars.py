from calendars import days_in_year, is_leap


def test_common_years():
    assert not is_leap(2023)
    assert is_leap(2024)
    assert not is_leap(1900)


def test_fourth_centuries():
    assert is_leap(2000)
    assert days_in_year(2000) == 366
