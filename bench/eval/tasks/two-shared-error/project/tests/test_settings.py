import pytest
from settings.errors import SettingsError
from settings.reading import read
from settings.writing import write


def test_both_ways():
    assert read(write({"a": "1", "b": "x y"})) == {"a": "1", "b": "x y"}


def test_bad_line():
    with pytest.raises(SettingsError):
        read("nonsense")


def test_bad_name():
    with pytest.raises(SettingsError):
        write({"a=b": "1"})
