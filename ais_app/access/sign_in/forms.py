"""Reading the form of a plain route: `application/x-www-form-urlencoded` in UTF-8, at most `MOST_FIELDS` fields.

General parsers decode by whatever charset the client names (`utf-7`, `undefined`) and fail each in its own way (S-73).
No page of ours sends files or another charset, so anything else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from ais_app.access.errors import FormRefused

KIND = "application/x-www-form-urlencoded"
MOST_FIELDS = 50


async def read_form(request: Request) -> Mapping[str, str]:
    """{name: text} of the form that was sent; an empty body is an empty form. Raises FormRefused."""
    body = await request.body()
    if not body:
        return {}
    kind, _semicolon, rest = request.headers.get("content-type", "").partition(";")
    parameter = rest.strip().lower().replace('"', "")
    if kind.strip().lower() != KIND or parameter not in ("", "charset=utf-8"):
        raise FormRefused
    pairs = body.split(b"&")
    if len(pairs) > MOST_FIELDS:
        raise FormRefused
    form: dict[str, str] = {}
    for pair in pairs:
        name, _equals, value = pair.partition(b"=")
        if _text(name) in form:
            raise FormRefused
        form[_text(name)] = _text(value)
    return form


def field(form: Mapping[str, str], name: str, longest: int) -> str:
    """The text of a field, "" when it was not sent; cut one character after `longest`, so that checks refuse it."""
    # A NUL fits nothing that is stored, and PostgreSQL would not even look it up.
    return form.get(name, "")[: longest + 1].replace("\0", "\ufffd")


def _text(spelled: bytes) -> str:
    try:
        return unquote_to_bytes(spelled.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormRefused from error
