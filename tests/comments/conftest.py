"""Who sits at the desk of the comments."""

import pytest

from newsroom.roles import Role
from tests import factories


@pytest.fixture
def moderator(client, db):
    """Vũ Thị Ngân, logged in."""
    person = factories.user(Role.MODERATOR, full_name="Vũ Thị Ngân")
    client.force_login(person)
    return person
