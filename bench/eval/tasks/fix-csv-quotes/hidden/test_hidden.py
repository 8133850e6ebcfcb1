import pytest
from fields import split_fields


@pytest.mark.parametrize(
    "line, fields",
    [
        ("", [""]),
        ('"a"', ["a"]),
        ('x,"say ""hi"", twice",y', ["x", 'say "hi", twice', "y"]),
        ('"",b', ["", "b"]),
    ],
)
def test_fields(line, fields):
    assert split_fields(line) == fields
