"""Text typed for the fonts before Unicode is known by its words, and nothing else is."""

import gzip
import json
import unicodedata

import pytest

from newsroom.rich_text import sanitise
from newsroom.vietnamese import OldEncoding, clean, old_encoding, search_text
from newsroom.vietnamese.syllables import is_syllable

# Written down apart from the module: letter by letter as TCVN 5712 and the VNI tables print them.
TCVN3 = """
ă¨ â© êª ô« ơ¬ ư\u00ad đ® àµ ả¶ ã· á¸ ạ¹ ằ» ẳ¼ ẵ½ ắ¾ ặÆ ầÇ ẩÈ ẫÉ ấÊ ậË
èÌ ẻÎ ẽÏ éÐ ẹÑ ềÒ ểÓ ễÔ ếÕ ệÖ
ì× ỉØ ĩÜ íÝ ịÞ òß ỏá õâ óã ọä ồå ổæ ỗç ốè ộé ờê ởë ỡì ớí ợî
ùï ủñ ũò úó ụô ừõ ửö ữ÷ ứø ựù ỳú ỷû ỹü ýý ỵþ
Ă¡ Â¢ Ê£ Ô¤ Ơ¥ Ư¦ Đ§
""".split()
VNI = """
áaù àaø ảaû ãaõ ạaï âaâ ấaá ầaà ẩaå ẫaã ậaä ăaê ắaé ằaè ẳaú ẵaü ặaë
éeù èeø ẻeû ẽeõ ẹeï êeâ ếeá ềeà ểeå ễeã ệeä
íí ìì ỉæ ĩó ịò óoù òoø ỏoû õoõ ọoï ôoâ ốoá ồoà ổoå ỗoã ộoä
ơô ớôù ờôø ởôû ỡôõ ợôï úuù ùuø ủuû ũuõ ụuï ưö ứöù ừöø ửöû ữöõ ựöï ýyù ỳyø ỷyû ỹyõ ỵî đñ
""".split()
TABLES = {
    OldEncoding.TCVN3: {pair[0]: pair[1:] for pair in TCVN3},
    OldEncoding.VNI: {
        pair[0]: pair[1:] for line in VNI for pair in (line, line[0].upper() + line[1:].upper())
    },
}
HEADLINE = "Cụm thi đua số 1 - Bộ Tài nguyên"


def typed_in(encoding, text):
    """`text` as it looks today when it was typed for a font of that encoding."""
    table = TABLES[encoding]
    letters = unicodedata.normalize("NFC", text)
    return "".join(table.get(char, table.get(char.lower(), char)) for char in letters)


def test_the_tables_write_what_the_old_fonts_wrote():
    assert typed_in(OldEncoding.TCVN3, HEADLINE) == "Côm thi ®ua sè 1 - Bé Tµi nguyªn"
    assert typed_in(OldEncoding.VNI, HEADLINE) == "Cuïm thi ñua soá 1 - Boä Taøi nguyeân"
    assert [len(table) for table in TABLES.values()] == [67 + 7, 2 * 67]


@pytest.mark.parametrize("encoding", OldEncoding)
@pytest.mark.parametrize(
    "text",
    [
        HEADLINE,
        "Khai mạc Hội chợ",
        "CÔNG NHÂN ĐƯỢC TĂNG LƯƠNG TỪ THÁNG BẢY",
        "Ủy ban nhân dân tỉnh Bắc Ninh họp phiên thường kỳ tháng 7",
    ],
)
def test_old_text_is_named(encoding, text):
    old = typed_in(encoding, text)
    assert old_encoding(old) == encoding
    assert (
        old_encoding(f"Đoạn đầu viết đúng bảng mã hôm nay.\n{old}\nĐoạn cuối cũng vậy.") == encoding
    )


@pytest.mark.parametrize("encoding", OldEncoding)
def test_what_cleaning_drops_does_not_hide_it(encoding):
    text = "Người dân được hưởng lợi từ những con đường mới, trường học mới"
    assert old_encoding(typed_in(encoding, text).replace("\u00ad", "")) == encoding


def test_cleaning_keeps_the_letter_that_prints_nothing_today():
    old = typed_in(OldEncoding.TCVN3, "Ủy ban nhân dân tỉnh họp phiên thường kỳ")
    assert "th\u00adêng" in old
    assert clean(old) == clean(clean(old)) == old
    assert sanitise(f"<p>{old}</p>") == f"<p>{old}</p>"
    assert search_text(old) == search_text(old.replace("\u00ad", ""))
    assert clean("Thi\u00ad đua số một") == "Thi đua số một"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        HEADLINE,
        HEADLINE.upper(),
        unicodedata.normalize("NFD", HEADLINE),
        "m¹c",
        "Bé Tµi",
        "The quick brown fox® jumps over 10 µm © 2020, café, naïve, coöperate, ½ cup, 5×3",
        "Où est passé l’été ? Là-bas, à côté de l’hôtel, où Noël a goûté « le maïs » haï du caïd.",
        "Größe, Übung, schön, für, müßig, Äpfel, Öl, Straße, während, können, über, früh",
        "El niño español comió piñas, mañana será otro día: ¿cuántos años? ¡Más aún! 1ª 2º",
        "Não há razão para a ação: São Paulo, coração, avô, você, três, pé, é, à, às, já, só",
        "Först går vi på bio, sedan äter vi ål och öl på en ö vid en å i Malmö",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Việt Nam thắng 2–1: «Chúng tôi đã sẵn sàng» – ông Nguyễn Văn A. nói",
        "中文新闻：越南河内今天天气很好，市民出行",
        "Привет, как дела? Всё хорошо",
        "for (i = 0; i < n; i++) { a[i] ^= b[i] & 0xÿ; } // §1 ¶2 ±3 ×4 ÷5 ¼ ½ ¾ ¹²³",
        "Áo dài, cà phê, bún bò, phở gà, chè, bé, mè, sò, ốc, ô tô, á, à, ạ",
        "©®™ «»‹› ¿¡ ªº µ¶· ¹²³ ¼½¾",
    ],
)
def test_other_text_is_left_alone(text):
    assert old_encoding(text) is None


@pytest.mark.parametrize("word", "hoà hòa thuỷ gì giếng quốc quyển nghiêng khuỷu uống Ủy".split())
def test_syllables(word):
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word).upper())


@pytest.mark.parametrize("word", ["", "đợc", "ộtộ", "màt", "hòá", "fa", "ngi2", "ban bè", "zô"])
def test_what_is_no_syllable(word):
    assert not is_syllable(word)


def check_real_articles(folder, every):
    """No false alarm, and both encodings named, over every so-manieth of the real articles."""
    with gzip.open(folder / "news_vi_sample.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file][::every]
    articles = [
        "\n".join([record["title"], record.get("lead") or "", *record.get("body_paragraphs", [])])
        for record in records
    ]
    assert [text[:60] for text in articles if old_encoding(text)] == []
    for encoding in OldEncoding:
        named = sum(old_encoding(typed_in(encoding, text)) == encoding for text in articles)
        assert named >= 0.99 * len(articles), encoding
        cleaned = (typed_in(encoding, text).replace("\u00ad", "") for text in articles)
        assert sum(old_encoding(text) == encoding for text in cleaned) >= 0.99 * len(articles)


def test_real_articles(sample_data):
    check_real_articles(sample_data, every=40)


@pytest.mark.long
def test_all_real_articles(sample_data):
    check_real_articles(sample_data, every=1)
