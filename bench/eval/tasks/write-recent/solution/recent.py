"""The things that were used most recently."""


class Recent:
    def __init__(self, size):
        if size < 1:
            raise ValueError("size is at least 1")
        self._size = size
        self._items = []

    def use(self, name):
        if name in self._items:
            self._items.remove(name)
        self._items.insert(0, name)
        del self._items[self._size :]

    def items(self):
        return list(self._items)
