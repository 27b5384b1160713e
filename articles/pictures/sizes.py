"""What is taken, and in which sizes it is shown. Without Django: the child asks too."""

WIDTHS = (264, 564, 800, 1200)
MAX_PIXELS = 50_000_000
MIN_SIDE = 100
MAX_HEIGHT = 16_000  # of a size that is shown; the format ends a little above

MEMORY_BYTES = 500 << 20  # of the child, beyond what it takes before it opens anything
CPU_SECONDS = 8


def widths_of(width: int) -> list[int]:
    """Return the widths made of a picture, in pixels, ascending; a small one has only its own."""
    return [made for made in WIDTHS if made <= width] or [width]


def size_at(made: int, width: int, height: int) -> tuple[int, int]:
    """Return width and height of a picture of `width` × `height`, made `made` pixels wide."""
    return made, max(1, round(height * made / width))
