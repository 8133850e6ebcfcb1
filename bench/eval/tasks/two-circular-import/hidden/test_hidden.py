import subprocess
import sys

import pytest


@pytest.mark.parametrize("first", ["library.book", "library.author"])
def test_either_can_be_imported_first(first):
    code = f"import {first}; from library.author import Author; Author('a').write('b')"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_type_is_checked():
    from library.book import Book

    with pytest.raises(TypeError):
        Book("a", "b")
