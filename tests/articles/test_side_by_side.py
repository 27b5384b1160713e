"""Two people at the same second: one is faster, the other hears of it, nothing is lost."""

import threading

import pytest
from django.db import connection, connections

from articles import catalogue, clusters, topics, workflow
from articles.models import Article, Author, Publication, Topic
from newsroom import stamps
from newsroom.models import Stamp
from newsroom.refusals import Conflict
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def together(*calls):
    """Run the calls at once, each on a connection of its own; return results or refusals."""
    barrier = threading.Barrier(len(calls))
    answers = [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait(timeout=10)
            answers[place] = call()
        except Conflict as refused:
            answers[place] = refused
        except Exception as error:  # Shown by the test instead of a dead thread.
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_saves_over_one_version_one_is_refused(_round):
    article = factories.draft()
    author = factories.AuthorFactory()

    def save(headline):
        text = factories.text(headline=headline, byline=[author])
        return lambda: workflow.save_revision(actor=None, article=article, text=text, base=1)

    answers = together(save("Một"), save("Hai"))
    assert kinds(answers) == ["Conflict", "Revision"], answers
    assert Article.objects.get(pk=article.pk).newest_revision.number == 2


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_publish_one_is_told(_round):
    article = factories.approved()
    revision = article.newest_revision

    def publish():
        return workflow.publish(actor=None, revision=type(revision).objects.get(pk=revision.pk))

    answers = together(publish, publish)
    assert kinds(answers) == ["Conflict", "Publication"], answers
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_publishing_beside_moving_tells_both_sections(_round):
    article = factories.published()
    revision = factories.edited(article).newest_revision
    target = factories.SectionFactory()
    keys = [stamps.section(article.section_id), stamps.section(target.pk)]
    before = stamps.versions(keys)
    answers = together(
        lambda: workflow.publish(actor=None, revision=revision),
        lambda: workflow.place(
            actor=None, article=article, placement=factories.placement(section=target)
        ),
    )
    assert kinds(answers) == ["Article", "Publication"], answers
    after = stamps.versions(keys)
    # Whoever came second tells the section the article stood in by then.
    assert sum(after.values()) - sum(before.values()) == 3


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_verbs_on_neighbours_never_wait_for_each_other_crosswise(_round):
    tags = [factories.TopicFactory() for _number in range(3)]
    sections = [factories.SectionFactory() for _number in range(2)]
    first = factories.published(section=sections[0], tags=tags)
    second = factories.published(section=sections[1], tags=reversed(tags))

    def move(article, section):
        placement = factories.placement(section=section, tags=tags)
        return lambda: workflow.place(actor=None, article=article, placement=placement)

    revision = factories.edited(second).newest_revision
    answers = together(
        move(first, sections[1]), lambda: workflow.publish(actor=None, revision=revision)
    )
    assert kinds(answers) == ["Article", "Publication"], answers


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_who_make_the_same_pen_name_get_the_same_one(_round):
    def make():
        return catalogue.author_named(actor=None, name="Hà Vi")

    answers = together(make, make)
    assert kinds(answers) == ["Author", "Author"], answers
    assert Author.objects.filter(name="Hà Vi").count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_merge_a_topic_one_is_told(_round):
    topic, one, other = (factories.TopicFactory() for _number in range(3))
    article = factories.published(tags=[topic])

    def merge(into):
        return lambda: topics.merge_topics(actor=None, topic=topic, into=into)

    answers = together(merge(one), merge(other))
    assert kinds(answers) == ["Conflict", "list"], answers
    assert article.taggings.get().tag_id in (one.pk, other.pk)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_topics_merged_into_each_other_leave_one(_round):
    one, other = (factories.TopicFactory() for _number in range(2))
    article = factories.published(tags=[one, other])
    answers = together(
        lambda: topics.merge_topics(actor=None, topic=one, into=other),
        lambda: topics.merge_topics(actor=None, topic=other, into=one),
    )
    assert kinds(answers) == ["Conflict", "list"], answers
    assert Topic.objects.filter(articles=article).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_article_published_while_its_topic_is_merged_keeps_its_date(_round):
    topic, into = factories.TopicFactory(), factories.TopicFactory()
    article = factories.approved(tags=[topic])
    answers = together(
        lambda: topics.merge_topics(actor=None, topic=topic, into=into),
        lambda: workflow.publish(actor=None, revision=article.newest_revision),
    )
    assert kinds(answers) == ["Publication", "list"], answers
    tagging = article.taggings.get()
    assert tagging.tag_id == into.pk
    assert tagging.first_public_at == Article.objects.get(pk=article.pk).first_public_at


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_begin_a_year_one_is_told(_round):
    cluster = factories.cluster()

    def begin():
        return clusters.copy_year(actor=None, cluster=cluster, plan=clusters.NewYear(2026))

    answers = together(begin, begin)
    assert kinds(answers) == ["ClusterTerm", "Conflict"], answers
    assert cluster.terms.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_article_gets_the_topic_its_topic_is_just_merged_into(_round):
    topic, into = factories.TopicFactory(), factories.TopicFactory()
    article = factories.published()
    placement = factories.placement(section=article.section, tags=[topic])
    answers = together(
        lambda: topics.merge_topics(actor=None, topic=topic, into=into),
        lambda: workflow.place(actor=None, article=article, placement=placement),
    )
    assert kinds(answers) == ["Article", "list"], answers
    assert article.taggings.get().tag_id == into.pk


@pytest.mark.parametrize("_round", range(2))
@pytest.mark.parametrize("slug", ["", "mot-cua"])
def test_two_who_add_the_same_topic_make_one(_round, slug):
    def add():
        topic = Topic(name="Một cửa", slug=slug)
        return topics.save_topic(actor=None, topic=topic, other_names=["MC"])

    answers = together(add, add)
    assert kinds(answers) in (["NotReady", "Topic"], ["Conflict", "Topic"]), answers
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("_round", range(2))
def test_no_two_topics_get_the_same_other_name(_round):
    one, other = factories.TopicFactory(), factories.TopicFactory()

    def name(topic):
        return lambda: topics.save_topic(actor=None, topic=topic, other_names=["QH"])

    answers = together(name(one), name(other))
    assert kinds(answers) == ["NotReady", "Topic"], answers


def test_the_database_is_a_real_one():
    """Threads must not share one connection in memory: then these tests prove nothing."""
    assert connection.vendor == "postgresql" or "memory" not in str(
        connection.settings_dict["NAME"]
    )
    assert Stamp.objects.count() == 0
