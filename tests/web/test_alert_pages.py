"""An alert leads somewhere: every page named beside a kind of alert or of due line is there."""

from flask import Flask

from casework.web import day


def test_every_page_an_alert_leads_to_is_there(app: Flask) -> None:
    """And each kind that has a page has a sentence."""
    wanted = {*day.ALERT_PAGES.values(), *day.DUE_PAGES.values()} - {""}
    assert wanted <= app.view_functions.keys()
    assert day.ALERT_PAGES.keys() <= day.ALERTS.keys()
