import pytest
from stack import Stack


def test_all():
    stack = Stack()
    assert len(stack) == 0
    stack.push(1)
    stack.push(2)
    assert stack.peek() == 2
    assert len(stack) == 2
    assert stack.pop() == 2
    assert stack.pop() == 1
    for use in (stack.pop, stack.peek):
        with pytest.raises(IndexError):
            use()
