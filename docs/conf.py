"""Builds the documentation: `python -m sphinx -W --keep-going -j auto docs docs/_build/html`, from the root folder."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import minikeras  # noqa: E402

project = "minikeras"
author = "the minikeras contributors"
release = version = minikeras.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
    "extensions.api_pages",
    "extensions.example_pages",
]
exclude_patterns = ["_build", "extensions"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}

# Links between headings, as on GitHub.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

# Docstrings give types and shapes in words; the aliases of minikeras.typing would fill lines.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = False
napoleon_use_rtype = False
maximum_signature_line_length = 70
add_module_names = False
python_display_short_literal_types = True
default_role = "literal"
nitpicky = True
nitpick_ignore = [("py:exc", "NotFittedError")]  # of scikit-learn
toc_object_entries_show_parents = "hide"

sphinx_gallery_conf = {
    "examples_dirs": "_build/examples",  # written by extensions/example_pages.py
    "gallery_dirs": "gallery",
    "plot_gallery": False,
    "within_subsection_order": "extensions.example_pages.ListedOrder",
    "notebook_extensions": set(),
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": 1_000_000,
    "remove_config_comments": True,
    "doc_module": ("minikeras",),
}

html_theme = "pydata_sphinx_theme"
html_title = "minikeras"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["minikeras.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "collapse_navigation": True,
    "navigation_depth": 3,
    "show_prev_next": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
