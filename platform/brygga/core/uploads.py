"""What people upload is counted while it comes in, so that no file fills the disk and no text is lost with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_SKIPPED = "_skipped_uploads"


class LimitedUploads(FileUploadHandler):
    """Leaves out files that are too large or too many; the rest of the form arrives as it was sent.

    It stands first among the handlers. What it has left out is read by `skipped_uploads`.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._files = 0
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1
        self._size = 0
        if self._files > settings.UPLOAD_MOST_FILES:
            self._skip()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._size += len(raw_data)
        if self._size > settings.UPLOAD_MOST_BYTES:
            self._skip()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that follow."""

    def _skip(self) -> None:
        if self.request is not None:
            names = [*skipped_uploads(self.request), self.file_name or ""]
            setattr(self.request, _SKIPPED, names)
        raise SkipFile


def skipped_uploads(request: HttpRequest) -> list[str]:
    """Return the names of the files that were left out because they were too large or too many."""
    return list(getattr(request, _SKIPPED, []))
