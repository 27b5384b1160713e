"""Two editors over one text, and others writing beside them: nothing is lost in silence.

Who is faster is saved; the other hears of it, and has every word of his before him. The same for
what else two people do at once stands in tests/articles/test_side_by_side.py.
"""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from articles.models import Article, Revision
from newsroom.roles import Role
from tests import factories
from tests.security.forms import forms_of

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, SAVES = 4, 3


class Person(threading.Thread):
    """Somebody at the desk with a browser of his own, who saves the form again and again."""

    def __init__(self, account, article, texts, gates=()):
        super().__init__(daemon=True)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(account)
        self.address = reverse("admin:articles_article_change", args=[article.pk])
        self.texts, self.gates = texts, list(gates)
        self.saved, self.told, self.wrong = [], [], []

    def run(self):
        try:
            for number, text in enumerate(self.texts):
                body = self.opened()
                if self.gates:
                    self.gates[number].wait(timeout=60)
                self.save(body, text)
        except Exception as error:  # Shown by the test instead of a dead thread.
            self.wrong.append(error)
        finally:
            connections.close_all()

    def opened(self):
        """The form as it is now."""
        (form,) = forms_of(self.client.get(self.address))
        return next(body for body in form.bodies() if body["verb"] == ["save"])

    def save(self, body, text):
        answer = self.client.post(self.address, body | {"standfirst": text})
        if answer.status_code == 302:
            self.saved.append(text)
        elif answer.status_code == 409 and text in answer.content.decode():
            self.told.append(text)
        else:
            self.wrong.append((answer.status_code, text))


@pytest.mark.parametrize("rounds", [2, pytest.param(10, marks=pytest.mark.long)])
def test_the_slower_one_is_told_and_keeps_his_words(rounds, record_property):
    section = factories.SectionFactory()
    shared = factories.draft(section=section)
    gates = [threading.Barrier(2) for _round in range(rounds)]
    editors = [
        Person(
            factories.user(Role.EDITOR),
            shared,
            [f"Sapo của {name} lần {number}" for number in range(rounds)],
            gates,
        )
        for name in ("Chi", "Ngân")
    ]
    writers = [
        Person(account, factories.draft(by=account, section=section), alone(number))
        for number, account in enumerate(factories.user(Role.REPORTER) for _each in range(WRITERS))
    ]
    for person in (*editors, *writers):
        person.start()
    for person in (*editors, *writers):
        person.join(timeout=300)
    assert [person.wrong for person in (*editors, *writers)] == [[]] * (2 + WRITERS)
    for number in range(rounds):
        assert sum(text.endswith(f"lần {number}") for each in editors for text in each.saved) >= 1
    saved = [text for person in editors for text in person.saved]
    told = [text for person in editors for text in person.told]
    assert len(saved) + len(told) == 2 * rounds
    record_property("measured", f"{rounds} rounds: {len(saved)} saved, {len(told)} told")
    kept = set(shared.revisions.values_list("standfirst", flat=True))
    assert set(saved) <= kept
    assert not set(told) & kept
    assert all(person.saved == person.texts for person in writers)
    assert Article.objects.get(pk=shared.pk).newest_revision.number == 1 + len(saved)
    assert Revision.objects.count() == 1 + len(saved) + WRITERS * (1 + SAVES)


def alone(number):
    return [f"Sapo {number}.{save}" for save in range(SAVES)]
