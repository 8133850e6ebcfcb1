class TodoList:
    def __init__(self):
        self._titles = {}
        self._done = set()

    def add(self, title):
        number = len(self._titles) + 1
        self._titles[number] = title
        return number

    def done(self, number):
        if number not in self._titles:
            raise KeyError(number)
        self._done.add(number)

    def open(self):
        titles = self._titles.items()
        return [title for number, title in titles if number not in self._done]
