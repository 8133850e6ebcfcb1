"""An author, who can write books."""

from library.book import Book


class Author:
    def __init__(self, name):
        self.name = name
        self.books = []

    def write(self, title):
        return Book(title, self)
