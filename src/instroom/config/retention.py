"""How long the site keeps what is about persons, where a customer's policies say nothing else."""

from instroom.config.numbers import whole_number_between
from instroom.core.retention import LIMITS, Retention


def retention(*texts: str | None) -> Retention:
    """The settings INSTROOM_KEEP_…, in the order of `Retention`. Raises SettingsError."""
    usual = Retention()._asdict().items()
    return Retention(
        *(
            whole_number_between(f"INSTROOM_{name.upper()}", text, period, *LIMITS[name])
            for (name, period), text in zip(usual, texts, strict=True)
        )
    )
