import pytest
from durations import parse_duration


@pytest.mark.parametrize("text, seconds", [("1h2m3s", 3723), ("90m", 5400), ("10m10s", 610), ("0s", 0)])
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "h"])
def test_nonsense(text):
    with pytest.raises(ValueError):
        parse_duration(text)
