"""Numbers as Vietnamese readers know them."""


def grouped(number: int) -> str:
    """Return 1.000 for a thousand."""
    return f"{number:,}".replace(",", ".")
