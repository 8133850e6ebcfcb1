from library.author import Author


def test_an_author_writes():
    author = Author("Ada")
    book = author.write("Notes")
    assert book.author is author
    assert [book.title for book in author.books] == ["Notes"]
