"""The exit codes of a command, and what it raises where it cannot do what was asked."""

ANSWER_IS_NO, WRONG_USE, BROKEN = 1, 2, 3
INTERRUPTED = 130  # 128 + SIGINT, as shells write it
PIPE_CLOSED = 141  # 128 + SIGPIPE


class WrongUse(Exception):
    """What was asked cannot be done as it was asked: a file that is not there, a file that would be overwritten."""

    def __init__(self, code: str, **facts: object) -> None:
        """`code` is a phrase of `words`; `facts` fill it."""
        super().__init__(code)
        self.code = code
        self.facts = facts


class Broken(WrongUse):
    """Something did not give what it must, and that is our doing: told as WrongUse is, with another exit code."""
