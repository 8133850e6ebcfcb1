from todo import TodoList


def test_done_entries_are_not_open():
    todo = TodoList()
    todo.add("a")
    number = todo.add("b")
    todo.done(number)
    assert todo.open() == ["a"]
