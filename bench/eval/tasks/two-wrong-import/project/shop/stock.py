"""What is in stock."""


def find_item(items, name):
    for item in items:
        if item["name"] == name:
            return item
    return None
