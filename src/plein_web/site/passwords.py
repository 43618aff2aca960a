"""What a password has to be, in the words of our screens."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Django's own check: its sentence is not translated into Dutch."""

    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short. Use at least %(num)d character.",
            "This password is too short. Use at least %(num)d characters.",
            self.min_length,
        ) % {"num": self.min_length}
