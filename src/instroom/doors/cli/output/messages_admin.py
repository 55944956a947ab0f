"""What the commands say by which an operator manages users, tokens, accounts, connections and webhooks, nl and en."""

from typing import Final

MANAGING: Final[dict[str, tuple[str, str]]] = {
    "new-password": ("Nieuw wachtwoord", "New password"),
    "site-operator-made": (
        "{name} is nu sitebeheerder: beheerder van elke klant, en mag klanten toevoegen.",
        "{name} is a site operator now: operator of every customer, who may add customers.",
    ),
    "site-operator-ended": (
        "{name} is geen sitebeheerder meer, en van geen klant meer beheerder.",
        "{name} is no site operator any more, and operator of no customer.",
    ),
    "password-set": (
        "{name} kan zich nu aanmelden met het nieuwe wachtwoord.",
        "{name} can now sign in with the new password.",
    ),
    "user-added": (
        "{name} is toegevoegd. Geef een wachtwoord met: instroom user password {name}",
        "{name} has been added. Give a password with: instroom user password {name}",
    ),
    "invited": ("De uitnodiging is geschreven, voor {email}.", "The invitation has been written, for {email}."),
    "roles-set": ("{name} is voor {customer} nu: {roles}.", "{name} is now, for {customer}: {roles}."),
    "no-roles": ("niets meer", "nothing any more"),
    "no-second-factor": (
        "{name} meldt zich nu aan met het wachtwoord alleen, tot er een nieuwe tweede factor is ingesteld.",
        "{name} now signs in with the password alone, until a second factor is set up again.",
    ),
    "token-made": (
        "Deze toegangscode is alleen nu te zien. Hij geldt tot {until}.",
        "This token is shown only once. It is valid until {until}.",
    ),
    "token-valid": ("geldt tot {until}", "valid until {until}"),
    "token-over": ("geldt niet meer sinds {until}", "not valid since {until}"),
    "token-ended": ("De toegangscode van {name} geldt niet meer.", "The token of {name} has ended."),
    "no-tokens": (
        "Er zijn nog geen toegangscodes. Maak er een met: instroom token add NAAM",
        "There are no tokens yet. Make one with: instroom token add NAME",
    ),
    "no-token": ("Er is geen toegangscode {name}.", "There is no token {name}."),
    "account-made": (
        "Account {name} is gemaakt voor klant {customer}.",
        "The account {name} has been made, for the customer {customer}.",
    ),
    "account-plain": ("met of zonder TLS", "with or without TLS"),
    "account-tls": ("alleen met TLS", "with TLS alone"),
    "account-missing-close-notify": (
        "verbindingen mogen sluiten zonder TLS close_notify",
        "connections may close without TLS close_notify",
    ),
    "account-off": ("uitgeschakeld", "switched off"),
    "account-unbanned": ("{name} mag het weer proberen.", "{name} may try again."),
    "connection-made": (
        "Koppeling {name} is gemaakt voor klant {customer}.",
        "The connection {name} has been made, for the customer {customer}.",
    ),
    "connection-file": ("Bestand: {file}", "File: {file}"),
    "connection-account": ("Account: {account}", "Account: {account}"),
    "connection-schedule": ("Schema: {schedule} ({zone})", "Schedule: {schedule} ({zone})"),
    "connection-next": ("Volgende keren: {times}", "Next times: {times}"),
    "connection-grace": (
        "Te laat na {late} minuten, ontbreekt na {missing} minuten",
        "Late after {late} minutes, missing after {missing} minutes",
    ),
    "connection-on-late-take": ("Wat te laat komt wordt meteen opgepakt", "What comes late is taken when it comes"),
    "connection-on-late-next": (
        "Wat te laat komt wacht op de volgende keer",
        "What comes late waits for the next time",
    ),
    "connection-standing": (
        "Doorlopend akkoord: van {who}, sinds {since}",
        "Standing approval: of {who}, since {since}",
    ),
    "connection-no-standing": (
        "Doorlopend akkoord: nee, elke aanlevering wacht op akkoord",
        "Standing approval: no, each delivery awaits approval",
    ),
    "connection-guard": (
        "  hooguit {percent} % en {number}: {guard}",
        "  at most {percent} % and {number}: {guard}",
    ),
    "connection-runs": ("Laatste keren:", "Latest times:"),
    "connection-changed": ("Gewijzigd: {names}", "Changed: {names}"),
    "nothing-changed": ("Er was niets te wijzigen.", "There was nothing to change."),
    "connection-waiting": ("Wacht op zijn uur: {file} ({id})", "Waits for its hour: {file} ({id})"),
    "no-connections": (
        "{customer} heeft nog geen koppelingen; `instroom connection add NAAM` maakt er een.",
        "{customer} has no connections yet; `instroom connection add NAME` makes one.",
    ),
    "bad-guard": (
        "{text} is geen grens; schrijf bijvoorbeeld created=20,500 (procent en aantal).",
        "{text} is no guard; write one such as created=20,500 (percent and number).",
    ),
    "webhook-ready": ("in gebruik", "in use"),
    "webhook-failing": ("wordt opnieuw geprobeerd", "is tried again"),
    "webhook-paused": ("gepauzeerd", "paused"),
    "webhook-gone": ("gepauzeerd, want de ontvanger is weg (410)", "paused, since its receiver is gone (410)"),
    "webhook-calls": ("wachten: {waiting}, opgegeven: {given_up}", "waiting: {waiting}, given up: {given_up}"),
    "webhook-secret": (
        "Dit geheim van {name} is alleen nu te zien: zet het in de instellingen van de ontvanger.",
        "This secret of {name} is shown only once: put it into the settings of the receiver.",
    ),
    "webhook-removed": ("Webhook {name} is verwijderd.", "The webhook {name} has been removed."),
    "no-webhooks": (
        "{customer} heeft nog geen webhooks; `instroom webhook add NAAM --address URL` maakt er een.",
        "{customer} has no webhooks yet; `instroom webhook add NAME --address URL` makes one.",
    ),
    "call-waiting": ("wacht", "waits"),
    "call-delivered": ("aangekomen", "arrived"),
    "call-given-up": ("opgegeven", "given up"),
    "call-replayed": ("Het bericht wordt opnieuw verstuurd.", "The call is sent again."),
    "no-calls": (
        "{name} heeft nog geen berichten; `instroom webhook test {name}` stuurt er een.",
        "{name} has no calls yet; `instroom webhook test {name}` sends one.",
    ),
    "no-call": ("{name} heeft geen bericht {id}.", "{name} has no call {id}."),
    "no-accounts": (
        "{customer} heeft nog geen accounts; `instroom account add NAAM` maakt er een.",
        "{customer} has no accounts yet; `instroom account add NAME` makes one.",
    ),
}
