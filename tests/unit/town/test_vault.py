"""Tokens at rest."""

from __future__ import annotations

import stat

import pytest
from cryptography.fernet import Fernet

from plein.town.vault import Vault, WrongKey


def test_the_key_file_is_made_for_us_alone(tmp_path):
    Vault.open(tmp_path / "home" / "plein.key")
    assert stat.S_IMODE((tmp_path / "home" / "plein.key").stat().st_mode) == 0o600


def test_what_was_locked_comes_back_after_a_new_key_was_put_on_top(tmp_path):
    path = tmp_path / "plein.key"
    token = Vault.open(path).lock("geheim")
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    assert Vault.open(path).unlock(token) == "geheim"


def test_keyed_hashes_stay_the_same_when_a_key_is_put_on_top(tmp_path):
    path = tmp_path / "plein.key"
    before = Vault.open(path).keyed_hash("uri", "at://x")
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    assert Vault.open(path).keyed_hash("uri", "at://x") == before


def test_another_key_is_told_in_words(tmp_path):
    token = Vault.open(tmp_path / "one").lock("geheim")
    with pytest.raises(WrongKey, match="Put the key file"):
        Vault.open(tmp_path / "two").unlock(token)


def test_hashes_for_different_purposes_do_not_match(tmp_path):
    vault = Vault.open(tmp_path / "key")
    assert vault.keyed_hash("uri", "x") != vault.keyed_hash("author", "x")


def test_the_locked_text_does_not_show_what_is_in_it(tmp_path):
    assert "geheim" not in Vault.open(tmp_path / "key").lock("geheim")
