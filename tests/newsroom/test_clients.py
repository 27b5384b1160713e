"""Whose address counts: the peer's, and what listed proxies say, and nobody else's word."""

import ipaddress
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory

from newsroom import clients

ROOT = Path(__file__).resolve().parents[2]
PROXIES = ["10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1"]


@pytest.fixture
def _proxies(settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(name) for name in PROXIES]


def address(peer, **headers):
    """What the newsroom takes for the client's address."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    found = clients.address_of(request)
    return found and str(found)


FORGED = {"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4", "Forwarded": "for=1.2.3.4"}


@pytest.mark.attack(24)
def test_without_proxies_the_peer_is_the_client():
    assert address("203.0.113.9", **FORGED) == "203.0.113.9"


@pytest.mark.attack(24)
@pytest.mark.usefixtures("_proxies")
@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),  # no proxy of ours
        ("10.1.1.1", "203.0.113.9", "203.0.113.9"),
        # What a client wrote himself stands on the left of what the proxy added.
        ("10.1.1.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "1.2.3.4, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "127.0.0.1, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "10.3.3.3, 10.2.2.2", "10.3.3.3"),
        ("10.1.1.1", "", "10.1.1.1"),
        # Ports, brackets, versions.
        ("10.1.1.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.1.1.1", "[2001:db8:9::7]:4711", "2001:db8:9::7"),
        ("10.1.1.1", "[2001:db8:9::7]", "2001:db8:9::7"),
        ("10.1.1.1", "2001:DB8:9:0::7", "2001:db8:9::7"),
        ("2001:db8:1::5", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.1.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "::ffff:203.0.113.9", "203.0.113.9"),
        # Garbage moves nothing past a proxy of ours.
        ("10.1.1.1", "unknown", "10.1.1.1"),
        ("10.1.1.1", "203.0.113.9, unknown", "10.1.1.1"),
        ("10.1.1.1", ",,,", "10.1.1.1"),
        ("10.1.1.1", "<script>, 999.1.1.1, ::::", "10.1.1.1"),
        ("10.1.1.1", "010.001.001.001", "10.1.1.1"),
    ],
)
def test_only_what_a_listed_proxy_says_counts(peer, forwarded, client):
    assert address(peer, **{"X-Forwarded-For": forwarded}) == client


@pytest.mark.attack(24)
@pytest.mark.usefixtures("_proxies")
def test_of_other_headers_a_proxy_is_not_asked():
    assert address("10.1.1.1", **{"X-Real-IP": "1.2.3.4", "Forwarded": "for=1.2.3.4"}) == "10.1.1.1"


@pytest.mark.parametrize("peer", ["", "unix:", "không biết"])
def test_without_a_network_there_is_no_address(peer):
    assert address(peer, **FORGED) is None


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:9:1234::7", "2001:db8:9:1200::/56"),
    ],
)
def test_the_network_of_an_address(typed, network):
    assert clients.network_of(ipaddress.ip_address(typed)) == network


def started_with(proxies):
    """What a start with this setting says."""
    done = subprocess.run(
        [sys.executable, "-c", "from newsroom import settings; print(settings.TRUSTED_PROXIES)"],
        cwd=ROOT,
        env=os.environ | {"TRUSTED_PROXIES": proxies},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def test_a_list_of_proxies_is_read():
    code, said = started_with("127.0.0.1, 10.0.0.0/8,")
    assert (code, said) == (0, "[IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8')]")


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "localhost", "10.0.0.0/8;127.0.0.1"])
def test_a_mistake_in_the_list_stops_the_start_with_a_sentence(wrong):
    code, said = started_with(wrong)
    assert code != 0
    assert "ImproperlyConfigured: TRUSTED_PROXIES must be addresses or networks" in said
    assert wrong in said


@pytest.mark.parametrize(
    ("peer", "is_believed"), [("10.1.2.3", True), ("203.0.113.9", False), ("", True)]
)
@pytest.mark.usefixtures("_proxies")
def test_that_it_was_https_is_believed_of_listed_proxies_alone(settings, peer, is_believed):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    clients._is_known.cache_clear()
    application = clients.scheme_by_known_proxies(lambda environ, _start: [*environ])
    seen = application({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": "https"}, None)
    assert ("HTTP_X_FORWARDED_PROTO" in seen) is is_believed
    clients._is_known.cache_clear()


@pytest.mark.parametrize(
    ("told", "trusted"),
    [
        ({"SITE_URL": "https://bao.example.vn"}, "127.0.0.1/32 ::1/128"),
        ({"SITE_URL": "https://bao.example.vn", "HOST": "0.0.0.0"}, ""),
        ({"SITE_URL": "https://bao.example.vn", "TRUSTED_PROXIES": "10.0.0.1"}, "10.0.0.1/32"),
        ({"SITE_URL": "http://bao.example.vn"}, ""),
    ],
)
def test_under_https_on_loopback_the_proxy_needs_not_be_named(told, trusted):
    code = "from newsroom.settings import TRUSTED_PROXIES; print(*TRUSTED_PROXIES)"
    surroundings = {"HOST": "127.0.0.1", "TRUSTED_PROXIES": "", "DEBUG": "0"} | told
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == trusted, ran.stderr
