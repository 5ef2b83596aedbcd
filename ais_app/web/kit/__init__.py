"""The kit of pages (D-41): table with its conditions, form of a payload, dialog, steps, file, progress, tabs, search.

A page that uses it begins with `styles.kit_styles()`: the style sheet and the scripts are fetched by such pages only.
All pieces in all their states: `/kit`, on a server for tests (`ais_app/showcase/`).
"""
