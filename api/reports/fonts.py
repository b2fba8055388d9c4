"""A Chinese font of this machine for printed reports; it is embedded into each file, as far as it is used."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import typst

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
)
"""The first that is found is taken."""

PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
NAMES = ("notosanscjk", "notosanssc", "notoserifcjk", "sourcehan", "source-han", "wqy")
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})


class FontMissingError(Exception):
    """There is no Chinese font; `zh` and `en` say what to install."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Fonts:
    """The files that are read, and the family that text is set in."""

    def __init__(self, files: typst.Fonts, family: str) -> None:
        self.files = files
        self.family = family


def chinese_fonts(chosen: Path | None) -> Fonts:
    """The fonts of `chosen` (a file, or a folder of some), else the system's. Raises FontMissingError."""
    return _loaded(chosen, PLACES)


@lru_cache(maxsize=4)
def _loaded(chosen: Path | None, places: Sequence[str]) -> Fonts:
    wanted = frozenset(_files(chosen, places))
    folders = sorted({file.parent for file in wanted})
    if folders:
        files = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        families = {info.family for info in files.fonts() if info.path and Path(info.path) in wanted}
        known = [family for family in FAMILIES if family in families]
        # A font that somebody chose may be one that nobody here has heard of.
        fitting = known or (sorted(families) if chosen else [])
        if fitting:
            return Fonts(files, fitting[0])
    raise _missing(chosen)


def _missing(chosen: Path | None) -> FontMissingError:
    if chosen is not None:
        return FontMissingError(
            f"HALLWATCH_REPORTS_FONT 指定的 {chosen} 中没有可用的字体文件(.ttf、.otf、.ttc)。",
            f"HALLWATCH_REPORTS_FONT names {chosen}, which holds no font file (.ttf, .otf, .ttc).",
        )
    return FontMissingError(
        "生成 PDF 需要中文字体:请安装软件包 fonts-noto-cjk(Debian:apt-get install fonts-noto-cjk),"
        "或用 HALLWATCH_REPORTS_FONT 指定字体文件。",
        "A PDF needs a Chinese font: install the package fonts-noto-cjk (Debian: apt-get install "
        "fonts-noto-cjk), or name a font file in HALLWATCH_REPORTS_FONT.",
    )


def _files(chosen: Path | None, places: Sequence[str]) -> Iterator[Path]:
    if chosen is not None:
        found = [chosen] if chosen.is_file() else sorted(chosen.glob("*"))
        yield from (file.absolute() for file in found if file.suffix.lower() in SUFFIXES)
        return
    for place in places:
        for file in sorted(Path(place).expanduser().rglob("*")):
            if file.suffix.lower() in SUFFIXES and file.name.lower().startswith(NAMES):
                yield file
