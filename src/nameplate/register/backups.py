"""Backup and restore while in use: the database as of one moment, and the files it speaks of.

A backup is one gzip'd tar: ``manifest.json`` (versions, and the SHA-256 of every file), the
database (SQLite's own online copy, or ``pg_dump`` in its custom form) and the workspace's files.
Keys are left out unless asked for: who holds them can sign in as anyone and forge signed heads.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from nameplate import __version__
from nameplate.model.errors import StoreError, UsageError

KEYS: Final = ("secret-key", "audit/key.pem")
LEFT_OUT: Final = ("nameplate.sqlite3", "nameplate.sqlite3-wal", "nameplate.sqlite3-shm",
                   "enter-token")  # fmt: skip
DATABASE: Final = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def backup(out: Path, *, with_keys: bool) -> dict[str, Any]:
    """Write a backup to ``out``; returns its manifest. Readers and writers go on meanwhile.

    The database is copied first: a file that came later is in no row of it. Raises UsageError where
    ``out`` exists, StoreError where the database's own tool fails.
    """
    if out.exists():
        raise UsageError("the file is there already", where=str(out), do="name another")
    workspace = Path(settings.WORKSPACE)
    part = out.with_name(out.name + ".part")
    manifest: dict[str, Any] = {
        "nameplate": __version__,
        "database": connection.vendor,
        "with_keys": with_keys,
        "files": {},
    }
    try:
        with (
            tempfile.TemporaryDirectory(dir=out.parent) as folder,
            tarfile.open(part, "w:gz") as tar,
        ):
            copy = Path(folder) / DATABASE[connection.vendor]
            _dump(copy)
            _add(tar, copy, copy.name, manifest)
            for path in _files(workspace, out):
                name = path.relative_to(workspace).as_posix()
                if name in LEFT_OUT or (name in KEYS and not with_keys):
                    continue
                _add(tar, path, f"workspace/{name}", manifest)
            text = json.dumps(manifest, indent=1, sort_keys=True).encode()
            info = tarfile.TarInfo("manifest.json")
            info.size, info.mode = len(text), 0o600
            tar.addfile(info, io.BytesIO(text))
        part.chmod(0o600)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _files(workspace: Path, out: Path) -> Iterator[Path]:
    for path in sorted(workspace.rglob("*")):
        inside_backup = out.parent in path.parents and path.name.startswith(out.name)
        if path.is_file() and not path.is_symlink() and not inside_backup:
            yield path


def _add(tar: tarfile.TarFile, path: Path, name: str, manifest: dict[str, Any]) -> None:
    """Add a file as it is now; one that vanishes or grows meanwhile is taken as first read."""
    try:
        data = path.open("rb")
    except FileNotFoundError:
        return
    with data, tempfile.SpooledTemporaryFile(max_size=8 << 20) as spool:
        digest = hashlib.sha256()
        while block := data.read(1 << 20):
            digest.update(block)
            spool.write(block)
        info = tarfile.TarInfo(name)
        info.size, info.mode = spool.tell(), 0o600
        spool.seek(0)
        tar.addfile(info, spool)
    manifest["files"][name] = digest.hexdigest()


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
        with source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        return
    _postgres(["pg_dump", "--format=custom", f"--file={target}"])


def _postgres(command: list[str]) -> None:
    """Run a PostgreSQL tool on the application's database; the password goes by environment."""
    found = connection.settings_dict
    if shutil.which(command[0]) is None:
        raise StoreError(f"{command[0]} is not installed", do="install the PostgreSQL client")
    environment = {
        **os.environ,
        "PGHOST": str(found["HOST"]),
        "PGPORT": str(found["PORT"] or 5432),
        "PGUSER": str(found["USER"]),
        "PGPASSWORD": str(found["PASSWORD"]),
        "PGDATABASE": str(found["NAME"]),
    }
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StoreError(
            f"{command[0]} failed: {said[-1] if said else 'it said nothing'}",
            do="see that the database can be reached, and that client and server are of one age",
        )


def restore(source: Path, into: Path) -> dict[str, Any]:
    """Restore a backup into an empty workspace, each file checked by its hash; give its manifest.

    On PostgreSQL the database that DATABASE_URL names must be empty. Raises UsageError where
    ``into`` holds something, StoreError for a backup that is damaged or not of this database.
    """
    if into.exists() and any(into.iterdir()):
        raise UsageError("the workspace is not empty", where=str(into), do="name a new folder")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with tarfile.open(source, "r:gz") as tar:
            manifest = _extract(tar, into)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise StoreError(
            "the backup is damaged or cut off", where=source.name, do="take another copy"
        ) from error
    if manifest["database"] == "sqlite":
        (into / DATABASE["sqlite"]).replace(into / "nameplate.sqlite3")
    else:
        dump = into / DATABASE["postgresql"]
        _postgres(["pg_restore", "--no-owner", "--exit-on-error", "--dbname=", str(dump)])
        dump.unlink()
    return manifest


def _extract(tar: tarfile.TarFile, into: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    for member in tar:
        data = tar.extractfile(member)
        if data is None:
            raise tarfile.TarError(f"{member.name} is no file")
        if member.name == "manifest.json":
            manifest = json.loads(data.read())
            continue
        target = (into / member.name.removeprefix("workspace/")).resolve()
        if into.resolve() not in target.parents:
            raise tarfile.TarError(f"{member.name} leads out of the workspace")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        with target.open("xb") as file:
            target.chmod(0o600)
            while block := data.read(1 << 20):
                digest.update(block)
                file.write(block)
        found[member.name] = digest.hexdigest()
    if manifest is None or manifest["files"] != found:
        raise tarfile.TarError("its files are not those of its manifest")
    return manifest
