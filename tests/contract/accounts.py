"""A service account of our own, for a token server of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def account(folder: Path, token_uri: str) -> Path:
    """The account's key file, made for this test."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key: Any = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    file = folder / "account.json"
    fields = {"type": "service_account", "client_email": "a@b.iam.gserviceaccount.com", "private_key": pem}
    file.write_text(json.dumps({**fields, "token_uri": token_uri, "project_id": "my-project"}))
    return file
