"""How people come to have accounts: by invitation only, never by signing themselves up."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes self sign-up: an account comes with an invitation to an organisation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs themselves up."""
        return False


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets an organisation's sign-in service in only those who have an account here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002
        """An account comes with an invitation, also for those who sign in elsewhere."""
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps second factors' secrets encrypted in the database, with a key that is not in it."""

    def _box(self) -> Fernet:
        digest = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        """What is stored in place of ``text``."""
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises InvalidToken where it was made with another key."""
        return self._box().decrypt(encrypted_text.encode()).decode()
