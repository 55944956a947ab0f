"""Why a provider's answer opens nothing. The person reads one sentence with the code; the audit log has it too."""

from instroom.core.errors import NotAllowed


class Refused(NotAllowed):
    """The sign-in has failed, for a reason that an operator can look up (docs/how-to/sign-in-providers.md)."""

    def __init__(self, reason: str) -> None:
        super().__init__("provider-refused", reason=reason)
        self.reason = reason
