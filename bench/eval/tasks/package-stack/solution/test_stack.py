from stack import Stack


def test_last_in_first_out():
    stack = Stack()
    stack.push("a")
    stack.push("b")
    assert stack.pop() == "b"
    assert stack.peek() == "a"
