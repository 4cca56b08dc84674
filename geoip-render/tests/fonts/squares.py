#!/usr/bin/env python3
"""Makes squares.ttf, a font of two letters for tests: `pip install fonttools`, then run this."""

import pathlib

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def square(side):
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in [(100, side), (side, side), (side, 0)]:
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


names = [".notdef", "han", "zi"]
font = FontBuilder(1000, isTTF=True)
font.setupGlyphOrder(names)
font.setupCharacterMap({0x6F22: "han", 0x5B57: "zi"})
font.setupGlyf({name: square(size) for name, size in zip(names, [500, 900, 700])})
font.setupHorizontalMetrics({name: (1000, 100) for name in names})
font.setupHorizontalHeader(ascent=900, descent=-100)
font.setupNameTable({"familyName": "Squares 'n' more", "styleName": "Regular"})
font.setupOS2()
font.setupPost()
# No time of making, so that the bytes are the same each time.
font.font["head"].created = font.font["head"].modified = 0
font.font.recalcTimestamp = False
font.save(pathlib.Path(__file__).with_name("squares.ttf"))
