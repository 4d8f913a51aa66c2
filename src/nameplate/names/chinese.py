"""Chinese company names in Latin letters: trade words are translated, the rest is pinyin.

A registered Chinese name is place + trading name + trade + legal form, written without spaces.
The parts that firms translate in their English name (place, trade, form) are looked up here by
longest match; what is left is the trading name, and is written in pinyin by ``anyascii``. So
浙江大华技术股份有限公司 becomes ``zhejiang dahua technology co ltd``. A firm whose English name is
not its pinyin (海康威视 is Hikvision) is joined by its curated alias, never by this.
"""

from __future__ import annotations

import re
from typing import Final

HAN: Final = re.compile(r"[㐀-鿿豈-﫿]+")
"""Runs of Chinese characters (CJK unified ideographs, extension A and compatibility forms)."""

_GLOSSES: Final[dict[str, str]] = {
    "股份有限公司": "co ltd",
    "有限责任公司": "co ltd",
    "有限公司": "co ltd",
    "集团": "group",
    "公司": "company",
    "数字": "digital",
    "数码": "digital",
    "技术": "technology",
    "科技": "technology",
    "电子": "electronics",
    "信息": "information",
    "通信": "communications",
    "通讯": "communications",
    "网络": "network",
    "智能": "intelligent",
    "系统": "systems",
    "软件": "software",
    "视讯": "video",
    "安防": "security",
    "设备": "equipment",
    "工业": "industry",
    "实业": "industry",
    "国际": "international",
    "控股": "holdings",
    "投资": "investment",
    "贸易": "trading",
    "进出口": "import export",
    "工程": "engineering",
    "服务": "services",
    "中国": "china",
    "浙江": "zhejiang",
    "杭州": "hangzhou",
    "深圳市": "shenzhen",
    "深圳": "shenzhen",
    "北京": "beijing",
    "上海": "shanghai",
    "广州": "guangzhou",
    "广东": "guangdong",
    "成都": "chengdu",
    "天津": "tianjin",
    "重庆": "chongqing",
    "江苏": "jiangsu",
    "南京": "nanjing",
    "苏州": "suzhou",
    "武汉": "wuhan",
    "西安": "xian",
    "厦门": "xiamen",
    "福建": "fujian",
    "山东": "shandong",
    "四川": "sichuan",
    "新疆": "xinjiang",
    "乌鲁木齐": "urumqi",
    "香港": "hong kong",
    "市": "",
    "省": "",
}
"""Word → its usual English in company names: a glossary of trade, place and legal form written
for this module from common usage."""

_LONGEST: Final = max(map(len, _GLOSSES))


def latinise_han(text: str) -> str:
    """Return ``text`` with its runs of Chinese characters glossed or in joined pinyin."""
    return HAN.sub(lambda match: f" {_run(match.group())} ", text)


def _run(run: str) -> str:
    from anyascii import anyascii

    words: list[str] = []
    rest = ""
    position = 0
    while position < len(run):
        for length in range(min(_LONGEST, len(run) - position), 0, -1):
            gloss = _GLOSSES.get(run[position : position + length])
            if gloss is not None:
                if rest:
                    words.append(anyascii(rest).casefold().replace(" ", ""))
                    rest = ""
                words.append(gloss)
                position += length
                break
        else:
            rest += run[position]
            position += 1
    if rest:
        words.append(anyascii(rest).casefold().replace(" ", ""))
    return " ".join(word for word in words if word)
