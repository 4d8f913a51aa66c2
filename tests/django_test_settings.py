"""Settings of the tests: the application's own, in a workspace of their own."""

import os
import tempfile

os.environ["NAMEPLATE_WORKSPACE"] = tempfile.mkdtemp(prefix="nameplate-test-")

from nameplate.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None
