import pytest
from todo import TodoList


def test_all():
    todo = TodoList()
    assert todo.open() == []
    assert todo.add("tea") == 1
    assert todo.add("milk") == 2
    assert todo.add("tea") == 3
    todo.done(1)
    assert todo.open() == ["milk", "tea"]
    with pytest.raises(KeyError):
        todo.done(9)
