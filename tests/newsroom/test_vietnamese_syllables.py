"""All Vietnamese syllables there can be, the tone on any vowel, in small and capital letters."""

import re
import unicodedata
from functools import cache

from newsroom import vietnamese as vi
from newsroom.vietnamese.syllables import is_syllable
from tests.newsroom.test_vietnamese_golden import ICU

ONSETS = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(" ")
RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng
eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac
oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc
oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un
ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưng ươc ươi
ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
""".split()
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
STOPS = ("c", "ch", "p", "t")
VOWELS = "aăâeêioôơuưy"
PLAIN = str.maketrans("ăâđêôơư", "aadeoou")


def toned(rime, tone):
    """The rime with the tone on any of its vowels: both styles, and what people type besides."""
    if not tone:
        return {rime}
    places = [place + 1 for place, letter in enumerate(rime) if letter in VOWELS]
    marked = (rime[:place] + tone + rime[place:] for place in places)
    return {unicodedata.normalize("NFC", one) for one in marked}


@cache
def syllables():
    """(spelling, its letters without marks) of every syllable in small letters."""
    return [
        (onset + spelling, (onset + rime).translate(PLAIN))
        for onset in ONSETS
        for rime in RIMES
        for tone in (TONES if not rime.endswith(STOPS) else ["\u0301", "\u0323"])
        for spelling in toned(rime, tone)
    ]


def spellings():
    for spelling, plain in syllables():
        for shown in (spelling, spelling.upper(), spelling.title()):
            yield shown, plain


def test_there_are_many():
    assert len(syllables()) > 20_000
    assert {"nghiêng", "khuỷu", "hoà", "hòa", "thuỷ", "thủy", "quốc"} <= dict(syllables()).keys()


def test_clean_changes_none():
    assert [shown for shown, _plain in spellings() if vi.clean(shown) != shown] == []
    text = " ".join(shown for shown, _plain in spellings())
    assert vi.clean(text) == text
    assert vi.clean(unicodedata.normalize("NFD", text)) == text


def test_folded_once_is_folded_for_good():
    for shown, plain in spellings():
        assert vi.fold(shown) == plain
        assert vi.fold(plain) == plain


def test_slugs_are_ascii_and_stay():
    for shown, plain in spellings():
        assert vi.slug(shown) == vi.slug(plain) == plain
        assert re.fullmatch("[a-z0-9-]+", plain)


def test_each_is_known_as_a_syllable():
    assert [shown for shown, _plain in spellings() if not is_syllable(shown)] == []


def test_icu_sorts_them_the_same(page):
    spelled = sorted({spelling for spelling, _plain in syllables()})
    _known, sorted_by_icu = page.evaluate(ICU, ["sort", spelled])
    assert sorted(spelled, key=vi.sort_key) == sorted_by_icu
