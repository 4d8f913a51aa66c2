"""Signed heads: what the end of each chain was, kept outside the database.

A chain shows that nothing inside it was changed. That its end was not cut off, or all of it
computed anew by somebody who holds the database, is shown by heads signed with a key that the
database does not hold: ``audit/key.pem`` in the workspace, or the file that NAMEPLATE_AUDIT_KEY
names. Copy ``audit/heads.jsonl`` and ``audit/key.pub`` to where whoever runs the database cannot
write.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from nameplate.model.errors import StoreError
from nameplate.register.audit import Break
from nameplate.register.models import AuditEvent, AuditHead

FIELDS: Final = ("chain", "seq", "hash", "signed")


def folder() -> Path:
    """``audit`` in the workspace, made on first use (mode 0700)."""
    path = Path(settings.WORKSPACE) / "audit"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def private_key() -> Ed25519PrivateKey:
    """The signing key, made on first use and readable by its owner alone (mode 0600).

    Raises StoreError where the file holds something else.
    """
    path = Path(os.environ.get("NAMEPLATE_AUDIT_KEY") or folder() / "key.pem")
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return private_key()
        with os.fdopen(handle, "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder() / "key.pub").write_bytes(
            made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        return made
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError("the audit's key is no Ed25519 key", where=path.name, do="restore it")
    return key


def _message(head: dict[str, Any]) -> bytes:
    return json.dumps({name: head[name] for name in FIELDS}, sort_keys=True).encode()


def sign() -> int:
    """Add the present head of every chain that moved to ``heads.jsonl``; returns how many did."""
    path = folder() / "heads.jsonl"
    last = {head["chain"]: head["seq"] for head in stored(path)}
    key = private_key()
    count = 0
    with path.open("a", encoding="utf-8") as file:
        for chain in AuditHead.objects.order_by("chain"):
            if chain.seq == last.get(chain.chain, 0):
                continue
            head = {
                "chain": chain.chain,
                "seq": chain.seq,
                "hash": chain.hash,
                "signed": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            signature = base64.b64encode(key.sign(_message(head))).decode()
            file.write(json.dumps({**head, "signature": signature}) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def stored(path: Path) -> Iterator[dict[str, Any]]:
    """Heads kept in a file, in order; raises StoreError naming the line that is none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                head = json.loads(line)
                _message(head)
            except (ValueError, KeyError, TypeError) as error:
                raise StoreError(
                    "this is no signed head",
                    where=f"{path.name}, line {number}",
                    do="take the file from its copy",
                ) from error
            yield head


def verify(path: Path | None = None, public: Path | None = None) -> Iterator[Break]:
    """Yield every chain that does not agree with a signed head: cut off, forged or computed anew.

    ``path`` and ``public`` are the copies kept elsewhere; the workspace's own unless given.
    """
    path = path or folder() / "heads.jsonl"
    public = public or folder() / "key.pub"
    if not path.exists():
        return
    if public.exists():
        key = load_pem_public_key(public.read_bytes())
    else:
        key = private_key().public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise StoreError("the audit's public key is no Ed25519 key", where=public.name)
    for head in stored(path):
        try:
            key.verify(base64.b64decode(head["signature"]), _message(head))
        except (InvalidSignature, KeyError, ValueError):
            yield Break(head["chain"], head["seq"], "the signature of this head does not hold")
            continue
        event = AuditEvent.objects.filter(chain=head["chain"], seq=head["seq"]).first()
        if event is None:
            why = f"event {head['seq']} was signed on {head['signed']} and is missing: cut off"
            yield Break(head["chain"], head["seq"], why)
        elif event.hash != head["hash"]:
            yield Break(
                head["chain"],
                head["seq"],
                f"it is not the event signed on {head['signed']}: the chain was computed anew",
            )
