"""Articles that look Vietnamese and say nothing, the same ones for the same seed."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

SYLLABLES = """
    an anh ba bà bản bến biết bên bờ bước cầu cây cha chị chia cho chợ chung chuyến con công cơ của
    cứ dài dân dòng đất đêm đi đình đoạn đồng đội đủ được đường em gạo gần ghi gió giữ gốc gửi hai
    hàng hạt hẹn hè học hội hôm hồ hương kể khi không kịp làm làng lên lúa lúc lũy mái mặt mẹ mùa
    mưa nào năm nắng ngày nghe nghề ngồi người nhà nhiều nhớ nơi nói nước phần phiên phố qua quê
    quen ra rồi ruộng rừng sáng sau sông sớm tay thấy theo thêm thì thơm thôn thợ thư tiếng tìm tỉnh
    tổ trẻ trên trong trước trường tuổi từ ưa vào vẫn về việc vòng vui vườn xã xanh xe xóm xuân ý
""".split()
NAMES = ("Trung Kiên", "Bá Phúc", "Lan Chi", "Đức Hiển", "Minh Nguyệt", "Hoài Thương")
SECTIONS = ("Chính trị", "Kinh tế", "Xã hội", "Pháp luật", "Văn hóa", "Giáo dục", "Y tế")
PLACES = ("Bắc Ninh", "Hải Phòng", "Hưng Yên", "Ninh Bình", "Hà Nội", "Phú Thọ", "Quảng Ninh")
NEWEST = dt.datetime(2026, 6, 1, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def articles(number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield articles of about 600 words in the format of import_articles, newest first."""
    chance = random.Random(seed)
    for index in range(number):
        yield {
            "source_id": f"bench-{index}",
            "title": sentence(chance, 9, 14).rstrip("."),
            "lead": sentence(chance, 25, 40),
            "body_paragraphs": [paragraph(chance) for _ in range(chance.randint(7, 11))],
            "section": chance.choice(SECTIONS),
            "published_at": (NEWEST - index * dt.timedelta(minutes=47)).isoformat(),
            "byline": " – ".join(chance.sample(NAMES, chance.randint(1, 2))),
            "tags": {
                "province": chance.sample(PLACES, chance.randint(1, 3)),
                "topic": [f"Chủ đề {chance.randint(1, 40)}"],
            },
        }


def paragraph(chance: random.Random) -> str:
    """Return three to five sentences."""
    return " ".join(sentence(chance, 12, 24) for _ in range(chance.randint(3, 5)))


def sentence(chance: random.Random, least: int, most: int) -> str:
    """Return one sentence of so many syllables."""
    words = chance.choices(SYLLABLES, k=chance.randint(least, most))
    return f"{' '.join(words).capitalize()}."
