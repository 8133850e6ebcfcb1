"""The books on the shelf."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Book:
    title: str
    author: str
    pages: int = 0


class Catalogue:
    """Books by title; each title stands on the shelf once."""

    def __init__(self):
        self._books = {}

    def add(self, book):
        if book.title in self._books:
            raise ValueError(f"{book.title} stands on the shelf already")
        self._books[book.title] = book

    def find(self, title):
        return self._books.get(title)

    def by_author(self, author):
        found = [book for book in self._books.values() if book.author == author]
        return sorted(found, key=lambda book: book.title)

    def __len__(self):
        return len(self._books)
