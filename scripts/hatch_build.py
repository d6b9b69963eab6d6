"""Ships the folders that live beside the package inside it: templates/, policies/, migrations/.

Not `force-include`: that one copies ignored local files too, and leaves stale copies behind an editable install.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = {
    "templates": ("*.html", "*.txt", "*.css", "*.js", "*.svg", "*.woff2", "*.png", "*.ico", "*.typ"),
    "policies": ("*.cedar", "*.md", "*.yaml", "*.json", "*.cedarschema"),
    "migrations": ("*.py", "*.mako"),
}


class ShipFolders(BuildHookInterface[Any]):
    """Adds every file of a meant kind, and fails the build when a folder has none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the wheel is written. An editable install reads the folders where they are."""
        if version == "editable":
            return
        for folder, kinds in SHIPPED.items():
            root = Path(self.root, folder)
            files = sorted({path for kind in kinds for path in root.rglob(kind) if ".local." not in path.name})
            if not files:
                raise FileNotFoundError(f"{folder}/ has nothing to ship")
            build_data["force_include"].update({str(path): f"casework/{path.relative_to(self.root)}" for path in files})
