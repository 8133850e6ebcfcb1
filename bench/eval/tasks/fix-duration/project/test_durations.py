import pytest
from durations import parse_duration


def test_one_unit():
    assert parse_duration("45s") == 45
    assert parse_duration("2h") == 7200


def test_several_units():
    assert parse_duration("1h30m") == 5400


def test_nonsense():
    with pytest.raises(ValueError):
        parse_duration("soon")
