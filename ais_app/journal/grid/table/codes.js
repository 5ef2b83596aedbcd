// Written by tools/browser_codes.py from the one table of codes, ais_app/journal/grid/codes.py.
export const ABSENT = "н";
export const LATE = "о";
export const REASONS = ["б", "у"];
export const UNCOUNTED = ["зач", "незач", "осв"];
export const WRITTEN_BY = {"н": "н", "б": "б", "у": "у", "о": "о", "з": "зач", "-": "незач", "ос": "осв"};
