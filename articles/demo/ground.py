"""Who and what the demo newsroom consists of before its first article."""

import datetime as dt
from typing import Any

from newsroom import administration
from newsroom.models import SiteSettings, User

from .. import catalogue, clusters, topics
from ..importing.directory import Directory
from ..models import Author, Cluster, ClusterMember, ClusterTerm, Section

THIS_YEAR = "this"


def save_site(values: dict[str, str]) -> None:
    """Save who publishes the site."""
    administration.save_site_settings(actor=None, settings=SiteSettings(**values))


def make_accounts(plan: list[dict[str, str]], password: str) -> dict[str, User]:
    """Make the accounts, each in its role; return them by log-in name."""
    return {row["username"]: _account(row, password) for row in plan}


def _account(row: dict[str, str], password: str) -> User:
    account = User(username=row["username"], full_name=row["full_name"])
    account.set_password(password)
    return administration.save_account(actor=None, account=account, roles=[row["role"]])


def make_sections(plan: list[dict[str, Any]]) -> None:
    """Make the menu in its two levels, in the order of the plan."""
    for place, row in enumerate(plan, start=1):
        parent = _section(row["name"], None, place)
        for below, name in enumerate(row["children"], start=1):
            _section(name, parent, below)


def _section(name: str, parent: Section | None, position: int) -> Section:
    section = Section(name=name, parent=parent, position=position)
    return catalogue.save_section(actor=None, section=section)


def make_authors(plan: list[dict[str, str]], accounts: dict[str, User]) -> dict[str, Author]:
    """Make the pen names; return them as printed."""
    made = (Author(name=row["name"], account=accounts.get(row.get("account", ""))) for row in plan)
    return {author.name: catalogue.save_author(actor=None, author=author) for author in made}


def make_clusters(
    plan: list[dict[str, Any]], directory: Directory, today: dt.date
) -> dict[str, Cluster]:
    """Make the clusters with their members and years; return them by their key."""
    return {row["key"]: _cluster(row, directory, today) for row in plan}


def _cluster(row: dict[str, Any], directory: Directory, today: dt.date) -> Cluster:
    columns = ("form", "number", "number_printed", "owner")
    cluster = Cluster(**{name: row[name] for name in columns}, sector=row.get("sector", ""))
    catalogue.save_cluster(actor=None, cluster=cluster)
    members = {member["name"]: _member(member, directory) for member in row["members"]}
    clusters.save_roster(actor=None, cluster=cluster, members=members.values())
    terms = [_term(term, members, today) for term in row["terms"]]
    clusters.save_roster(actor=None, cluster=cluster, terms=terms)
    return cluster


def _term(row: dict[str, Any], members: dict[str, ClusterMember], today: dt.date) -> ClusterTerm:
    signed = row.get("pledged_on")
    return ClusterTerm(
        year=today.year if row["year"] == THIS_YEAR else row["year"],
        pledged_on=dt.date.fromisoformat(signed) if signed else None,
        **{office: members.get(row.get(office)) for office in clusters.OFFICES},
    )


def _member(row: dict[str, str], directory: Directory) -> ClusterMember:
    begun = dt.date.fromisoformat(row["from"])
    province = row.get("province")
    return ClusterMember(
        name=row["name"],
        province=directory.province(province, begun) if province else None,
        valid_from=begun,
        valid_to=dt.date.fromisoformat(row["to"]) if "to" in row else None,
    )


def name_topics(plan: list[dict[str, Any]], directory: Directory) -> None:
    """Give topics the other names they are looked for by."""
    for row in plan:
        topic = directory.topic(row["name"])
        topics.save_topic(actor=None, topic=topic, other_names=row["other_names"])
