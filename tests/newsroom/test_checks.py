"""What `check --deploy` says of a set-up that works and yet is not what anybody wanted."""

import ipaddress

import pytest
from django.core.checks import run_checks

PROXY = ipaddress.ip_network("127.0.0.1")


@pytest.mark.parametrize(
    ("https", "proxies", "is_said"),
    [(True, [], True), (True, [PROXY], False), (False, [], False)],
)
def test_behind_an_unnamed_proxy_all_readers_are_one(settings, https, proxies, is_said):
    settings.HTTPS, settings.TRUSTED_PROXIES = https, proxies
    found = {check.id: check.msg for check in run_checks(include_deployment_checks=True)}
    assert ("newsroom.W002" in found) is is_said
    if is_said:
        assert "TRUSTED_PROXIES" in found["newsroom.W002"]
