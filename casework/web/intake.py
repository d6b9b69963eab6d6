"""What no honest browser sends is refused before anything looks at it: another host, plain HTTP from afar, a NUL in a text."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar
from urllib.parse import parse_qsl

from flask import Flask, Request, abort, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, SecurityError
from werkzeug.formparser import FormDataParser
from werkzeug.routing import BaseConverter

from casework.web import cookies

LAST_PAGE = 100_000
LAST_POSITION = 2**62
LONGEST_NAME = 100
"""Characters: the name of a control, as `children-0-last_name`, which the longest of ours does not come near."""
MOST_FIELDS = 2000
"""In one form: the people of a large cell with a place each are a few hundred."""

View = TypeVar("View", bound=Callable[..., Any])


class NumberConverter(BaseConverter):
    """A dossier number in an address. Anything else is no page of ours."""

    regex = r"[0-9A-Za-z_.-]{1,64}"


class FormReader(FormDataParser):
    """Bytes that are no UTF-8 become the sign for them (U+FFFD), which the services refuse at their field.

    Werkzeug would leave them percent-encoded, and « Val%FFmorel » would pass for what somebody typed.
    """

    def parse(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None) -> Any:
        """As Werkzeug does, but for forms in one line."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read().decode(errors="replace")
        if body.count("&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        typed = parse_qsl(body, keep_blank_values=True, errors="replace")
        return stream, self.cls(typed), MultiDict()


class Reading(Request):
    """A request whose forms are read that way, and whose files stay in memory: nothing that is sent ever lies on a disk."""

    form_data_parser_class = FormReader

    def _get_file_stream(self, *_asked: object, **_named: object) -> IO[bytes]:
        """Werkzeug would put a file of more than 500 kB into a temporary one. How long it may be, MAX_CONTENT_LENGTH says."""
        return BytesIO()


def install(app: Flask) -> None:
    """Look at every request first."""
    app.request_class = Reading
    app.url_map.converters["number"] = NumberConverter
    app.before_request(_look)


def roomy(size: int) -> Callable[[View], View]:
    """Declare that a view takes a body of up to `size` bytes, where every other one takes `web.app.MAX_BODY`."""

    def mark(view: View) -> View:
        view.casework_room = size  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def page_asked() -> int:
    """The page the address asks for; 1 for none or nonsense."""
    return max(1, min(request.args.get("page", 1, type=int), LAST_PAGE))


def upto_asked() -> int | None:
    """Where the first page of a question to the ledger stopped; None for none or nonsense."""
    asked = request.args.get("jusque", None, type=int)
    return None if asked is None else max(0, min(asked, LAST_POSITION))


def _look() -> None:
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # a Host that is not ours
    _make_room()
    if request.scheme == "http" and not cookies.is_loopback(request.remote_addr):
        abort(403)
    if any("\0" in text for name, texts in request.values.lists() for text in (name, *texts)):
        abort(400)  # PostgreSQL stores no NUL; what cannot be stored need not travel further
    if request.is_json or not all(name.isascii() and len(name) <= LONGEST_NAME for name in request.form):
        abort(400)  # our forms are no JSON, and their names are ours: WTForms takes numbers out of them, « ² » and a thousand digits too


def _make_room() -> None:
    """Before anything reads the body: the token's guard does."""
    size = getattr(current_app.view_functions.get(request.endpoint or ""), "casework_room", None)
    if size is not None:
        request.max_content_length = request.max_form_memory_size = size
