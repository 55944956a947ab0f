"""Uploads on their way in: in a folder of our own instead of everybody's, and gone when they have been taken in."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from instroom.store.files import scratch


class UploadOnItsWay(TemporaryUploadedFile):
    """A file for its owner alone (0600) that goes when it is closed, at the end of the request at the latest."""

    def __init__(self, name: str | None, content_type: str | None, charset: str | None, extra: Any) -> None:
        file = tempfile.NamedTemporaryFile(prefix="upload-", dir=scratch.process_folder())  # noqa: SIM115 - Django closes it
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class UploadHandler(TemporaryFileUploadHandler):
    """Django's own handler, with a folder of ours."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in the folder of this process."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = file = UploadOnItsWay(self.file_name, self.content_type, self.charset, self.content_type_extra)
        if request := self.request:  # a file within which a request breaks off is none of its files to Django
            close = request.close
            request.close = lambda: (file.close(), close())  # type: ignore[method-assign, assignment]
