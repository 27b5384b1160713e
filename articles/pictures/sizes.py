"""What is taken, and in which sizes it is shown. Without Django: the child asks too."""

from functools import lru_cache

WIDTHS = (264, 564, 800, 1200)
MAX_PIXELS = 50_000_000
MIN_SIDE = 100
MAX_HEIGHT = 16_000  # of a size that is shown; the format ends a little above

MEMORY_BYTES = 500 << 20  # of the child, beyond what it takes before it opens anything
CPU_SECONDS = 8


class Sized:
    """What is a picture of `width` × `height` pixels, of which sizes are made."""

    width: int
    height: int

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths there are, in pixels, ascending; a small picture has only its own."""
        return widths_of(self.width)

    def size(self, width: int) -> tuple[int, int]:
        """Return width and height of the smallest size at least `width` wide, else the largest."""
        chosen = next((made for made in self.widths if made >= width), self.widths[-1])
        return size_at(chosen, self.width, self.height)


@lru_cache
def widths_of(width: int) -> tuple[int, ...]:
    """Return the widths made of a picture, in pixels, ascending; a small one has only its own."""
    return tuple(made for made in WIDTHS if made <= width) or (width,)


def size_at(made: int, width: int, height: int) -> tuple[int, int]:
    """Return width and height of a picture of `width` × `height`, made `made` pixels wide."""
    return made, max(1, round(height * made / width))
