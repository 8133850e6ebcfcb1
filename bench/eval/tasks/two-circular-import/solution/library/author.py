"""An author, who can write books."""


class Author:
    def __init__(self, name):
        self.name = name
        self.books = []

    def write(self, title):
        from library.book import Book

        return Book(title, self)
