"""A translator and who approves, at the screens of translations."""

from playwright.sync_api import Page, expect


def begin(page: Page, edit: str, *languages: str) -> None:
    """What was written is to be translated."""
    page.goto(edit.replace("/pages/", "/localize/submit/page/").replace("/edit/", "/"))
    for language in languages:
        page.get_by_role("checkbox", name=language).check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(lambda url: "/localize/" not in url)


def translate(page: Page, title: str, language: str) -> str:
    """Each piece on its screen, and hand it in. Answers where that is."""
    page.goto(f"/admin/pages/search/?q={title}")
    page.get_by_role("link", name=title, exact=True).click()
    translate_pieces(page, language)
    press(page, "Submit to Moderators approval")
    expect(page.get_by_text("has been submitted for moderation")).to_be_visible()
    return page.url


def translate_pieces(page: Page, language: str) -> None:
    editor = page.locator(".js-translation-editor")
    waiting = editor.get_by_role("button", name="Translate", exact=True)
    expect(waiting.first).to_be_visible()
    for _piece in range(waiting.count()):
        words = editor.locator("li.incomplete p").first.inner_text()
        waiting.first.click()
        editor.get_by_role("textbox").fill(f"{words} ({language})")
        with page.expect_response("**/strings/*/edit/"):
            editor.get_by_role("button", name="Save").click()
    page.reload()
    expect(page.get_by_text("Every piece is translated.")).to_be_visible()


def press(page: Page, button: str) -> None:
    """One of the ways below a translation, the first or behind it."""
    desk = page.locator("#page-edit-form")
    link = desk.get_by_role("link", name=button, exact=True)
    wanted = desk.get_by_role("button", name=button, exact=True).or_(link)
    if not wanted.is_visible():
        desk.get_by_role("button", name="More actions").click()
    wanted.click()


def send_back(page: Page, screen: str, words: str) -> None:
    """Having seen what would change."""
    page.goto(screen)
    page.get_by_role("link", name="See what changes for visitors").click()
    expect(page.get_by_text(words).first).to_be_visible()
    page.goto(screen)
    press(page, "Request changes")
    page.get_by_label("Comment").fill("Say it more simply.")
    page.get_by_role("dialog").get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("Done.")).to_be_visible()


def mend(page: Page, screen: str) -> None:
    page.goto(screen)
    expect(page.get_by_text("Sent back: Say it more simply.")).to_be_visible()
    press(page, "Resubmit to Moderators approval")
    expect(page.get_by_text("has been submitted for moderation")).to_be_visible()


def agree(page: Page, screen: str) -> None:
    page.goto(screen)
    press(page, "Approve and Publish")
    expect(page.get_by_text("Done.")).to_be_visible()


def bring(
    translator: Page, approver: Page, titles: list[str], language: str, *, sent_back: bool = False
) -> list[str]:
    """Pages into a language. Answers where they are."""
    screens = [translate(translator, title, language) for title in titles]
    if sent_back:
        send_back(approver, screens[0], f"{titles[0]} ({language})")
        mend(translator, screens[0])
    for screen in screens:
        agree(approver, screen)
    return screens
