"""JSON as packs hold it: readable, and the same bytes for the same data."""

from __future__ import annotations

import json
from typing import Any

import orjson

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def as_bytes(data: Any) -> bytes:
    """Data as JSON in UTF-8, two spaces a level, keys in their own order, one line feed at the end.

    A figure that is not a number is written as null. What the fast writer refuses (a whole number beyond
    64 bits, a kind of float of somebody's own) is written by Python's.
    """
    try:
        return orjson.dumps(data, option=_OPTIONS)
    except TypeError:
        text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
        return (text + "\n").encode()
