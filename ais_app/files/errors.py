"""What of a file cannot be taken."""

from ais_app.rights.errors import Refused


class FileRefused(Refused):
    """The sentence says what is wrong with the file, or with its size."""

    code = "file_refused"


class UploadLost(Refused):
    """What was reserved for a file is gone: its time is over."""

    code = "upload_lost"
