import pytest

from shelf.books import Book, Catalogue


def test_finds_a_book_by_title():
    catalogue = Catalogue()
    catalogue.add(Book("Emma", "Austen"))
    assert catalogue.find("Emma").author == "Austen"
    assert catalogue.find("Ulysses") is None


def test_a_title_stands_on_the_shelf_once():
    catalogue = Catalogue()
    catalogue.add(Book("Emma", "Austen"))
    with pytest.raises(ValueError):
        catalogue.add(Book("Emma", "Austen"))
    assert len(catalogue) == 1


def test_books_of_an_author_are_sorted():
    catalogue = Catalogue()
    for title in ["Persuasion", "Emma"]:
        catalogue.add(Book(title, "Austen"))
    assert [book.title for book in catalogue.by_author("Austen")] == [
        "Emma",
        "Persuasion",
    ]
