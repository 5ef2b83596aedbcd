"""What is said to the bundler beside what Reflex says."""

from __future__ import annotations

import pytest

from ais_app.web.build import bundled_so
from ais_app.web.plain_elements import refuse_styles, with_plain_elements

CONFIG = """export default {
  build: {
    rollupOptions: { output: { codeSplitting: { groups: [
            {
              test: /env.json/,
              name: "reflex-env",
            },
    ] } } },
  },
  resolve: {
    alias: [
      { find: "$", replacement: "./" },
    ],
  },
}
"""


def test_packages_are_listed_and_what_pages_share_is_one_file():
    made = bundled_so(CONFIG)
    assert 'build: {\n    license: { fileName: "packages.json" },\n' in made
    assert made.index('name: "reflex-env"') < made.index('name: "shared"'), "the first group that fits has a module"
    assert bundled_so(made) == made, "a second build says nothing twice"


@pytest.mark.parametrize("gone", ["  build: {\n", 'name: "reflex-env"'])
def test_a_configuration_of_another_shape_is_refused(gone):
    with pytest.raises(RuntimeError, match="another shape"):
        bundled_so(CONFIG.replace(gone, ""))


def test_elements_are_made_by_react_itself():
    made = with_plain_elements(CONFIG)
    assert 'alias: [\n      { find: "@emotion/react", replacement: ' in made
    assert with_plain_elements(made) == made
    with pytest.raises(RuntimeError, match="another shape"):
        with_plain_elements(CONFIG.replace("    alias: [\n", ""))


@pytest.mark.parametrize("folder", ["app", "app_components"])
@pytest.mark.parametrize(
    "rule", ['["&:hover"] : ({ ["color"] : "red" })', '["@media print"] : "x"', '["width"] : ({ ["a"] : 1 })']
)
def test_a_style_that_only_a_rule_can_say_is_refused(tmp_path, folder, rule):
    (tmp_path / folder).mkdir()
    page = tmp_path / folder / "page.jsx"
    page.write_text(
        'jsx("p",{className:"muted"},)jsx("i",{css:({ ["width"] : day_rx_state_?.["fill"], ["--x"] : "1" })},)'
    )
    refuse_styles(tmp_path)
    page.write_text(f'jsx("p",{{css:({{ {rule} }})}},)')
    with pytest.raises(RuntimeError, match=r"page\.jsx"):
        refuse_styles(tmp_path)
