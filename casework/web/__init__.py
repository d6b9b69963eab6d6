"""The screens. Flask is known only here, and only services, errors, clock, config and resources are known to it."""

from casework.web.app import create_app

__all__ = ["create_app"]
