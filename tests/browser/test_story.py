"""A new user's whole way, in a real browser against the real server: from invitation to undo."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Served, picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSWORD = "three random words"
SET_UP = """
from nameplate.register import people
from nameplate.register.models import Organisation, Person
desk = Organisation.objects.create(key="desk", name="The review desk")
head = Person.objects.create_user("head@desk.example", name="Head")
for role, name in (("case_officer", "cora"), ("auditor", "aud")):
    print(people.invite(desk, f"{name}@desk.example", role, head)[1])
"""


def join(page: Page, token: str, name: str) -> None:
    """Take an invitation up and set up the second factor that a server asks for."""
    page.goto(f"/join/{token}")
    if name == "Cora":
        picture(page, "1-invitation")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("A password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    if page.get_by_role("button", name="Turn it on").count() == 0:
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form").get_by_role("button").last.click()
    secret = page.locator("#totp-secret").inner_text()
    if name == "Cora":
        masked = page.locator("#totp-secret, .np-qr")
        masked.evaluate_all("all => all.forEach(one => one.style.filter = 'blur(6px)')")
        picture(page, "2-second-factor")
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Turn it on").click()
    page.wait_for_load_state()


def row_count(page: Page) -> str:
    return page.locator("main p.govuk-body strong").first.inner_text()


def confirmed(page: Page) -> list[str]:
    """The cells *confirmed* of the start page's first table."""
    page.goto("/")
    table = page.locator("main table").first
    if table.count() == 0:
        return []
    return [text.replace("\n", " ") for text in table.locator("tbody td").all_inner_texts()]


def test_from_invitation_to_undo(browser: Browser, served: Served, tmp_path: Path) -> None:
    officer_token, auditor_token = served.python(SET_UP).split()
    page: Page = served.context(browser).new_page()
    page.goto("/purchases")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    join(page, officer_token, "Cora")

    page.goto("/")
    expect(page.locator("main")).to_contain_text("Nothing has been imported yet")
    page.get_by_role("button", name="Bring files in").click()
    example = resources.files("nameplate") / "examples" / "press_2021"
    with resources.as_file(example) as folder:
        files = [folder / "records.json", folder / "statements.jsonl"]
        page.get_by_label("Files", exact=True).set_input_files(files)
        page.get_by_role("button", name="Bring in").click()
        seen = watch(page)
    assert seen[-1] == "Done", seen
    assert len(seen) > 1, "the page showed the import under way before it was done"
    expect(page.locator("dl")).to_contain_text("Purchases new here")
    assert page.locator("dd").first.inner_text().strip() == "3"
    picture(page, "4-imported")
    import_page = page.url
    before = confirmed(page)
    assert before
    picture(page, "5-position")

    page.goto("/purchases")
    page.get_by_label("Search").fill("Dudley")
    page.get_by_role("button", name="Show").click()
    assert row_count(page) == "1"
    picture(page, "6-search")
    page.locator("main table tbody a").first.click()
    expect(page.locator("main")).to_contain_text("Dudley")
    card = page.locator("section.np-card").filter(has_text="Hikvision")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("The Sunday Telegraph")
    for summary in card.locator("summary").all()[:1]:
        summary.click()
    expect(card.locator("table")).to_be_visible()
    listings = page.get_by_role("region", name="Listings")
    expect(listings).to_contain_text(re.compile(r"from \d{4}(-\d\d-\d\d)?"))
    picture(page, "7-why-hikvision", "section.np-card")

    card.locator("summary", has_text="Confirm or reject").click()
    card.get_by_label("Reason").fill("The council told us that the cameras were Axis.")
    card.get_by_role("button", name="Reject").click()
    expect(page.locator("main")).to_contain_text("The council told us that the cameras were Axis.")
    expect(page.locator("section.np-card").filter(has_text="Hikvision")).to_have_count(0)
    picture(page, "8-rejected")
    after = confirmed(page)
    assert after != before, "the totals follow at once"

    page.goto(import_page)
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_label("Why is it undone?").fill("It was only a trial.")
    page.get_by_role("button", name="Undo the import").click()
    assert watch(page)[-1] == "Undone"
    picture(page, "9-undone")
    page.goto("/purchases")
    assert row_count(page) == "0"
    assert not confirmed(page)

    auditor: Page = served.context(browser).new_page()
    join(auditor, auditor_token, "Aud")
    auditor.goto("/audit")
    trail = auditor.locator("main table").inner_text()
    for said in ("import: begun", "attribution: rejected", "import: undone"):
        assert said in trail
    auditor.get_by_role("button", name="Verify the chain").click()
    expect(auditor.locator("h1")).to_contain_text("The chain holds")
    picture(auditor, "10-chain-verified")
    done = served.command("audit", "verify")
    assert done.returncode == 0, done.stdout


def watch(page: Page) -> list[str]:
    """The states that an import's page shows, which asks again by itself, until it is over."""
    seen: list[str] = []
    for _ in range(600):
        state = page.locator("h1 .govuk-tag").inner_text()
        if not seen or seen[-1] != state:
            seen.append(state)
            if state == "Running":
                picture(page, "3-progress")
        if state not in ("Waiting", "Running", "Being undone"):
            break
        page.wait_for_timeout(200)
    return seen
