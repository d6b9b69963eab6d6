"""Finds the folders that ship beside the code: templates, policies, migrations."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource_dir(name: str) -> Path:
    """The folder `name`: inside the installed package, else beside it in a checkout.

    Raises FileNotFoundError when it is in neither.
    """
    checkout = PACKAGE.parent
    candidates = [PACKAGE / name]
    if (checkout / "pyproject.toml").is_file():
        candidates.append(checkout / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name}/ is neither in the package nor beside it")
