"""What the commands tell an administrator in one line, instead of a traceback."""


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""
