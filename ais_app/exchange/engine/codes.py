"""What the engine says about files, heads, rows and cells, whatever their format."""

from ais_app.exchange.engine.findings import Code

# The set as a whole: its folder or archive
NO_SET = Code("no_set", "is neither a folder nor a readable zip ({error})")
TOO_MANY_FILES = Code("too_many_files", "holds more than {most} files")
SET_TOO_LARGE = Code("set_too_large", "the files together are larger than {most} bytes")
ARCHIVE_TOO_MANY = Code("archive_too_many", "the archive holds more than {most} files")
ARCHIVE_TOO_LARGE = Code("archive_too_large", "the archive unpacks to more than {most} bytes")
LEADS_OUT = Code("leads_out", "its name leads out of the archive")
NESTED_ARCHIVE = Code("nested_archive", "is an archive within the archive")
ENCRYPTED = Code("encrypted", "is encrypted")
BOMB = Code("bomb", "unpacks to more than {times} times its size")

# A file
NOT_OF_FORMAT = Code("not_of_format", "is not a file of this format and was not read")
TWO_OF_A_NAME = Code("two_of_a_name", "stands beside {other}: which of the two counts is not clear")
FILE_UNREADABLE = Code("file_unreadable", "cannot be read ({error})")
FILE_TOO_LARGE = Code("file_too_large", "is larger than {most} bytes")
FILE_IS_LINK = Code("file_is_link", "is a link, not a file")
OTHER_ENCODING = Code("other_encoding", "the text is {encoding}; save the file as UTF-8")
NOT_UTF8 = Code("not_utf8", "the text is not UTF-8; save the file as UTF-8")
LOOKS_CP1251 = Code("looks_cp1251", "the text is not UTF-8 (it looks like windows-1251); save the file as UTF-8")

# The head
COLUMN_MISSING = Code("column_missing", "the column is missing")
COLUMN_TWICE = Code("column_twice", "stands twice in the head")
SEMICOLONS = Code("semicolons", "the columns are separated by semicolons")
TABS = Code("tabs", "the columns are separated by tabs")

# Rows
TOO_MANY_ROWS = Code("too_many_rows", "more than {most} rows are not read")
TOO_MANY_PROBLEMS = Code("too_many_problems", "too many problems: the rest of the set was not read")
TOO_MANY_CELLS = Code("too_many_cells", "has more cells than the head")
QUOTE_NOT_CLOSED = Code("quote_not_closed", "a quotation mark is opened and never closed")
TEXT_BEHIND_QUOTE = Code("text_behind_quote", "text stands behind a closing quotation mark")
ROW_UNREADABLE = Code("row_unreadable", "the row cannot be read")
KEY_TWICE = Code("key_twice", "«{key}» stands twice, first in row {first}")

# Cells
EMPTY = Code("empty", "is empty")
HOLDS_NUL = Code("holds_nul", "holds a NUL character")
INVISIBLE = Code("invisible", "holds an invisible or control character")
TOO_LONG = Code("too_long", "is longer than {most} characters")
CELL_TOO_LONG = Code("cell_too_long", "a cell is longer than {most} characters")
NO_CHOICE = Code("no_choice", "«{value}» is none of: {choices}")
NO_DATE = Code("no_date", "«{value}» is not a date (YYYY-MM-DD)")
NO_MOMENT = Code("no_moment", "«{value}» is not a moment (ISO 8601)")
NO_FLAG = Code("no_flag", "«{value}» is not true or false")
NO_WHOLE = Code("no_whole", "«{value}» is not a whole number")
NO_NUMBER = Code("no_number", "«{value}» is not a number")
NO_REFERENCE = Code("no_reference", "«{value}» is not in {file}")
FORMULA = Code("formula", "looks like a formula: it is kept as plain text")
