"""Texts that look Vietnamese and say nothing, the same ones for the same seed.

As in a language, few syllables make up most of a text and many come up once in a while; some
phrases of three are rare on purpose, so that a search has something to look for.
"""

import random
from itertools import accumulate

COMMON = """
    của người dân và trong là các có được cho với không những đã một này từ khi về đến ra năm nước
    tỉnh thành phố xã huyện công việc làm nhà đường trường học trẻ tuổi đồng ruộng lúa mùa mưa nắng
    sông cầu bến chợ làng thôn xóm hội đoàn đất rừng cây vườn gạo giá xe tàu tiếng nghề thợ thư tổ
    phiên đêm sáng trưa chiều hôm ngày tháng sau trước trên dưới bên gần xa sớm muộn theo giữ ghi
    gửi kể nghe thấy biết nhớ quên đi qua lại vào lên xuống sang mới cũ lớn nhỏ dài ngắn cao thấp
    đủ thiếu nhiều ít cùng nhau anh chị em ông bà cha mẹ con cháu bạn thầy cô bác
""".split()
SELDOM = [
    onset + rime
    for onset in "b ch d đ h kh l m n nh ph s t th tr v x".split()
    for rime in "ăng âm ần ệt iếu oang ổi uân ước ưởng ách ôn".split()
]
# Each stands in about one of a hundred articles, in RARE_IN at most.
RARE = (
    "kè Vàm Nhuận|đập Ghềnh Xoài|gốm Quỳ Giấy|lễ Ngư Khẩu|ải Chẽ Gianh|hồ Quẩy Ngoạn|mõ Giỗ Nguyệt"
    "|dốc Khuỷu Nghê|phà Rạch Giồng|chè Nghĩa Guột|hang Quyết Bũng|tuồng Giáp Nghị|lụa Vẹt Quảng"
    "|nón Ngoằn Kẽ|cói Giạng Xuể|đò Quạnh Nghẽn|muối Ghẹ Gành|sen Nguộc Bẫy|vịnh Quốn Giãy"
    "|suối Ngẫu Guồng"
).split("|")
RARE_IN = 100
NAMES = (
    "Trung Kiên|Bá Phúc|Lan Chi|Đức Hiển|Minh Nguyệt|Hoài Thương|Quốc Việt|Thanh Tùng|Ngọc Ánh"
    "|Hải Yến|Xuân Trường|Bích Ngọc|Văn Lợi|Thu Hằng|Công Danh|Mai Anh|Hồng Ngữ|Tuấn Kiệt"
).split("|")
SECTIONS = (
    "Chính trị|Kinh tế|Xã hội|Pháp luật|Văn hóa|Giáo dục|Y tế|Thể thao|Quốc tế|Đời sống"
).split("|")

_WORDS = COMMON + SELDOM
# A syllable is the rarer the later it stands in the list.
_WEIGHTS = list(accumulate(1 / (rank + 10) for rank in range(len(_WORDS))))


def sentence(chance: random.Random, least: int, most: int) -> str:
    """Return one sentence of so many syllables."""
    words = chance.choices(_WORDS, cum_weights=_WEIGHTS, k=chance.randint(least, most))
    return f"{' '.join(words).capitalize()}."


def paragraph(chance: random.Random) -> str:
    """Return three to five sentences."""
    return " ".join(sentence(chance, 12, 24) for _ in range(chance.randint(3, 5)))


def headline(chance: random.Random) -> str:
    """Return a headline."""
    return sentence(chance, 9, 14).rstrip(".")


def body(chance: random.Random, least: int, most: int) -> str:
    """Return the HTML of a text of so many paragraphs."""
    parts = [paragraph(chance) for _ in range(chance.randint(least, most))]
    return "\n".join(f"<p>{part}</p>" for part in parts)


def rare_paragraph(phrase: str) -> str:
    """Return the HTML of a last paragraph that holds a rare phrase."""
    return f"<p>Nơi ấy có {phrase}.</p>"


def rarity(articles: int) -> float:
    """Return how probable it is that one of so many articles holds a certain rare phrase."""
    return RARE_IN / max(articles, 100 * RARE_IN)
