"""A believable newsroom in texts and pictures of our own, for an empty database."""
