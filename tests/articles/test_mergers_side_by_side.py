"""Two people who change the same units at the same second: one is faster, the other is told."""

import pytest

from articles import workflow
from articles.mergers import Plan, merge_units, undo_merger
from articles.models import ArticleTag, Province
from articles.succession import Units
from tests import factories
from tests.articles import units
from tests.articles.test_side_by_side import kinds, together

pytestmark = pytest.mark.django_db(transaction=True)
BAC_NINH, HUNG_YEN, HAI_PHONG = "24@2025-07-01", "33@2025-07-01", "31@2025-07-01"
ROUNDS = 3


def confirm(*unit_ids, **fields):
    """A confirmation of what is shown now, to be sent later."""
    change = units.plain_change(*unit_ids, **fields)
    seen = Plan(change, Units(Province.objects.all())).fingerprint
    return lambda: merge_units(actor=None, change=change, seen=seen)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_unit_goes_into_one_other_only(_round):
    answers = together(
        confirm(BAC_NINH, HUNG_YEN, name="Một", code="98"),
        confirm(HUNG_YEN, HAI_PHONG, name="Hai", code="99"),
    )
    assert kinds(answers) == ["Conflict", "Province"], answers
    assert Province.objects.filter(code__in=("98", "99")).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_address_is_taken_once(_round):
    answers = together(
        confirm(BAC_NINH, name="Một", code="98", slug="kinh-bac"),
        confirm(HUNG_YEN, name="Hai", code="99", slug="kinh-bac"),
    )
    assert kinds(answers) in (["Conflict", "Province"], ["NotReady", "Province"]), answers
    assert Province.objects.filter(slug="kinh-bac").count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_no_article_is_left_with_a_unit_that_was_undone(_round):
    new = merge_units(actor=None, change=units.plain_change(BAC_NINH))
    text, placement = factories.text(), factories.placement(tags=[new])
    answers = together(
        lambda: undo_merger(actor=None, unit=new),
        lambda: workflow.create_article(actor=None, text=text, placement=placement),
    )
    stands = Province.objects.filter(pk=new.pk).exists()
    assert ArticleTag.objects.filter(tag=new.pk).exists() == stands, answers
    assert kinds(answers) == (["Conflict", "Revision"] if stands else ["IntegrityError", "list"])
