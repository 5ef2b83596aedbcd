"""The class teacher's list: last marks, absences, birth dates, and who of the families has seen the week."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.page.weeks import weeks
from ais_app.diary.state import DiaryState
from ais_app.diary.views import LastMarkItem, PupilItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import small_chip_class
from ais_app.web.cards import phone_heading
from ais_app.web.icons import icon


def _chip(mark: LastMarkItem) -> rx.Component:
    return rx.el.span(
        mark.code,
        rx.el.span(", ", mark.about, class_name="vh"),
        class_name=small_chip_class(mark.code),
        title=mark.about,
    )


def pupils() -> rx.Component:
    """The table of the class; a name opens the diary of that student as his family sees it."""

    def row(pupil: PupilItem) -> rx.Component:
        return rx.el.tr(
            rx.el.td(
                rx.el.button(
                    pupil.name,
                    on_click=DiaryState.choose_child({"child": pupil.uid}),
                    class_name="linkish",
                    custom_attrs={"data-testid": "pupil-" + pupil.uid},
                )
            ),
            rx.cond(DiaryState.several_classes, rx.el.td(pupil.class_name, class_name="not-phone")),
            rx.el.td(
                rx.el.div(rx.foreach(pupil.marks, _chip), class_name="ms"),
                custom_attrs={"data-testid": "last-marks-" + pupil.uid},
            ),
            rx.el.td(
                phone_heading(_("Missed in the week")),
                rx.cond(
                    pupil.missed != "",
                    rx.el.span(pupil.missed, class_name=rx.cond(pupil.worrying, "badge warn", "badge")),
                    rx.el.span(_("none"), class_name="dim"),
                ),
                custom_attrs={"data-testid": "missed-" + pupil.uid},
            ),
            rx.el.td(
                rx.cond(pupil.born != "", phone_heading(_("Date of birth"))),
                rx.el.span(pupil.born, custom_attrs={"data-testid": "born-" + pupil.uid}),
            ),
            rx.el.td(
                phone_heading(_("The family has seen the week")),
                rx.cond(
                    pupil.seen != "",
                    rx.fragment(rx.el.span(icon("check"), _("seen"), class_name="badge ok"), " ", pupil.seen),
                    rx.el.span(_("not yet"), class_name="dim"),
                ),
                custom_attrs={"data-testid": "seen-" + pupil.uid},
            ),
        )

    return rx.fragment(
        rx.el.div(weeks(), class_name="pagehead"),
        rx.el.section(
            rx.el.div(rx.el.h2(_("Diaries of the class")), class_name="hd"),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(_("Student"), scope="col"),
                            rx.cond(
                                DiaryState.several_classes,
                                rx.el.th(_("Class"), scope="col", class_name="not-phone"),
                            ),
                            rx.el.th(_("Last marks"), scope="col"),
                            rx.el.th(_("Missed in the week"), scope="col"),
                            rx.el.th(_("Date of birth"), scope="col"),
                            rx.el.th(_("The family has seen the week"), scope="col"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(DiaryState.pupils, row)),
                    class_name="tbl as-cards pupils",
                    custom_attrs={"data-testid": "pupils"},
                ),
                class_name="scroll",
            ),
            class_name="card",
        ),
    )
