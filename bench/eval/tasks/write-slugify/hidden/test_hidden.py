from slugs import slugify


def test_more():
    assert slugify("") == ""
    assert slugify("!!!") == ""
    assert slugify("A.B.C") == "a-b-c"
    assert slugify("x\ty\nz") == "x-y-z"
    assert slugify("-already-fine-") == "already-fine"
