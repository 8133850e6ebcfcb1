import pytest
from recent import Recent


def test_more():
    recent = Recent(1)
    assert recent.items() == []
    recent.use("a")
    recent.use("b")
    assert recent.items() == ["b"]
    recent.items().append("x")
    assert recent.items() == ["b"]


def test_negative():
    with pytest.raises(ValueError):
        Recent(-1)
