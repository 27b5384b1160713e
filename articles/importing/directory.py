"""What an import calls by name: sections, pen names and tags, found here or made."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Max
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from newsroom import vietnamese

from .. import catalogue
from ..models import Author, Byline, Cluster, Province, Section, Tag, Topic, TopicName
from ..succession import Units
from .lines import ClusterName, Refused


def key(name: str) -> str:
    """Return what spellings of one name share: capitals, punctuation and tone style are ignored.

    "Văn hoá" is "Văn hóa", but "lúa" is not "lụa".
    """
    return " ".join(word.exact for word in vietnamese.words(name))


class Directory:
    """Names looked up once and remembered. Everything new is saved through `catalogue`, unsigned.

    Call `forget` after a transaction was undone: what it made is gone again.
    """

    def __init__(self) -> None:
        self._units = Units(Province.objects.all())
        self._provinces = _by_name(self._units.all)
        self.forget()

    def forget(self) -> None:
        """Ask the database again from now on. Places stay as they are: no import makes one."""
        self._sections: dict[str, Section] = {}
        self._topics: dict[str, Topic] = {}
        self._clusters: dict[tuple, Cluster] = {}
        self._authors: dict[str, Author] = {}

    def section(self, name: str) -> Section:
        """Return the section of that name, made at the end of the menu if need be."""
        if not self._sections:
            self._sections = {key(section.name): section for section in _sections()}
        if key(name) not in self._sections and (renamed := _renamed_section(name)):
            self._sections[key(name)] = renamed
        if key(name) not in self._sections:
            _check_length("section", name, Section, "name")
            last = Section.objects.aggregate(last=Max("position"))["last"]
            section = Section(name=name, position=(last or 0) + 1)
            self._sections[key(name)] = catalogue.save_section(actor=None, section=section)
        return self._sections[key(name)]

    def author(self, name: str) -> Author:
        """Return the pen name printed exactly so, now or before it was corrected at the desk."""
        if name not in self._authors:
            self._authors[name] = self.known_author(name) or catalogue.save_author(
                actor=None, author=Author(name=name)
            )
        return self._authors[name]

    def known_author(self, name: str) -> Author | None:
        """Return what `author` would, without making one; None also where two were printed so."""
        if name in self._authors:
            return self._authors[name]
        former = self._former_names.get(name, set())
        found = Author.objects.filter(name=name).first()
        return found or (Author.objects.get(pk=min(former)) if len(former) == 1 else None)

    @cached_property
    def _former_names(self) -> dict[str, set[int]]:
        """Whose bylines print a name that is not his any more. No import renames, so asked once."""
        found: dict[str, set[int]] = defaultdict(set)
        renamed = Byline.objects.exclude(name=F("author__name")).values_list("name", "author")
        for name, author in renamed.distinct():
            found[name].add(author)
        return found

    def topic(self, name: str) -> Topic:
        """Return the topic of that name, its own or another one of it."""
        if not self._topics:
            names = TopicName.objects.select_related("topic")
            self._topics = {key(other.name): other.topic for other in names}
            self._topics |= {key(topic.name): topic for topic in Topic.objects.all()}
        if key(name) not in self._topics:
            self._topics[key(name)] = _renamed(Topic, name) or catalogue.save_tag(
                actor=None, tag=Topic(name=name)
            )
        return self._topics[key(name)]

    def cluster(self, name: ClusterName) -> Cluster:
        """Return the cluster of that form, number and owner."""
        form = name.form.lower()
        if form not in Cluster.Form:
            raise Refused(_("tags.cluster.form is neither cụm nor khối"))
        if not self._clusters:
            self._clusters = {_cluster_key(found): found for found in Cluster.objects.all()}
        wanted = Cluster(
            form=form, number=name.number, number_printed=name.number_printed, owner=name.owner
        )
        if _cluster_key(wanted) not in self._clusters:
            _check_length("tags.cluster.owner", name.owner, Cluster, "owner")
            self._clusters[_cluster_key(wanted)] = _renamed(
                Cluster, wanted.full_name
            ) or catalogue.save_cluster(actor=None, cluster=wanted)
        return self._clusters[_cluster_key(wanted)]

    def province(self, name: str, day: dt.date | None) -> Province:
        """Return the unit of that name on that day; without a day, or none then, the latest.

        One that has not begun yet is not meant while there is another.
        """
        units = self._provinces.get(_place_key(name))
        if not units:
            raise Refused(_("no place is called %(name)s") % {"name": name})
        then = (unit for unit in units if day and unit.valid_on(day))
        today = timezone.now().astimezone(vietnamese.ZONE).date()
        begun = [unit for unit in units if not unit.valid_from or unit.valid_from <= today]
        return next(then, (begun or units)[-1])

    def heir(self, name: str, day: dt.date) -> Province:
        """Return the unit of that name on that day, or what had taken it over by then."""
        return self._units.heir(self.province(name, day), day)


def _sections() -> Iterable[Section]:
    """Every section; of two with one name the older one counts."""
    return Section.objects.order_by("-pk")


def _renamed_section(name: str) -> Section | None:
    """Return the section that had this name, or this address, before the desk renamed it."""
    led_on = Section.objects.filter(old_slugs__slug=vietnamese.slug(name)).first()
    return _renamed(Section, name) or led_on


def _renamed(model: type, name: str) -> Section | Tag | None:
    """Return what keeps the address of that name and has another name now.

    "Lúa" and "Lụa" share their address as well: one whose own name gives it was not renamed.
    """
    slug = vietnamese.slug(name)
    found = model.objects.filter(slug=slug).first()
    return found if found and vietnamese.slug(found.name) != slug else None


def _cluster_key(cluster: Cluster) -> tuple:
    return cluster.form, cluster.number, key(cluster.owner)


def _place_key(name: str) -> str:
    found = key(name)
    for title in Province.TITLES:
        found = found.removeprefix(f"{key(title)} ")
    return found


def _by_name(units: Iterable[Province]) -> dict[str, list[Province]]:
    """Return the units of each name, the latest last."""
    found: dict[str, list[Province]] = defaultdict(list)
    for unit in sorted(units, key=lambda unit: unit.valid_to or dt.date.max):
        found[_place_key(unit.name)].append(unit)
    return found


def _check_length(field: str, value: str, model: type, column: str) -> None:
    limit = model._meta.get_field(column).max_length
    if len(value) > limit:
        raise Refused(
            _("%(field)s is longer than %(limit)s characters") % {"field": field, "limit": limit}
        )
