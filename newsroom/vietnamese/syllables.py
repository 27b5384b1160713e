"""What can be a Vietnamese syllable, by its spelling: onset, rime, and at most one tone."""

import re
import unicodedata
from functools import lru_cache

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SHARP_OR_HEAVY = "\u0301\u0323"

ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()
RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong oong ooc op ot
oăc oăm oăn oăng oăt ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ
uy uya uych uynh uyp uyt uyu uyên uyêt ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yt ynh yn yêm yên yêng yêt yêu
""".split()

# Also asked in browsers (see encodings.for_scripts): nothing Python alone understands is in it.
SPELLING = f"^(?:{'|'.join(ONSETS)})?(?:{'|'.join(RIMES)})$|^gi$"
_SPELLING = re.compile(SPELLING)
_STOPPED = re.compile("(?:c|ch|p|t)$")
_LONGEST = 16  # code points of any syllable, in whatever form, and a few more


def is_syllable(word: str) -> bool:
    """Whether `word`, in any case, is spelled as a Vietnamese syllable, a common one or not."""
    return len(word) <= _LONGEST and _is_syllable(word)


@lru_cache(maxsize=10_000)  # texts are made of the same few thousand
def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(parts)
    bare = unicodedata.normalize("NFC", _TONES.sub("", parts))
    if len(tones) > 1 or not _SPELLING.match(bare):
        return False
    return not _STOPPED.search(bare) or not tones or tones[0] in _SHARP_OR_HEAVY
