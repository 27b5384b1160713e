"""Articles from other systems: lines of JSON in, published articles out, twice the same answer."""
