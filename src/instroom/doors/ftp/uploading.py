"""Complete uploads: kept, shown, renamed, and handed over to become deliveries."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from instroom.doors.ftp.control import Session
from instroom.flow.delivery.room import NoRoom, TooManyWaiting, UploadRoom, room_for_upload
from instroom.flow.file_server import account_answers, failed_attempts, upload_names
from instroom.flow.file_server.file_names import is_answer
from instroom.flow.file_server.throttled_log import reason_of
from instroom.flow.file_server.upload_names import Committed, Renamable
from instroom.store.files import sealed_file, uploads
from instroom.store.files.partial_upload import PartialUpload

_log = logging.getLogger("instroom.ftp")


class UploadSession(Session):
    """A session whose uploads are kept until they are deliveries."""

    _rnfr: str | None
    _renaming: UUID | None = None
    """The upload that RNFR named."""

    def ftp_STOR(self, file: str, mode: str = "w") -> Any:
        """Refuse a name that cannot be a delivery's before anything is sent."""
        if why := self.fs.refusal_of(file):
            self._refuse("name-refused", Path(file).name, f"553 {why}.")
            return None
        return self._when_there_is_room(Path(file).name, partial(super().ftp_STOR, file, mode))

    def ftp_STOU(self, line: str) -> Any:
        return self._when_there_is_room("", partial(super().ftp_STOU, line))

    def _when_there_is_room(self, name: str, store: Callable[[], Any]) -> Any:
        """Let the upload begin, unless the directory, the disk, the customer or its queue is full."""

        def finish(room: UploadRoom | None, error: BaseException | None) -> None:
            if isinstance(error, NoRoom | TooManyWaiting):
                is_full = isinstance(error, NoRoom)
                self._refuse(error.code, name, f"{552 if is_full else 450} {error.sentence('en')}")
            elif error or room is None:
                _log.error("%s: the room for an upload is not known: %s", self.username, type(error).__name__)
                self._refuse("", name, "451 Local error; try again later.")
            else:
                self.room = room
                store()

        if full := self.fs.why_full():
            return self._refuse(full[0], name, f"552 {full[1]}.")
        if self.signed_in is None:
            return store()
        return self.run_in_background(self.files, partial(room_for_upload, UUID(self.signed_in.id), self.base), finish)

    def _refuse(self, cause: str, name: str, answer: str) -> None:
        self._restart_position = 0
        if cause:
            self.note_failure(cause, name)
        self.respond(answer)

    def ftp_RETR(self, file: str) -> Any:
        """An answer holds data of persons: that it is taken is in the audit log, or it is not given."""
        if self.signed_in is None or not self.fs.lexists(file) or self.fs.isdir(file):
            return super().ftp_RETR(file)

        def give(_: Any, error: BaseException | None) -> None:
            if error:
                _log.error("%s: a file could not be given: %s", self.username, type(error).__name__)
                self.respond("451 The file cannot be read now; try again later.")
            else:
                super(UploadSession, self).ftp_RETR(file)

        def prepare() -> None:
            sealed_file.at(Path(file)).opened().close()  # its key is known from now on: what sends it asks no database
            if self.signed_in and is_answer(file):
                account_answers.record_taken(self.fs.folders, Path(file), self.signed_in)

        self.run_in_background(self.files, prepare, give)
        return None

    def note_failure(self, cause: str, file_name: str = "") -> None:
        """In a thread, and without waiting for it. What cannot be noted is in the log all the same."""
        if self.signed_in:
            account, address = UUID(self.signed_in.id), self.client_address
            note = partial(failed_attempts.remember, account, cause, address=address, file_name=file_name)
            self.files.run(note, lambda done, error: None)

    def commit_upload(self, upload: PartialUpload, on_done: Callable[[BaseException | None], None]) -> None:
        """Commit an upload in a thread, then call `on_done` with the error, if any."""

        def finish(committed: Any, error: BaseException | None) -> None:
            self.resume_reading()  # `on_done` is called also when the session has ended in the meantime
            if error:
                _log.error("%s: an upload could not be stored: %s", self.username, reason_of(error))
            else:
                self._show(upload.name, committed)
            on_done(error)

        try:
            upload.end()
        except OSError as error:
            on_done(error)
            return
        self.pause_reading()
        self.files.run(self._commit(upload), finish)

    def _commit(self, upload: PartialUpload) -> Callable[[], Committed | None]:
        folders, path, target = upload.folders, upload.path, upload.target
        if self.signed_in:
            return partial(upload_names.commit, folders, path, target, signed_in=self.signed_in)
        return partial(uploads.show, folders, path, target)

    def _show(self, path: str, committed: Committed | None) -> None:
        """Show the file to the account's sessions, and hand it over if its name is known."""
        waits = committed is not None and committed.is_unnamed
        self.sessions.show_file(self, path, committed.id if committed and waits else None)
        if committed and not waits:
            self.sessions.hand_over(committed.id)

    def ftp_RNFR(self, path: str) -> None:
        """Also an upload of an earlier session can be renamed, which is not shown any more."""
        self._renaming = self.fs.waiting.get(path)
        if self.signed_in is None or self.fs.lexists(path):
            super().ftp_RNFR(path)
            return

        def finish(found: Renamable | None, error: BaseException | None) -> None:
            if found is None or error:
                self.respond("550 No such file or directory.")
                return
            self._rnfr, self._renaming = path, found.file.id if found.file else found.stranger
            self.respond("350 Ready for destination name.")

        find = partial(upload_names.renamable, self.fs.folders, Path(path))
        self.run_in_background(self.files, find, finish)

    def ftp_RNTO(self, path: str) -> None:
        """The name at the end decides whose delivery an upload is."""
        source = self._rnfr
        renaming, self._renaming = self._renaming, None
        if not source or renaming is None:
            super().ftp_RNTO(path)
            return
        self._rnfr = None
        if why := self.fs.refusal_of(path):
            self.note_failure("name-refused", Path(path).name)
            self.respond(f"553 {why}.")
            return

        def finish(renamed: Committed | None, error: BaseException | None) -> None:
            if error:
                _log.error("%s: an upload could not be renamed: %s", self.username, type(error).__name__)
                self.respond("451 The file could not be renamed.")
            elif renamed:
                self._renamed(source, path, renamed)
            else:
                self._rnfr = source  # it is a delivery by now: the rename is the account's own affair
                super(UploadSession, self).ftp_RNTO(path)

        self.run_in_background(self.files, partial(_rename, self.fs.folders, renaming, source, path), finish)

    def _renamed(self, source: str, path: str, renamed: Committed) -> None:
        self.sessions.hide_file(self, source)
        self._show(path, renamed)
        self.respond("250 Renaming ok.")

    def ftp_DELE(self, path: str) -> Any:
        """What waits for its name is taken back by it; a delivery stays."""
        waiting_id = self.fs.waiting.get(path)
        if waiting_id is None:
            return super().ftp_DELE(path)

        def finish(_: None, error: BaseException | None) -> None:
            if error:
                _log.error("%s: an upload could not be taken back: %s", self.username, type(error).__name__)
                self.respond("450 The file could not be deleted; try again later.")
            else:
                super(UploadSession, self).ftp_DELE(path)

        self.run_in_background(self.files, partial(upload_names.withdraw, self.fs.folders, waiting_id), finish)
        return None


def _rename(folders: uploads.AccountFolders, waiting_id: UUID, source: str, path: str) -> Committed | None:
    """Give the upload its other name, and the file that sessions see too."""
    found = upload_names.renamable(folders, Path(source), waiting_id)
    if found is None:
        return None
    if Path(source).exists():
        Path(source).replace(path)
    elif found.file:
        Path(path).unlink(missing_ok=True)
        uploads.copy(found.file.file, Path(path))
    return upload_names.rename(folders, found, Path(path))
