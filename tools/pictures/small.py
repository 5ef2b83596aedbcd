"""Pictures of few bytes: 256 colours are enough for a page."""

from __future__ import annotations

import io

from PIL import Image

COLOURS = 256


def shrink(picture: bytes) -> bytes:
    """The same picture as a palette PNG, without dithering: surfaces stay even."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    target = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=4, dither=Image.Dither.NONE).save(
        target, "PNG", optimize=True
    )
    return target.getvalue()
