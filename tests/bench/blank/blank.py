"""The least page that Reflex serves with something from the server on it: one word, put there when the page loads."""

import reflex as rx


class BlankState(rx.State):
    word: str = ""

    @rx.event
    def open_page(self):
        self.word = "ready"


app = rx.App()
app.add_page(lambda: rx.el.p(BlankState.word, id="word"), route="/", on_load=BlankState.open_page)
