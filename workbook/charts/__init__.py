"""The kinds of chart, as plain Vega-Lite data: rows in, a specification out.

No chart carries a title or a theme: the page prints the title, the renderer
adds the theme. Every chart names its unit, is drawn with few and short labels
(measuring text is what makes drawing slow), and never tells series apart by
colour alone: lines differ in dash and marker and are labelled where they end,
stacks are labelled beside the last bar, an area of one's own is bold and
larger. Rows without a value are left out, and a line is interrupted where a
year is missing or a series was broken.
"""

from workbook.charts.amounts import bars, waterfall
from workbook.charts.calendar import calendar
from workbook.charts.comparison import matrix, ranked
from workbook.charts.exposure import exposure
from workbook.charts.funnel import funnel
from workbook.charts.gradient import gradient
from workbook.charts.lines import paths, trend
from workbook.charts.maps import map_
from workbook.charts.parts import FAINT, FILLS, INK, MUTED, PALETTE
from workbook.charts.population import pyramid
from workbook.charts.quadrant import quadrant
from workbook.charts.ranks import ranks
from workbook.charts.segments import segment_matrix
from workbook.charts.spine import spine
from workbook.charts.strip import strip
from workbook.charts.thread import thread
from workbook.charts.uncertainty import ranges, tornado

__all__ = [
    "FAINT",
    "FILLS",
    "INK",
    "MUTED",
    "PALETTE",
    "bars",
    "calendar",
    "exposure",
    "funnel",
    "gradient",
    "map_",
    "matrix",
    "paths",
    "pyramid",
    "quadrant",
    "ranges",
    "ranked",
    "ranks",
    "segment_matrix",
    "spine",
    "strip",
    "thread",
    "tornado",
    "trend",
    "waterfall",
]
