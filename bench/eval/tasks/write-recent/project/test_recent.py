import pytest
from recent import Recent


def test_keeps_the_newest():
    recent = Recent(2)
    recent.use("a")
    recent.use("b")
    recent.use("c")
    assert recent.items() == ["c", "b"]


def test_using_again_moves_to_the_front():
    recent = Recent(3)
    for name in ("a", "b", "a"):
        recent.use(name)
    assert recent.items() == ["a", "b"]


def test_size():
    with pytest.raises(ValueError):
        Recent(0)
