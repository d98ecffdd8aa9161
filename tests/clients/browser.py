"""A browser with a person before it: cookies, forms with their hidden fields, and no script."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

CALLBACK = "http://127.0.0.1:9/callback"


class Form(HTMLParser):
    """The form of a page: where it goes, and its hidden fields."""

    def __init__(self, html):
        super().__init__()
        self.hidden = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif attributes.get("type") == "hidden":
            self.hidden[attributes["name"]] = attributes["value"]


def answer(browser, response):
    """Follows redirects to a page, or to the URL that leads back to the client."""
    while "Location" in response.headers:
        place = urljoin(response.url, response.headers["Location"])
        if place.startswith(f"{CALLBACK}?"):
            return place
        response = browser.get(place, allow_redirects=False)
    response.raise_for_status()
    return response


def fill(browser, page, **fields):
    """Fills in the form of a page, and posts it."""
    form = Form(page.text)
    place = urljoin(page.url, form.action)
    posted = browser.post(place, data=form.hidden | fields, allow_redirects=False)
    return answer(browser, posted)


def as_alice(url, decision="allow"):
    """Opens an authorization request as alice, and gives the URL that leads back to the client."""
    with requests.Session() as browser:
        login = answer(browser, browser.get(url, allow_redirects=False))
        consent = fill(browser, login, username="alice", password="wonderland")
        return fill(browser, consent, decision=decision)
