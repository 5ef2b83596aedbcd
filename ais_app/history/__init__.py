"""«Операции»: every change of the record by day, author, kind, class and person; the history of a row; its export."""
