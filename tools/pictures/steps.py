"""What is done on a page before its picture is taken. A failure is a real one: of the network, the server, a record."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute

Step = Callable[[Page], object]
SOCKET = "**/_event/**"


def nothing(_page: Page) -> None:
    return


def steps(*several: Step) -> Step:
    def run(page: Page) -> None:
        for one in several:
            one(page)

    return run


def click(*test_ids: str) -> Step:
    def run(page: Page) -> None:
        for one in test_ids:
            page.get_by_test_id(one).first.click()

    return run


def click_at(selector: str) -> Step:
    """For what has no test id of its own."""
    return lambda page: page.locator(selector).first.click()


def fill(fields: dict[str, str]) -> Step:
    """Values by test id."""

    def run(page: Page) -> None:
        for name, value in fields.items():
            page.get_by_test_id(name).first.fill(value)

    return run


def fill_at(selector: str, value: str) -> Step:
    return lambda page: page.locator(selector).first.fill(value)


def scroll(selector: str) -> Step:
    """The place to the top of the picture."""
    return lambda page: page.locator(selector).first.evaluate("one => one.scrollIntoView({block: 'start'})")


def press(*keys: str) -> Step:
    """Keys one after the other, with the grid's cell of today in the third row active."""

    def run(page: Page) -> None:
        page.locator("td.today").nth(2).click()
        for key in keys:
            page.keyboard.press(key)

    return run


def tap(*values: str) -> Step:
    """On a phone: marks from the pad, from the first student of the lesson on."""

    def run(page: Page) -> None:
        page.locator(".lmarks button.val").first.click()
        for value in values:
            page.get_by_test_id(f"put-{value}").click()

    return run


def appearance(field: str, value: str) -> Step:
    """As the menu does it: a post, kept for the account."""

    def run(page: Page) -> None:
        page.get_by_test_id("view-menu").click()
        page.get_by_test_id(f"look-{field}-{value}").click()
        page.wait_for_load_state("networkidle")

    return run


def usual_appearance(page: Page) -> None:
    """The account as it was, for the next picture."""
    for field in ("theme", "vision", "spacing"):
        appearance(field, "usual")(page)


def shown(test_id: str) -> Step:
    return lambda page: page.get_by_test_id(test_id).first.wait_for()


def says(test_id: str, words: str) -> Step:
    return lambda page: page.get_by_test_id(test_id).get_by_text(words).wait_for()


def sign_in(page: Page, url: str, login: str, password: str = "", *, own_device: bool = False) -> None:
    """With the password that the people of both schools have: «demo-» and the login."""
    page.goto(f"{url}/login")
    page.get_by_test_id("login-name").fill(login)
    page.get_by_test_id("login-password").fill(password or f"demo-{login}")
    if own_device:
        page.locator("input[name=personal]").check()
    with page.expect_navigation():
        page.get_by_test_id("login-submit").click()


def elsewhere(login: str) -> Step:
    """The same person is signed in on a device of his own too."""

    def run(page: Page) -> None:
        if browser := page.context.browser:
            sign_in(browser.new_context().new_page(), origin(page), login, own_device=True)
        page.reload()
        page.get_by_test_id("end-others").wait_for()

    return run


def offline(page: Page) -> None:
    """Nothing reaches the server any more."""
    page.context.set_offline(True)


def silence(page: Page) -> None:
    """The page comes, its socket gets no answer."""
    page.route_web_socket(SOCKET, lambda _route: None)
    page.reload()


def cut_off(page: Page) -> None:
    """The page is there when its connection breaks and no new one comes about."""
    page.context.set_offline(True)
    page.get_by_test_id("no-connection").wait_for(timeout=60_000)


def not_hearing(page: Page, words: str) -> None:
    """The page is opened anew and gets everything from the server but the frames that hold `words`."""

    def hold(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(server.send)
        server.on_message(lambda message: None if words in str(message) else route.send(message))

    page.route_web_socket(SOCKET, hold)
    page.reload()


def deaf(page: Page) -> None:
    """The page writes and gets its answers, and hears nothing of what others write."""
    not_hearing(page, '"by"')
    page.locator('[data-testid="journal-grid"], [data-testid="phone-marks"]').first.wait_for()
    page.wait_for_load_state("networkidle")


def conflict(write: Callable[..., Step]) -> Step:
    """A second tab writes the cell first, and this one does not hear of it. `write` = press or tap."""

    def run(page: Page) -> None:
        deaf(page)
        other = page.context.new_page()
        other.goto(page.url)
        other.wait_for_load_state("networkidle")
        write("5")(other)
        other.get_by_test_id("save-status").get_by_text("Сохранено").wait_for()
        write("2")(page)
        page.locator(".s-conflict").first.click()
        page.get_by_test_id("take-mine").wait_for()

    return run


def refused_block(page: Page) -> None:
    """Five marks pasted at once, one of them over what somebody else wrote meanwhile: none of them is written."""
    deaf(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_load_state("networkidle")
    press("ArrowDown", "ArrowDown", "5")(other)
    other.get_by_test_id("save-status").get_by_text("Сохранено").wait_for()
    press()(page)
    page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "4\\n5\\n2\\n4\\n5");
          const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(paste);
        }"""
    )
    page.get_by_test_id("send-rest").wait_for()


def second_visitor(page: Page) -> None:
    """Another tab stands in a cell of the same journal."""
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_load_state("networkidle")
    press("ArrowDown", "ArrowDown")(other)
    page.locator("td.s-guest").wait_for()


def leave(page: Page) -> None:
    """Signing out with marks that still wait on this device."""
    page.get_by_test_id("marks-waiting").wait_for()
    click("person-menu", "sign-out")(page)
    page.get_by_test_id("leave-dialog").wait_for()


def kept_copy(page: Page) -> None:
    """The diary without a connection, once its copy is on the device."""
    page.wait_for_function("() => caches.open('diary-copy').then(one => one.keys()).then(keys => keys.length >= 4)")
    page.context.set_offline(True)
    page.reload()


def no_charts(page: Page) -> None:
    """The file that draws the charts does not come."""
    page.route("**/*plotly*", lambda route: route.abort())
    page.reload()
    page.wait_for_load_state("networkidle")


def checked(page: Page) -> None:
    page.get_by_test_id("check").click()
    page.get_by_test_id("verdict").locator("p").first.wait_for()


def being_checked(page: Page) -> None:
    """The verdict is on its way for long."""
    not_hearing(page, '"whole"')
    page.wait_for_load_state("networkidle")
    page.get_by_test_id("check").click()
    page.locator('[data-testid="check"][aria-busy="true"]').wait_for()


COURSE_OF_ALL = "7А, Алгебра"


def somebody(login: str, *done: Step) -> Step:
    """What another person does meanwhile, in a browser of his own."""

    def run(page: Page) -> None:
        if browser := page.context.browser:
            context = browser.new_context(locale="ru-RU")
            other = context.new_page()
            sign_in(other, origin(page), login)
            steps(*done)(other)
            context.close()

    return run


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def to_course(page: Page) -> None:
    page.goto(f"{origin(page)}/journal")
    page.get_by_test_id("courses").get_by_text(COURSE_OF_ALL).first.click()
    page.get_by_test_id("journal-grid").wait_for()
    page.wait_for_load_state("networkidle")


def absent(page: Page) -> None:
    """Somebody of the class is missing today, for a reason that nobody has given."""
    if page.get_by_test_id("missing").locator("li").count():
        return
    somebody("teacher", to_course, press("y"), says("save-status", "Сохранено"))(page)
    page.get_by_test_id("missing").locator("li").first.wait_for()


def locked(page: Page) -> None:
    """The last lesson whose window is over: its cell in the third row, on a phone its day."""
    if page.get_by_test_id("phone-marks").is_visible():
        held = page.locator(".days button:has(.d)")
        for place in reversed(range(held.count())):
            held.nth(place).click()
            if page.locator(".lmarks .note.warn").is_visible():
                break
    else:
        page.locator("tr:has(td[data-state=locked])").nth(2).locator("td[data-state=locked]").last.click()
    page.locator(
        '[data-testid="ask-opening"], [data-testid="lesson-asked"], [data-testid="lesson-opened"]'
    ).first.wait_for()


def ask_to_open(page: Page) -> None:
    """The form of a request, filled in."""
    locked(page)
    click("ask-opening")(page)
    fill({"opening-reason": WHY_TO_OPEN})(page)


WHY_TO_OPEN = "Гусев писал работу после болезни"


def asked_to_open(page: Page) -> None:
    ask_to_open(page)
    click("send-request")(page)
    shown("lesson-asked")(page)


def withdrawn(page: Page) -> None:
    click("withdraw-request")(page)
    page.get_by_test_id("withdraw-request").wait_for(state="detached")


def requested(*done: Step) -> Step:
    """A teacher asks for a lesson while the deputy's home is open."""
    return steps(somebody("teacher", to_course, asked_to_open), *done)


def granted(page: Page) -> None:
    page.locator('[data-testid^="grant-"]').first.click()
    shown("opened-now")(page)


def closed(page: Page) -> None:
    page.locator('[data-testid^="close-"]').first.click()
    page.get_by_test_id("opened-now").wait_for(state="detached")


def opened(page: Page) -> None:
    """A lesson that was asked for and opened by a deputy."""
    asked_to_open(page)
    somebody("deputy", granted)(page)
    shown("lesson-opened")(page)


def corrected(page: Page) -> None:
    """The teacher puts a mark of the last week right, and says why."""

    def change(page: Page) -> None:
        to_course(page)
        page.locator("tr", has_text="Соколова Мария").locator("td.c:not(:empty)[data-value='4']").last.click()
        page.keyboard.press("5")
        page.locator("td.s-ask").wait_for()
        page.keyboard.press("ArrowUp")
        page.locator("#grid-reason-field").fill("В работе не была учтена задача на обороте")
        page.keyboard.press("Enter")
        page.locator("td.s-ask").wait_for(state="detached")
        page.get_by_test_id("save-status").get_by_text("Сохранено").wait_for()

    somebody("teacher", change)(page)


def column_by_mistake(page: Page) -> None:
    """Another column of the lesson, with a mark in it."""
    click("columns", "add-column")(page)
    page.get_by_test_id("take-back-column").first.wait_for()
    if page.get_by_test_id("phone-marks").is_visible():
        page.locator(".days button.now").nth(1).click()
        tap("5")(page)
    else:
        page.locator("tr:has(td.today)").nth(2).locator("td.today").last.click()
        page.keyboard.press("5")
    page.get_by_test_id("save-status").get_by_text("Сохранено").first.wait_for()


def corrected_mark(page: Page) -> None:
    """The mark that was put right, opened by a tap."""
    click("week-before")(page)
    page.get_by_test_id("day-2026-11-19").wait_for(state="attached")
    if (thursday := page.get_by_test_id("tab-2026-11-19")).is_visible():
        thursday.click()
    click_at('.mv:has(.was) [data-testid^="mark-"]')(page)
    shown("opened-corrections")(page)


def taken_back(page: Page) -> None:
    fill({"take-back-reason": "Столбец добавлен по ошибке"})(page)
    click("take-back-yes")(page)
    page.get_by_test_id("take-back-question").wait_for(state="detached")


def on_paper(page: Page) -> None:
    """As it is printed."""
    page.emulate_media(media="print")
