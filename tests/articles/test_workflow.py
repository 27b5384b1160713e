"""The verbs: what each changes, refuses, logs and announces."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import topics, workflow
from articles.models import Article, Publication, Revision
from newsroom import stamps
from newsroom.models import Event, Stamp
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.rich_text import BadBody
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
State = Revision.State


def public_now(article):
    return Publication.objects.public(timezone.now()).filter(article=article).first()


def public_at(article, at):
    return Publication.objects.public(at).filter(article=article).first()


def fresh(obj):
    return type(obj).objects.get(pk=obj.pk)


def last_event():
    return Event.objects.order_by("-id").first()


def save(article, *, actor=None, base=1, placement=None, placement_base=None, **fields):
    return workflow.save_revision(
        actor=actor,
        article=article,
        text=factories.text(**fields),
        base=base,
        placement=placement,
        placement_base=placement_base,
    )


class bumped:
    """Collects the stamps that moved inside the block."""

    def __enter__(self):
        self.before = dict(Stamp.objects.values_list("key", "version"))
        return self

    def __exit__(self, *_error):
        after = dict(Stamp.objects.values_list("key", "version"))
        self.keys = {key for key, version in after.items() if version != self.before.get(key, 0)}


class TestSaving:
    def test_first_save_begins_an_article_as_a_draft(self):
        reporter = factories.user(Role.REPORTER)
        with bumped() as stamped:
            revision = workflow.create_article(
                actor=reporter, text=factories.text(), placement=factories.placement()
            )
        article = fresh(revision.article)
        assert (revision.number, revision.state) == (1, State.DRAFT)
        assert article.newest_revision == revision
        assert article.created_by == reporter
        assert stamped.keys == set()
        assert (last_event().verb, last_event().actor) == ("save", reporter)

    def test_each_save_adds_a_revision_and_supersedes_the_open_one(self):
        article = factories.in_review()
        first = article.newest_revision
        second = workflow.save_revision(
            actor=None, article=article, text=factories.text(headline="Tít mới"), base=1
        )
        assert (second.number, second.state) == (2, State.DRAFT)
        assert fresh(first).state == State.SUPERSEDED
        assert fresh(first).headline == "Cầu mới thông xe"

    def test_saving_what_is_there_already_keeps_the_approval(self):
        author = factories.AuthorFactory()
        article = factories.approved(byline=[author])
        same = workflow.save_revision(
            actor=None, article=article, text=factories.text(byline=[author]), base=1
        )
        assert (same.number, same.state) == (1, State.APPROVED)
        assert article.revisions.count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"headline": "Khác"},
            {"standfirst": "Khác"},
            {"body": "<p>Khác</p>"},
            {"source_line": "Theo TTXVN"},
            {"photo_caption": "Khác"},
            {"byline": []},
        ],
    )
    def test_any_change_a_reader_would_see_is_a_new_revision(self, change):
        author = factories.AuthorFactory()
        article = factories.draft(byline=[author])
        text = factories.text(**{"byline": [author]} | change)
        assert workflow.save_revision(actor=None, article=article, text=text, base=1).number == 2

    def test_new_words_under_a_photo_in_the_text_are_a_change(self):
        photo = factories.photo()
        body = f"<p>Lúa chín.</p><p>[[photo:{photo.pk}]]</p>"
        author = factories.AuthorFactory()
        article = factories.published(body=body, byline=[author])
        photo.caption = "Lúa chín muộn."
        photo.save()
        again = factories.text(body=body, byline=[author])
        second = workflow.save_revision(actor=None, article=article, text=again, base=1)
        assert second.number == 2
        assert second.body_photos.get().caption == "Lúa chín muộn."
        assert article.newest_revision.body_photos.get().caption == "Lúa chín sớm."

    def test_a_stale_save_is_refused_and_names_who_was_faster(self):
        editor = factories.user(Role.SECRETARY, full_name="Lan Chi")
        article = factories.draft()
        workflow.save_revision(
            actor=editor, article=article, text=factories.text(headline="Của biên tập"), base=1
        )
        with pytest.raises(Conflict) as refused:
            workflow.save_revision(
                actor=None, article=article, text=factories.text(headline="Của tôi"), base=1
            )
        assert "Lan Chi" in str(refused.value)
        assert fresh(article).newest_revision.headline == "Của biên tập"
        assert refused.value.event.actor == editor

    def test_editing_a_live_story_leaves_readers_alone(self):
        article = factories.published()
        with bumped() as stamped:
            edited = factories.edited(article, headline="Bản sửa")
        assert public_now(article).revision.headline == "Cầu mới thông xe"
        assert fresh(article.newest_revision).state == State.APPROVED
        assert edited.newest_revision.state == State.DRAFT
        assert stamped.keys == set()

    def test_text_is_cleaned_and_sanitised(self):
        text = factories.text(
            headline="Ha\u0300 No\u0323\u0302i\u200b", body="<script>x</script><p>Chữ</p>"
        )
        revision = workflow.create_article(actor=None, text=text, placement=factories.placement())
        stored = fresh(revision)
        assert stored.headline == "Hà Nội"
        assert stored.body == "<p>Chữ</p>"

    def test_a_body_too_long_is_refused_and_nothing_changes(self):
        article = factories.draft()
        with pytest.raises(BadBody):
            workflow.save_revision(
                actor=None, article=article, text=factories.text(body="x" * 400_001), base=1
            )
        assert fresh(article).newest_revision.number == 1

    def test_the_byline_keeps_the_names_as_printed(self):
        author = factories.AuthorFactory(name="Bá Phúc")
        article = factories.published(byline=[author])
        author.name = "Phúc Bá"
        author.save()
        assert article.newest_revision.byline.get().name == "Bá Phúc"

    def test_placement_is_free_before_the_first_publication(self):
        article = factories.draft()
        section = factories.SectionFactory()
        topic = factories.TopicFactory()
        workflow.save_revision(
            actor=None,
            article=article,
            text=factories.text(),
            base=1,
            placement=factories.placement(section=section, tags=[topic], slug="Đường mới"),
        )
        moved = fresh(article)
        assert (moved.section, moved.slug) == (section, "duong-moi")
        assert [tag.pk for tag in moved.tags.all()] == [topic.pk]

    def test_placement_of_a_public_article_is_not_moved_by_saving(self):
        article = factories.published()
        with pytest.raises(NotAllowed):
            workflow.save_revision(
                actor=None,
                article=article,
                text=factories.text(),
                base=1,
                placement=factories.placement(),
            )

    def test_a_scheduled_article_is_not_moved_by_saving_either(self):
        article = factories.scheduled()
        with pytest.raises(NotAllowed):
            workflow.save_revision(
                actor=None,
                article=article,
                text=factories.text(),
                base=1,
                placement=workflow.Placement(),
            )
        assert fresh(article).section == article.section

    def test_the_placement_somebody_left_as_it_was_overwrites_nothing(self):
        article = factories.draft()
        seen = workflow.current_placement(article)
        moved = factories.placement(slug="dia-chi-moi", tags=[factories.TopicFactory()])
        save(article, placement=moved, placement_base=seen.mark)
        save(article, base=2, headline="Tít khác", placement=seen, placement_base=seen.mark)
        assert workflow.current_placement(fresh(article)) == moved

    def test_two_placements_over_the_same_one_are_a_conflict(self):
        fast = factories.user(Role.SECRETARY, full_name="Đức Hiển")
        article = factories.draft()
        seen = workflow.current_placement(article).mark
        moved = factories.placement()
        save(article, actor=fast, placement=moved, placement_base=seen)
        with pytest.raises(Conflict, match="Đức Hiển"):
            save(article, base=2, placement=factories.placement(), placement_base=seen)
        assert workflow.current_placement(fresh(article)) == moved

    def test_moving_a_draft_is_logged(self):
        article = factories.draft()
        save(article, placement=factories.placement(slug="moi"))
        assert Event.objects.filter(verb="place").latest("id").data["after"]["slug"] == "moi"


class TestReview:
    def test_submit_approve(self):
        article = factories.draft()
        with bumped() as stamped:
            workflow.submit(actor=None, revision=article.newest_revision)
            assert fresh(article.newest_revision).state == State.IN_REVIEW
            workflow.approve(actor=None, revision=article.newest_revision)
        assert fresh(article.newest_revision).state == State.APPROVED
        assert stamped.keys == set()
        event = last_event()
        assert (event.verb, event.from_state, event.to_state) == (
            "approve",
            "in_review",
            "approved",
        )
        assert event.data == {"revision": 1}

    @pytest.mark.parametrize("state", [factories.in_review, factories.approved])
    def test_return_takes_a_reason(self, state):
        article = state()
        with pytest.raises(NotReady):
            workflow.return_(actor=None, revision=article.newest_revision, reason=" \u200b ")
        with bumped() as stamped:
            workflow.return_(actor=None, revision=article.newest_revision, reason="Thiếu nguồn.")
        assert fresh(article.newest_revision).state == State.RETURNED
        assert last_event().reason == "Thiếu nguồn."
        assert stamped.keys == set()

    def test_a_returned_text_is_submitted_again(self):
        article = factories.returned()
        workflow.submit(actor=None, revision=article.newest_revision)
        assert fresh(article.newest_revision).state == State.IN_REVIEW

    def test_an_editor_may_approve_a_draft(self):
        article = factories.draft()
        editor = factories.user(Role.EDITOR)
        workflow.approve(actor=editor, revision=article.newest_revision)
        assert fresh(article.newest_revision).state == State.APPROVED

    @pytest.mark.parametrize("state", [factories.published, factories.scheduled])
    def test_what_is_used_is_not_returned(self, state):
        article = state()
        with pytest.raises(Conflict):
            workflow.return_(actor=None, revision=article.newest_revision, reason="Muộn.")

    @pytest.mark.parametrize("verb", [workflow.approve, workflow.submit, workflow.publish])
    def test_a_superseded_text_is_a_conflict(self, verb):
        article = factories.in_review()
        old = article.newest_revision
        factories.edited(article)
        with pytest.raises(Conflict):
            verb(actor=None, revision=old)

    def test_the_second_to_decide_hears_who_was_faster(self):
        article = factories.in_review()
        fast = factories.user(Role.SECRETARY, full_name="Đức Hiển")
        stale = fresh(article.newest_revision)
        workflow.approve(actor=fast, revision=article.newest_revision)
        with pytest.raises(Conflict, match="Đức Hiển"):
            workflow.approve(actor=None, revision=stale)

    @pytest.mark.parametrize(
        ("missing", "field"),
        [
            ({"body": ""}, "body"),
            ({"byline": []}, "byline"),
        ],
    )
    @pytest.mark.parametrize("verb", [workflow.submit, workflow.approve, workflow.publish])
    def test_what_is_missing_is_named(self, verb, missing, field):
        article = factories.draft(**missing)
        with pytest.raises(NotReady) as refused:
            verb(actor=None, revision=article.newest_revision)
        assert set(refused.value.problems) == {field}

    def test_a_section_and_the_words_of_the_photo_are_needed(self):
        revision = workflow.create_article(
            actor=None,
            text=factories.text(photo=factories.photo()),
            placement=workflow.Placement(),
        )
        with pytest.raises(NotReady) as refused:
            workflow.submit(actor=None, revision=revision)
        assert set(refused.value.problems) == {"section", "photo_alt", "photo_credit"}


class TestPublishing:
    def test_readers_see_it_from_now_on(self):
        article = factories.draft(headline="Đường Điện Biên Phủ thông xe")
        before = timezone.now()
        publication = workflow.publish(actor=None, revision=article.newest_revision)
        article = fresh(article)
        assert before <= publication.starts_at <= timezone.now()
        assert article.slug == "duong-dien-bien-phu-thong-xe"
        assert article.first_public_at == publication.starts_at
        assert public_now(article) == publication

    def test_a_typed_address_is_kept(self):
        revision = workflow.create_article(
            actor=None, text=factories.text(), placement=factories.placement(slug="ten-rieng")
        )
        workflow.publish(actor=None, revision=revision)
        assert fresh(revision.article).slug == "ten-rieng"

    def test_publishing_signs_an_unapproved_text(self):
        secretary = factories.user(Role.SECRETARY)
        article = factories.returned()
        publication = workflow.publish(actor=secretary, revision=article.newest_revision)
        assert fresh(article.newest_revision).state == State.APPROVED
        assert publication.signed_by == secretary
        assert (last_event().from_state, last_event().to_state) == ("returned", "published")

    def test_an_update_replaces_to_the_microsecond(self):
        article = factories.published()
        old = public_now(article)
        edited = factories.edited(article, headline="Bản mới")
        new = workflow.publish(actor=None, revision=edited.newest_revision)
        assert fresh(old).ends_at == new.starts_at
        assert fresh(article).first_public_at == old.starts_at
        assert public_at(article, new.starts_at - dt.timedelta(microseconds=1)) == old
        assert public_at(article, new.starts_at) == new

    def test_undo_is_publishing_the_old_text_again(self):
        article = factories.published()
        old = article.newest_revision
        edited = factories.edited(article)
        workflow.publish(actor=None, revision=edited.newest_revision)
        workflow.publish(actor=None, revision=old)
        assert public_now(article).revision == old

    def test_after_an_undo_one_goes_on_from_what_readers_see(self):
        article = factories.published(headline="Đúng")
        right = article.newest_revision
        edited = factories.edited(article, headline="Sai")
        workflow.publish(actor=None, revision=edited.newest_revision)
        workflow.publish(actor=None, revision=right)
        assert fresh(article).newest_revision == right
        again = save(fresh(article), headline="Đúng hơn")
        assert again.number == 3
        with pytest.raises(Conflict):
            save(article, base=2, headline="Từ bản sai")

    def test_a_cancelled_undo_leads_back_to_what_readers_see(self):
        article = factories.published()
        old = article.newest_revision
        live = factories.edited(article)
        workflow.publish(actor=None, revision=live.newest_revision)
        workflow.publish(actor=None, revision=old, at=factories.tomorrow())
        workflow.unschedule(actor=None, article=live)
        assert fresh(live).newest_revision == live.newest_revision

    def test_an_undo_leaves_an_open_draft_in_hand(self):
        article = factories.published()
        right = article.newest_revision
        workflow.publish(actor=None, revision=factories.edited(article).newest_revision)
        draft = factories.edited(fresh(article)).newest_revision
        workflow.publish(actor=None, revision=right)
        assert fresh(article).newest_revision == draft

    def test_a_text_whose_schedule_was_cancelled_gives_way_to_the_newer_one(self):
        article = factories.scheduled()
        old = article.newest_revision
        factories.edited(article)
        workflow.unschedule(actor=None, article=article)
        assert fresh(old).state == State.SUPERSEDED
        with pytest.raises(Conflict):
            workflow.publish(actor=None, revision=fresh(old))

    def test_a_waiting_text_another_was_published_over_is_laid_aside(self):
        article = factories.scheduled()
        old = article.newest_revision
        newer = factories.edited(article)
        workflow.publish(actor=None, revision=newer.newest_revision)
        assert fresh(old).state == State.SUPERSEDED

    def test_publishing_twice_is_a_conflict(self):
        fast = factories.user(Role.SECRETARY, full_name="Đức Hiển")
        article = factories.approved()
        workflow.publish(actor=fast, revision=article.newest_revision)
        with pytest.raises(Conflict, match="Đức Hiển"):
            workflow.publish(actor=None, revision=fresh(article.newest_revision))
        assert article.publications.count() == 1

    def test_a_schedule_is_public_from_its_second_on(self):
        at = timezone.now() + dt.timedelta(hours=3)
        article = factories.scheduled(at=at)
        assert public_at(article, at - dt.timedelta(microseconds=1)) is None
        assert public_at(article, at).revision == article.newest_revision
        assert article.first_public_at == at

    def test_a_schedule_in_the_past_is_refused(self):
        article = factories.draft()
        with pytest.raises(NotReady) as refused:
            workflow.publish(actor=None, revision=article.newest_revision, at=timezone.now())
        assert "publish_at" in refused.value.problems
        assert fresh(article.newest_revision).state == State.DRAFT

    def test_a_change_to_a_live_story_may_wait(self):
        article = factories.published()
        old = public_now(article)
        edited = factories.edited(article)
        at = timezone.now() + dt.timedelta(hours=1)
        new = workflow.publish(actor=None, revision=edited.newest_revision, at=at)
        assert fresh(old).ends_at == at == new.starts_at
        assert public_now(article) == old

    def test_changing_the_hour_leaves_one_schedule(self):
        article = factories.published()
        old = public_now(article)
        edited = factories.edited(article)
        first = timezone.now() + dt.timedelta(hours=1)
        second = timezone.now() + dt.timedelta(hours=2)
        workflow.publish(actor=None, revision=edited.newest_revision, at=first)
        workflow.publish(actor=None, revision=edited.newest_revision, at=second)
        waiting = Publication.objects.waiting(timezone.now()).get(article=article)
        assert waiting.starts_at == second == fresh(old).ends_at

    def test_publishing_now_cancels_what_waits(self):
        article = factories.scheduled()
        workflow.publish(actor=None, revision=article.newest_revision)
        assert not Publication.objects.waiting(timezone.now()).exists()
        assert public_now(article)
        assert fresh(article).first_public_at <= timezone.now()

    def test_unschedule_gives_back_what_it_would_have_replaced(self):
        article = factories.published()
        old = public_now(article)
        edited = factories.edited(article)
        workflow.publish(
            actor=None,
            revision=edited.newest_revision,
            at=timezone.now() + dt.timedelta(hours=1),
        )
        workflow.unschedule(actor=None, article=article)
        assert fresh(old).ends_at is None
        assert fresh(article).first_public_at == old.starts_at

    def test_unschedule_of_a_first_publication_leaves_no_date(self):
        topic = factories.TopicFactory()
        article = factories.scheduled(tags=[topic])
        workflow.unschedule(actor=None, article=article)
        assert fresh(article).first_public_at is None
        assert article.taggings.get().first_public_at is None
        assert article.newest_revision.byline.get().first_public_at is None
        with pytest.raises(Conflict):
            workflow.unschedule(actor=None, article=article)

    def test_withdraw_takes_it_off_and_cancels_what_waits(self):
        article = factories.published()
        edited = factories.edited(article)
        at = timezone.now() + dt.timedelta(hours=1)
        workflow.publish(actor=None, revision=edited.newest_revision, at=at)
        with pytest.raises(NotReady):
            workflow.withdraw(actor=None, article=article, reason="")
        workflow.withdraw(actor=None, article=article, reason="Sai tên.")
        assert public_now(article) is None
        assert public_at(article, at) is None
        assert edited.newest_revision.byline.get().first_public_at is None
        assert last_event().reason == "Sai tên."
        with pytest.raises(Conflict):
            workflow.withdraw(actor=None, article=article, reason="Lần nữa.")

    @pytest.mark.parametrize("state", [factories.draft, factories.scheduled])
    def test_only_what_has_begun_is_withdrawn(self, state):
        with pytest.raises(Conflict):
            workflow.withdraw(actor=None, article=state(), reason="Sớm.")

    def test_a_withdrawn_article_may_return(self):
        article = factories.withdrawn()
        first = article.first_public_at
        workflow.publish(actor=None, revision=article.newest_revision)
        assert public_now(article)
        assert fresh(article).first_public_at == first

    def test_a_backdated_publication_keeps_its_precision(self):
        article = factories.draft()
        moment = dt.datetime(2020, 7, 10, tzinfo=dt.UTC)
        workflow.publish(
            actor=None,
            revision=article.newest_revision,
            backdate=workflow.Backdate(moment, "day"),
        )
        article = fresh(article)
        assert (article.first_public_at, article.date_precision) == (moment, "day")


class TestPlacing:
    def test_place_moves_a_public_article_at_once(self):
        topic, other = factories.TopicFactory(), factories.TopicFactory()
        article = factories.published(tags=[topic])
        section = factories.SectionFactory()
        workflow.place(
            actor=None,
            article=article,
            placement=factories.placement(section=section, tags=[other]),
        )
        moved = fresh(article)
        assert moved.section == section
        assert moved.slug == article.slug
        tagging = moved.taggings.get()
        assert (tagging.tag_id, tagging.first_public_at) == (other.pk, article.first_public_at)
        assert last_event().data["after"]["section"] == section.pk

    def test_the_log_names_the_topic_a_merged_one_went_up_in(self):
        topic, into = factories.TopicFactory(), factories.TopicFactory()
        article = factories.published()
        placement = factories.placement(section=article.section, tags=[topic])
        topics.merge_topics(actor=None, topic=topic, into=into)
        workflow.place(actor=None, article=article, placement=placement)
        assert fresh(article).taggings.get().tag_id == into.pk
        assert last_event().data["after"]["tags"] == [into.pk]

    def test_a_published_article_keeps_a_section(self):
        article = factories.published()
        with pytest.raises(NotReady):
            workflow.place(actor=None, article=article, placement=workflow.Placement())
        assert fresh(article).section == article.section

    def test_a_stale_place_is_refused(self):
        article = factories.published()
        seen = factories.placement(section=factories.SectionFactory())
        with pytest.raises(Conflict):
            workflow.place(actor=None, article=article, placement=factories.placement(), base=seen)


class TestStamps:
    """One test a verb: which pages hear of it."""

    def keys(self, article):
        section = article.section
        author = article.newest_revision.byline.get().author_id
        tag = article.taggings.get().tag_id
        return {
            stamps.article(article.pk),
            stamps.FRONT,
            stamps.section(section.pk),
            stamps.section(section.parent_id),
            stamps.author(author),
            stamps.tag(tag),
        }

    @pytest.fixture
    def where(self):
        parent = factories.SectionFactory()
        return {
            "section": factories.SectionFactory(parent=parent),
            "tags": [factories.TopicFactory()],
        }

    def test_save(self, where):
        with bumped() as stamped:
            factories.edited(factories.draft(**where))
        assert stamped.keys == set()

    def test_submit_return_approve(self, where):
        with bumped() as stamped:
            factories.approved(**where)
            factories.returned(**where)
        assert stamped.keys == set()

    def test_publish(self, where):
        with bumped() as stamped:
            article = factories.published(**where)
        assert stamped.keys == self.keys(article)

    def test_publish_names_the_authors_of_both_texts(self, where):
        old, new = factories.AuthorFactory(), factories.AuthorFactory()
        article = factories.published(byline=[old], **where)
        edited = factories.edited(article, byline=[new])
        with bumped() as stamped:
            workflow.publish(actor=None, revision=edited.newest_revision)
        assert {stamps.author(old.pk), stamps.author(new.pk)} <= stamped.keys

    def test_schedule(self, where):
        with bumped() as stamped:
            article = factories.scheduled(**where)
        assert stamped.keys == self.keys(article)

    def test_unschedule(self, where):
        article = factories.scheduled(**where)
        with bumped() as stamped:
            workflow.unschedule(actor=None, article=article)
        assert stamped.keys == self.keys(article)

    def test_withdraw(self, where):
        article = factories.published(**where)
        with bumped() as stamped:
            workflow.withdraw(actor=None, article=article, reason="Sai.")
        assert stamped.keys == self.keys(article)

    def test_place_names_both_sides(self, where):
        article = factories.published(**where)
        before = self.keys(article)
        target = {"section": factories.SectionFactory(), "tags": [factories.TopicFactory()]}
        with bumped() as stamped:
            workflow.place(actor=None, article=article, placement=factories.placement(**target))
        assert stamped.keys == before | {
            stamps.section(target["section"].pk),
            stamps.tag(target["tags"][0].pk),
        }

    def test_a_province_that_was_merged_bumps_what_it_became(self):
        old, new = factories.province("30@pre"), factories.province("31@2025-07-01")
        with bumped() as stamped:
            factories.published(tags=[old])
        assert {stamps.tag(old.pk), stamps.tag(new.pk)} <= stamped.keys


class TestDatabaseRules:
    def test_overlapping_publications_are_refused_by_the_database(self):
        article = factories.published()
        now = timezone.now()
        rows = {"article": article, "revision": article.newest_revision}
        for starts_at, ends_at in [
            (now, None),
            (now + dt.timedelta(days=1), now + dt.timedelta(days=2)),
            (now - dt.timedelta(days=1), None),
        ]:
            with pytest.raises(IntegrityError), transaction.atomic():
                Publication.objects.create(starts_at=starts_at, ends_at=ends_at, **rows)
        assert article.publications.count() == 1

    def test_moving_one_onto_another_is_refused_too(self):
        article = factories.published()
        edited = factories.edited(article)
        workflow.publish(
            actor=None, revision=edited.newest_revision, at=timezone.now() + dt.timedelta(days=1)
        )
        first = article.publications.order_by("starts_at").first()
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.filter(pk=first.pk).update(ends_at=None)

    def test_neighbours_and_cancelled_ones_are_no_overlap(self):
        article = factories.published()
        now = public_now(article).starts_at
        Publication.objects.filter(article=article).update(ends_at=now + dt.timedelta(hours=1))
        rows = {"article": article, "revision": article.newest_revision}
        noon = now + dt.timedelta(minutes=30)
        Publication.objects.create(starts_at=noon, ends_at=noon, **rows)
        Publication.objects.create(starts_at=now + dt.timedelta(hours=1), **rows)
        assert article.publications.count() == 3

    def test_an_interval_cannot_end_before_it_begins(self):
        article = factories.draft()
        now = timezone.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(
                article=article,
                revision=article.newest_revision,
                starts_at=now,
                ends_at=now - dt.timedelta(seconds=1),
            )

    def test_the_log_only_grows(self):
        factories.draft()
        event = last_event()
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(reason="khác")
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).delete()
        assert Event.objects.filter(pk=event.pk).exists()


def test_an_article_is_listed_by_its_states():
    made = {
        "draft": factories.draft(),
        "scheduled": factories.scheduled(),
        "published": factories.published(),
        "edited": factories.edited(factories.published()),
        "withdrawn": factories.withdrawn(),
    }
    flags = {
        row.pk: (row.is_public, row.is_waiting, row.has_begun, row.has_open_work)
        for row in Article.objects.with_state(timezone.now())
    }
    assert {name: flags[article.pk] for name, article in made.items()} == {
        "draft": (False, False, False, True),
        "scheduled": (False, True, False, False),
        "published": (True, False, True, False),
        "edited": (True, False, True, True),
        "withdrawn": (False, False, True, False),
    }
