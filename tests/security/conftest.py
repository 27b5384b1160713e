"""A server of the product's own for tests that speak to it over a socket."""

import pytest

from tests.page_cache import servers


@pytest.fixture(scope="session")
def node(django_db_setup, django_db_blocker, tmp_path_factory):
    """One node with one worker, whose every thread counts; the same for all tests."""
    with (
        django_db_blocker.unblock(),
        servers.nodes(tmp_path_factory.mktemp("node"), workers=1) as [running],
    ):
        yield running
