"""A book, which knows its author."""

from library.author import Author


class Book:
    def __init__(self, title, author):
        if not isinstance(author, Author):
            raise TypeError("author is an Author")
        self.title = title
        self.author = author
        author.books.append(self)
