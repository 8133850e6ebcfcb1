from slugs import slugify


def test_words():
    assert slugify("Hello World") == "hello-world"


def test_other_signs():
    assert slugify("  Tea & Milk!  ") == "tea-milk"
    assert slugify("a--b__c") == "a-b-c"


def test_digits_stay():
    assert slugify("Route 66") == "route-66"
