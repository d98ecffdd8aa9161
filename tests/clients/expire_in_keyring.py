"""Lets the access token expire in the one entry of a token that the keyring of the session bus has, and
prints that entry as it was."""

import json

import dbus

NAME = "org.freedesktop.secrets"
bus = dbus.SessionBus()


def interface(path, name):
    return dbus.Interface(bus.get_object(NAME, path), f"org.freedesktop.Secret.{name}")


service = interface("/org/freedesktop/secrets", "Service")
_, session = service.OpenSession("plain", dbus.String("", variant_level=1))
found, _ = service.SearchItems({"service": "jott"})
(item,) = (interface(path, "Item") for path in found)
kept = json.loads(bytes(item.GetSecret(session)[2]))
print(json.dumps(kept))
text = json.dumps(kept | {"expires_at": 1_000_000_000}).encode()
secret = (session, dbus.ByteArray(b""), dbus.ByteArray(text), "text/plain")
item.SetSecret(dbus.Struct(secret, signature="oayays"))
