"""Every page for every role that may see it: WCAG 2.2 AA by axe, without scripts, on a phone.

A page that comes byte for byte as an earlier role had it (but for its form tokens) is checked once:
the same bytes make the same page. All people bear one name, so that only what differs counts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route

import walking
from integration.web.conftest import organisations, people
from nameplate.register import people as members
from nameplate.register.models import Organisation, Person
from nameplate.register.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(400)]
__all__ = ["organisations", "people"]

BASE = "https://nameplate.example"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NO_PAGE = {
    "choose_organisation",
    "health",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "openid_connect_login",
}
"""Routes that answer with no HTML page: they take a form, or hand out data."""
TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*|(\?next=)[^"]*')

CUT_OFF = """() => {
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > 320) found.push('the page is ' + wide + ' px wide');
  for (const one of document.querySelectorAll('body *')) {
    if (one.closest('.np-scroll, svg, .govuk-visually-hidden, .np-code')) continue;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && box.right > 321)
      found.push(one.tagName + '.' + one.className + ' reaches ' + Math.round(box.right));
    const hides = ['hidden', 'clip'].includes(style.overflowX);
    if (hides && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
      found.push(one.tagName + '.' + one.className + ' cuts off its content');
  }
  return found.slice(0, 5);
}"""
NEEDS_SCRIPT = """() => {
  const found = [];
  const shown = one => one.checkVisibility({visibilityProperty: true});
  const main = document.querySelector('main#main-content');
  if (!main || !main.innerText.trim()) found.push('no main content');
  if (!main || ![...main.querySelectorAll('h1')].some(shown)) found.push('no heading');
  for (const button of document.querySelectorAll('button'))
    if (shown(button) && (button.type !== 'submit' || !button.form))
      found.push('a button that does nothing: ' + button.innerText);
  for (const form of document.querySelectorAll('form'))
    if (shown(form) && ![...form.querySelectorAll('button, input[type=submit]')].some(shown))
      found.push('a form that cannot be sent: ' + form.action);
  for (const link of document.querySelectorAll('a'))
    if (shown(link) && /^(#|javascript:)?$/.test(link.getAttribute('href') || ''))
      found.push('a link that leads nowhere: ' + link.innerText);
  return found;
}"""


@pytest.fixture
def loaded(organisations: list[Organisation], tmp_path: Path) -> Any:
    return walking.load(organisations[0], tmp_path, rows=3)


class Site:
    """Answers the browser's requests from the application in this process and thread."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.pages: dict[str, Any] = {}
        self.files: dict[str, Any] = {}

    def __call__(self, route: Route) -> None:
        path = route.request.url.removeprefix(BASE)
        answer = self.pages.get(path) or self.files.get(path)
        if answer is None:
            found = self.client.get(path)
            body = b"".join(found.streaming_content) if found.streaming else found.content
            answer = self.files[path] = (found.status_code, dict(found.headers), body)
        route.fulfill(status=answer[0], headers=answer[1], body=answer[2])


@pytest.fixture
def pages(browser: Browser, loaded: dict[str, Any], people: Any) -> Any:
    """A function that walks: calls ``check(page)`` on each page that differs."""
    Person.objects.update(name="Ann")

    def walk(check: Any, **options: Any) -> tuple[list[str], int]:
        problems: list[str] = []
        seen: set[tuple[Any, ...]] = set()
        for role in [*Role, None]:
            client = Client()
            if role:
                backend = "django.contrib.auth.backends.ModelBackend"
                client.force_login(people["dudley", role.value], backend=backend)
            token = members.invite(
                Organisation.objects.get(key="dudley"),
                "new@dudley.example",
                "reader",
                people["dudley", "administrator"],
            )[1]
            context = browser.new_context(**options)
            site = Site(client)
            context.route("**/*", site)
            page = context.new_page()
            for route in [*walking.OWN, *walking.PACKAGES]:
                if route.name in NO_PAGE or not walking.may_see(route, role.value if role else ""):
                    continue
                address = walking.address(route, {**loaded, "token": token})
                answer = client.get(address)
                if answer.status_code in (302, 405):
                    continue  # leads to a page walked in its own right, or takes a form only
                where = f"{route.name} as {role or 'a stranger'}"
                assert answer["Content-Type"].startswith("text/html"), where
                bytes_ = TOKENS.sub(b"", answer.content)
                if (route.name, bytes_) in seen:
                    continue
                seen.add((route.name, bytes_))
                site.pages[address] = (answer.status_code, dict(answer.headers), answer.content)
                page.goto(BASE + address)
                problems += [f"{where}: {one}" for one in check(page)]
            context.close()
        return problems, len(seen)

    return walk


def _axe(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"][:3]]


def _phone(page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = page.evaluate(CUT_OFF)
    page.set_viewport_size({"width": 1100, "height": 800})
    return found


def test_no_page_fails_wcag_or_is_cut_off_at_320_pixels(pages: Any) -> None:
    problems, checked = pages(
        lambda page: [*_axe(page), *_phone(page)], viewport={"width": 1100, "height": 800}
    )
    print(f"{checked} pages checked")
    assert checked > 40
    assert not problems, "\n".join(problems)


def test_every_page_works_without_scripts(pages: Any) -> None:
    problems, checked = pages(lambda page: page.evaluate(NEEDS_SCRIPT), java_script_enabled=False)
    assert checked > 40
    assert not problems, "\n".join(problems)


def test_the_checks_can_fail(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.set_content(
        "<html><body><main id='main-content'><img src='x'><button type='button'>Go</button>"
        "<p style='width: 700px'>wide</p></main></body></html>"
    )
    assert any("image-alt" in one for one in _axe(page))
    assert any("px wide" in one for one in _phone(page))
    assert "no heading" in page.evaluate(NEEDS_SCRIPT)
    page.close()
