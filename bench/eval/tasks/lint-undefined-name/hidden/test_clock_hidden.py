import pytest
from clock import hour, minutes


def test_times():
    assert minutes("01:30") == 90
    assert hour("13:59") == 13


def test_nonsense():
    with pytest.raises(ValueError):
        minutes("noon")
