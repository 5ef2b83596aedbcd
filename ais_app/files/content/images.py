"""Images are written anew: only their points stay, nothing of where and by what they were made (S-46)."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps

from ais_app.files.errors import FileRefused
from ais_app.i18n import _

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_POINTS = 40_000_000
_KEPT_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}


def written_anew(path: Path, name: str) -> bytes:
    """The points of the image at `path`, upright, as a new file; `name` is PNG or JPEG. Raises FileRefused.

    Of several pictures in one file the first stays.
    """
    try:
        with Image.open(path, formats=(name,)) as image:
            if image.width * image.height > MOST_POINTS:
                raise FileRefused(_("The image has too many points."))
            upright = ImageOps.exif_transpose(image)
    except FileRefused:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise FileRefused(_("The image is damaged.")) from error
    clear = upright.info.get("transparency")
    upright.info = {} if clear is None or upright.mode not in ("P", "L", "RGB") else {"transparency": clear}
    if upright.mode not in _KEPT_MODES[name]:
        upright = upright.convert("RGB" if name == "JPEG" else "RGBA")
    target = io.BytesIO()
    upright.save(target, format=name, **({"quality": 90} if name == "JPEG" else {}))
    return target.getvalue()
