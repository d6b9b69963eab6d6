"""The style sheets, the script and the icon: few files, read once at start, served under addresses that change with their content."""

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, url_for

from casework.web.guard import public

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}
VERSIONS = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in FILES.items()}


def install(app: Flask) -> None:
    """Serve the files under /static."""
    app.add_url_rule("/static/<version>/<name>", "static", serve)


def asset(name: str) -> str:
    """The address of a file in its present version. Raises KeyError for an unknown one."""
    return url_for("static", version=VERSIONS[name], name=name)


@public("no session: the same few files for everybody")
def serve(version: str, name: str) -> Response:
    """One file, kept a year by the browser; 404 for an unknown name or another version."""
    if VERSIONS.get(name) != version:
        abort(404)
    response = Response(FILES[name], content_type=KINDS[Path(name).suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
