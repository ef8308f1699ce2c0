"""Charts as pictures: Vega-Lite in, SVG with a title and a description out; PNG where SVG cannot go."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from workbook.render import fonts, house, lettering, theme
from workbook.render.text import clean

_PAGES = b"""#set page(width: auto, height: auto, margin: 0pt)
#for one in json(bytes(sys.inputs.svgs)) { page(image(bytes(one), format: "svg")) }"""
# A mark that says something when it is pointed at carries it as its title, which needs no script.
_SAYING = re.compile(
    r'<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:point|symbol mark)"([^>]*?)(?:/>|></path>)'
)
# The picture is one image to a screen reader; what the engine says of single marks is left out.
_INNER_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-[a-z]+="[^"]*")')
_ID, _LINK = re.compile(r'\bid="([^"]+)"'), re.compile(r"url\(#([^)]+)\)")
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')


def draw(spec: dict[str, Any], *, title: str, alt: str, uid: str) -> str:
    """The chart as SVG that a screen reader announces by its title and description.

    ``uid`` must be unique in the page: every id in the picture carries it.
    """
    name, words = f"{escape(uid)}-t", f"{escape(uid)}-d"
    body = _own_ids(picture(spec), escape(uid))
    opened = body.replace("<svg ", f'<svg role="img" aria-labelledby="{name} {words}" ', 1)
    head, _, rest = opened.partition(">")
    described = (
        f'<title id="{name}">{escape(clean(title))}</title><desc id="{words}">{escape(clean(alt))}</desc>'
    )
    return f"{head}>{described}{rest}"


def picture(spec: dict[str, Any]) -> str:
    """The chart as bare SVG, drawn once for every different spec in a process."""
    made = (_elsewhere or drawn)(json.dumps(spec, sort_keys=False, separators=(",", ":")))
    return house.current().recoloured(made)


def drawn(spec: str) -> str:
    """The chart of a spec written as JSON, as bare SVG."""
    return _drawn(spec)


def pictures_by(function: Callable[[str], str] | None) -> None:
    """Let ``function(spec as JSON)`` give whole pictures instead, for example another process that keeps them."""
    global _elsewhere
    _elsewhere = function


def png(svg: str, scale: float = 2) -> bytes:
    """The picture as PNG, ``scale`` times its size in pixels.

    Drawn with the shipped fonts alone, so the bytes do not depend on the machine.
    """
    return pngs([svg], scale)[0]


def size(svg: str) -> tuple[float, float]:
    """Width and height of the picture in pixels."""
    found = _SIZE.search(svg)
    return (float(found[1]), float(found[2])) if found else (600.0, 300.0)


def convert_with(function: Callable[[str, dict[str, Any]], str] | None) -> None:
    """Let ``function(spec as JSON, config)`` draw instead, for example a shared chart process."""
    global _converter
    _converter = function or here
    _drawn.cache_clear()


def here(spec: str, config: dict[str, Any]) -> str:
    """The chart as the engine in this process draws it."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, config=config, allowed_base_urls=[])


_converter: Callable[[str, dict[str, Any]], str] = here
_elsewhere: Callable[[str], str] | None = None


@functools.lru_cache(maxsize=128)
def _drawn(spec: str) -> str:
    bare, written = lettering.taken_out(json.loads(spec))
    made = _converter(json.dumps(bare, separators=(",", ":")), theme.config())
    titled = _SAYING.sub(lambda found: f"<path{found[2]}><title>{found[1]}</title></path>", made)
    return _own_ids(lettering.put_back(_INNER_ROLES.sub("", titled), written), "part")


def pngs(svgs: Sequence[str], scale: float = 2) -> list[bytes]:
    """The pictures as PNG, all drawn in one go: a call of the typesetter for each costs several times as much.

    Those drawn last are kept, because the documents of a pack show many of the same pictures.
    """
    new = [svg for svg in dict.fromkeys(svgs) if (svg, scale) not in _painted]
    made = dict(zip(new, _painting(new, scale), strict=True)) if new else {}
    found = [made.get(svg) or _painted[svg, scale] for svg in svgs]
    for svg, picture in made.items():
        _painted[svg, scale] = picture
    for oldest in list(_painted)[: max(0, len(_painted) - _MOST_KEPT)]:
        del _painted[oldest]
    return found


_painted: dict[tuple[str, float], bytes] = {}
_MOST_KEPT = 128


def _painting(svgs: Sequence[str], scale: float) -> list[bytes]:
    import typst

    # One SVG pixel is one point on typst's page, of which an inch has 72.
    made: Any = typst.compile(
        _PAGES,
        sys_inputs={"svgs": json.dumps(list(svgs))},
        format="png",
        ppi=72 * scale / _POINTS_A_PIXEL,
        font_paths=fonts.shipped_only(),
    )
    return list(made) if isinstance(made, list) else [made]


_POINTS_A_PIXEL = 0.75


def _own_ids(svg: str, uid: str) -> str:
    """The picture with its inner ids (clips, gradients) made unique to it, numbered in their order.

    The engine numbers them on from picture to picture of a process, so its own numbers would make the bytes
    depend on what was drawn before.
    """
    names = {old: f"{uid}-{n}" for n, old in enumerate(dict.fromkeys(_ID.findall(svg)), start=1)}
    if not names:
        return svg
    renamed = _ID.sub(lambda found: f'id="{names[found[1]]}"', svg)
    return _LINK.sub(lambda found: f"url(#{names.get(found[1], found[1])})", renamed)
