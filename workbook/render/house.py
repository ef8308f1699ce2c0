"""The house style: one file of colours, fonts, logo and words from which all formats take their look."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import BadInput
from workbook.paths import shipped

VARIABLE = "WORKBOOK_HOUSE_STYLE"
LEAST_CONTRAST = 4.5  # of words on white: WCAG 2.2, success criterion 1.4.3
LEAST_FILL = 3.0  # of the fill of a bar on white: success criterion 1.4.11
MOST_LOGO = 500_000  # bytes
_ON_WHITE = ("ink", "quiet", "accent", "blocks", "doubt")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PICTURES = {".png": "png", ".svg": "svg"}


@dataclass(frozen=True, eq=False)  # read once, so one is another only where it is the same
class House:
    """A house style as it was read; ``logo`` holds the picture's bytes, empty where there is none."""

    organisation: str
    logo: bytes
    logo_kind: str
    logo_alt: str
    cover: str
    footer: str
    family: str
    word_font: str
    fonts: str
    colours: dict[str, str]
    lines: tuple[str, ...]
    fills: tuple[str, ...]
    fingerprint: str

    def css(self) -> str:
        """The custom properties of the style sheets."""
        named = "".join(f"  --wb-{name}: {colour};\n" for name, colour in self.colours.items())
        return f':root {{\n{named}  --wb-font: "{self.family}", Arial, Helvetica, sans-serif;\n}}\n'

    def recoloured(self, svg: str) -> str:
        """A chart in the colours of the house."""
        plain = default()
        if (self.lines, self.fills) == (plain.lines, plain.fills):
            return svg
        other = dict(zip((*plain.fills, *plain.lines), (*self.fills, *self.lines), strict=True))
        return _COLOUR.sub(lambda found: other.get(found[0].lower(), found[0]), svg)


def current() -> House:
    """The style that the environment names, or the shipped one. Raises BadInput where it cannot be used."""
    return read(Path(os.environ[VARIABLE])) if os.environ.get(VARIABLE) else default()


def default() -> House:
    """The style that ships."""
    return read(shipped("templates") / "documents" / "house.toml")


def read(path: Path) -> House:
    """The style of a file; what it does not say is as in the shipped one. Raises BadInput with file and place."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise BadInput(f"The house style {path} cannot be read.", "Name a file that is there.") from None
    return _read(path, changed)


@functools.lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> House:
    held = _shipped() | {}
    own = _table(path)
    for section, values in own.items():
        if section not in held or not isinstance(values, dict):
            raise _bad(path, section, f"is not one of {', '.join(held)}")
        for name, value in values.items():
            _check(path, section, name, value, held[section])
        held[section] = held[section] | values
    _readable(path, held["colours"], held["charts"])
    return _house(path, held)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BadInput(f"The house style {path} cannot be read: {fault.strerror}.", "Name a file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(f"The house style {path} is not TOML: {fault}.", "Mend that line.") from None


@functools.cache
def _shipped() -> dict[str, Any]:
    return _table(shipped("templates") / "documents" / "house.toml")


def _check(path: Path, section: str, name: str, value: Any, known: dict[str, Any]) -> None:
    """One entry: known, of the kind that ships, a colour where a colour is asked for."""
    if name not in known:
        raise _bad(path, f"{section}.{name}", f"is not one of {', '.join(known)}")
    if not isinstance(value, type(known[name])):
        raise _bad(path, f"{section}.{name}", "is not of the kind that the shipped style has there")
    if isinstance(value, list) and len(value) != len(known[name]):
        raise _bad(path, f"{section}.{name}", f"must hold {len(known[name])} colours")
    if section in ("colours", "charts"):
        for colour in value if isinstance(value, list) else [value]:
            if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
                raise _bad(
                    path, f"{section}.{name}", f'holds "{colour}", which is no colour such as "#0b4f82"'
                )


def _bad(path: Path, place: str, why: str) -> BadInput:
    return BadInput(
        f"The house style {path}: {place} {why}.", "Compare it with templates/documents/house.toml."
    )


def _readable(path: Path, colours: dict[str, str], charts: dict[str, list[str]]) -> None:
    """Refuse colours that some readers could not read."""
    for name in _ON_WHITE:
        _contrast(path, f"colours.{name}", colours[name], "#ffffff", LEAST_CONTRAST)
    for name in ("ink", "accent"):
        _contrast(path, f"colours.{name}", colours[name], colours["pale"], LEAST_CONTRAST)
    _contrast(path, "colours.focus", colours["focus"], "#000000", LEAST_CONTRAST)
    for colour in charts["lines"]:
        _contrast(path, "charts.lines", colour, "#ffffff", LEAST_CONTRAST)
    for colour in charts["fills"]:
        _contrast(path, "charts.fills", colour, "#ffffff", LEAST_FILL)


def _contrast(path: Path, place: str, colour: str, ground: str, least: float) -> None:
    found = contrast(colour, ground)
    if found < least:
        raise BadInput(
            f"The house style {path}: {place} {colour} on {ground} has a contrast of {found:.1f} to 1, "
            f"less than the {least:.1f} to 1 that people with low vision need.",
            "Take a darker colour." if ground != "#000000" else "Take a lighter colour.",
        )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21.

    See https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of a colour "#rrggbb", 0 (black) to 1 (white)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _house(path: Path, held: dict[str, Any]) -> House:
    organisation, said, fonts = held["organisation"], held["words"], held["fonts"]
    logo, kind = _logo(path, organisation["logo"], organisation["logo_alt"])
    folder = str(path.parent / fonts["folder"]) if fonts["folder"] else ""
    if folder and not Path(folder).is_dir():
        raise _bad(path, "fonts.folder", f'names "{fonts["folder"]}", which is not there')
    if re.search(r"[\"\\;{}<>]", fonts["family"] + fonts["word"]):
        raise _bad(path, "fonts", "holds a sign that no font's name has")
    seen = hashlib.sha256(repr(held).encode() + logo)
    for file in sorted(f for f in Path(folder).iterdir() if f.is_file()) if folder else ():
        seen.update(file.read_bytes())
    charts = held["charts"]
    return House(
        organisation=organisation["name"],
        logo=logo,
        logo_kind=kind,
        logo_alt=organisation["logo_alt"],
        cover=said["cover"],
        footer=said["footer"],
        family=fonts["family"],
        word_font=fonts["word"],
        fonts=folder,
        colours={name: colour.lower() for name, colour in held["colours"].items()},
        lines=tuple(c.lower() for c in charts["lines"]),
        fills=tuple(c.lower() for c in charts["fills"]),
        fingerprint=seen.hexdigest(),
    )


def _logo(path: Path, name: str, words: str) -> tuple[bytes, str]:
    """The logo's bytes and kind, which must be described, drawable and small: it goes into every document."""
    if not name:
        return b"", ""
    file = path.parent / name
    if file.suffix.lower() not in _PICTURES or not file.is_file():
        raise _bad(path, "organisation.logo", f'names "{name}", which is no PNG or SVG file beside it')
    if not words.strip():
        raise _bad(path, "organisation.logo_alt", "is empty: say what the logo shows")
    picture, kind = file.read_bytes(), _PICTURES[file.suffix.lower()]
    if len(picture) > MOST_LOGO:
        raise _bad(
            path, "organisation.logo", f'names "{name}", which has more than {MOST_LOGO // 1000} kilobytes'
        )
    if not _drawable(picture, kind):
        raise _bad(path, "organisation.logo", f'names "{name}", which is no {kind.upper()} that can be drawn')
    return picture, kind


def _drawable(picture: bytes, kind: str) -> bool:
    """Whether the typesetter, which draws it for the PDF and for Word, can."""
    import typst

    from workbook.render import fonts

    drawing = b"#image(bytes(json(bytes(sys.inputs.logo))), format: sys.inputs.kind)"
    try:
        typst.compile(
            drawing,
            sys_inputs={"logo": json.dumps(list(picture)), "kind": kind},
            format="svg",
            font_paths=fonts.shipped_only(),
        )
    except RuntimeError:
        return False
    return kind != "svg" or _is_text(picture)


def _is_text(picture: bytes) -> bool:
    try:
        picture.decode()
    except UnicodeDecodeError:
        return False
    return True
