"""R38: what is installed is locked by hash, is known by an SBOM, and flaws have an address."""

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from django.utils import timezone

from newsroom import sbom

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-test.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_has_a_hash_and_none_an_address(lock):
    text = lock.read_text()
    packages = list(sbom.locked(text))
    lines = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert len(packages) == len(lines) > 15, "a line that pins nothing"
    assert [one.name for one in packages if not one.hashes] == []
    assert re.findall(r"https?:|git\+|file:|@ |--(?:extra-)?index|--find-links", text) == []


def test_both_locks_agree():
    plain, test = ({one.name: one for one in sbom.locked(lock.read_text())} for lock in LOCKS)
    assert {name: test.get(name) for name in plain} == plain


def test_the_sbom_says_what_is_locked():
    lock = LOCKS[0].read_text()
    text = sbom.bill(lock, PROJECT)
    told = json.loads(text)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        (one["name"], one["version"], tuple(sorted(each["content"] for each in one["hashes"])))
        for one in told["components"]
    }
    assert listed == set(sbom.locked(lock))
    assert all(one["purl"].startswith("pkg:pypi/") for one in told["components"])
    named = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    asked = {re.match(r"[\w.-]+", line)[0].lower() for line in PROJECT["dependencies"]}
    assert {ref.partition("@")[0] for ref in named["newsroom"]} == asked
    assert any(ref.startswith("sqlparse@") for ref in sum(named.values(), []))
    licensed = [one["name"] for one in told["components"] if one.get("licenses")]
    assert len(licensed) > 0.8 * len(listed)


def test_the_sbom_is_read_back_and_made_again_byte_by_byte():
    lock = LOCKS[0].read_text()
    text = sbom.bill(lock, PROJECT)
    assert sbom.bill(lock, PROJECT) == text
    assert "timestamp" not in text
    read = Bom.from_json(json.loads(text))
    assert read.validate()
    assert len(read.components) == len(list(sbom.locked(lock)))
    assert "2023-11-14" in sbom.bill(lock, PROJECT, datetime(2023, 11, 14, tzinfo=UTC))


@pytest.mark.django_db
def test_who_found_a_flaw_learns_whom_to_tell(client, settings):
    settings.SECURITY_CONTACT = "mailto:bao-mat@bao.example.vn"
    settings.SITE_URL = "https://bao.example.vn"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines if not line.startswith("#"))
    assert fields["Contact"] == settings.SECURITY_CONTACT
    assert fields["Canonical"] == "https://bao.example.vn/.well-known/security.txt"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=1) < expires - timezone.now() < timedelta(days=366)
    assert any("48" in line for line in lines if line.startswith("#"))
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_how_to_report_stands_in_the_repository():
    text = (ROOT / "SECURITY.md").read_text()
    assert "48" in text
    assert "SECURITY_CONTACT" in text
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / link).exists(), link
