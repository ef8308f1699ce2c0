"""What a chart shows when it is drawn: its words, where they stand, how long it took."""

import re
from xml.etree import ElementTree

import vl_convert

from workbook.render import theme


def svg(spec):
    return vl_convert.vegalite_to_svg(spec, config=theme.config(), allowed_base_urls=[])


def words(spec):
    """Everything that is printed in the picture, one entry for each text."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg(spec))
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", t)).strip() for t in found]


def rows_of(spec, mark, **holding):
    """The rows of all layers with this mark, those with the given fields and values."""
    rows = [r for x in spec["layer"] if x["mark"]["type"] == mark for r in x["data"]["values"]]
    return [r for r in rows if all(r.get(k) == v for k, v in holding.items())]


def boxes(picture):
    """Where each line of text stands in the picture (left, top, right, bottom, text), roughly."""

    def walk(node, x, y):
        for dx, dy in re.findall(r"translate\(([-\d.e]+),\s*([-\d.e]+)\)", node.get("transform", "")):
            x, y = x + float(dx), y + float(dy)
        if node.tag.endswith("}text") and not node.get("stroke"):  # the white edge behind words is no word
            size = float(re.sub("[^0-9.]", "", node.get("font-size", "11")))
            spans = [s for s in node if s.tag.endswith("}tspan")]
            lines = [s.text or "" for s in spans] or [node.text or ""]
            gap = float(spans[1].get("dy", size + 2)) if len(spans) > 1 else 0.0
            for i, line in enumerate(lines):
                width = 0.43 * size * len(line)
                anchor = {"middle": 0.5, "end": 1.0}.get(node.get("text-anchor"), 0.0)
                left, base = x - anchor * width, y + i * gap
                if line:
                    yield left, base - 0.7 * size, left + width, base + 0.1 * size, line
        for child in node:
            yield from walk(child, x, y)

    yield from walk(ElementTree.fromstring(picture), 0.0, 0.0)


def assert_whole_and_apart(picture):
    """No word is cut off at the edge or set over another."""
    width, height = (float(x) for x in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture).groups())
    found = list(boxes(picture))
    assert found
    for left, top, right, bottom, text in found:
        assert left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1, text
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one[4], other[4])
