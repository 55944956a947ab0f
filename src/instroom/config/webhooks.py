"""The private networks to which webhooks may be sent: INSTROOM_WEBHOOK_PRIVATE."""

import ipaddress

from instroom.core.errors import SettingsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def private_networks(text: str) -> tuple[Network, ...]:
    """Parse `10.20.0.0/16, 127.0.0.1`: networks and addresses, separated by commas. Raises SettingsError."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingsError("setting-webhook-private") from error
