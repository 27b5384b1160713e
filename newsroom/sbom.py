"""The list of what the newsroom is made of, as CycloneDX JSON: python -m newsroom.sbom

It is made from the lock, with licences and dependencies from what is installed. The same lock gives
the same bytes; a time stands in it only where one is given: python -m newsroom.sbom 2026-11-26
"""

import datetime as dt
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")  # OIDs, of RFC 9562
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.M)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Locked(NamedTuple):
    """One package of a lock, with the SHA-256 of every file it may be installed from."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(text: str) -> Iterator[Locked]:
    """Yield the packages of a lock file."""
    for name, version, rest in _LOCKED.findall(text):
        yield Locked(canonicalize_name(name), version, tuple(sorted(_HASH.findall(rest))))


def bill(lock: str, project: dict, made_at: dt.datetime | None = None) -> str:
    """Return the whole list; `project` is that table of pyproject.toml."""
    packages = {one.name: one for one in locked(lock)}
    components = {name: _component(one) for name, one in packages.items()}
    newsroom = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        licenses=[LicenseFactory().make_from_string("BSD-3-Clause")],
    )
    bom = Bom(components=components.values(), serial_number=uuid.uuid5(NAMESPACE, lock))
    bom.metadata.component = newsroom
    bom.metadata.timestamp = made_at
    bom.register_dependency(newsroom, _among(components, project["dependencies"]))
    for name, component in components.items():
        bom.register_dependency(component, _among(components, _requires(name)))
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(one: Locked) -> Component:
    return Component(
        name=one.name,
        version=one.version,
        bom_ref=f"{one.name}@{one.version}",
        purl=PackageURL("pypi", name=one.name, version=one.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in one.hashes],
        licenses=[LicenseFactory().make_from_string(text) for text in _licence(one.name)],
    )


def _licence(name: str) -> list[str]:
    """Return what an installed package says of its licence: one, or none where it is silent."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    classified = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    said = [about.get("License-Expression"), *(line.split(" :: ")[-1] for line in classified)]
    return [text for text in [*said, about.get("License")] if text and "\n" not in text][:1]


def _requires(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _among(components: dict[str, Component], required: list[str]) -> list[Component]:
    """Return which components a package asks for on this machine."""
    wanted = map(Requirement, required)
    names = {
        canonicalize_name(one.name) for one in wanted if not one.marker or one.marker.evaluate()
    }
    return [components[name] for name in sorted(names & components.keys())]


if __name__ == "__main__":
    with (ROOT / "pyproject.toml").open("rb") as file:
        described = tomllib.load(file)["project"]
    given = [dt.datetime.fromisoformat(text).astimezone(dt.UTC) for text in sys.argv[1:2]]
    sys.stdout.write(bill((ROOT / "requirements.txt").read_text(), described, *given) + "\n")
