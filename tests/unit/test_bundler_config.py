"""What is said to the bundler beside what Reflex says."""

from __future__ import annotations

import pytest

from ais_app.web.build import bundled_so

CONFIG = """export default {
  build: {
    rollupOptions: { output: { codeSplitting: { groups: [
            {
              test: /env.json/,
              name: "reflex-env",
            },
    ] } } },
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
