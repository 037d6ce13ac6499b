"""The command: where it listens, what it prints, and the address that it keeps."""

import os
import stat

import pytest

from audiogen.studio.address import address_file, kept_token


def test_the_address_is_kept_from_start_to_start_and_renewed_when_asked() -> None:
    first = kept_token()
    assert len(first) >= 22
    assert kept_token() == first
    assert kept_token(renew=True) != first


@pytest.mark.skipif(os.name == "nt", reason="other permissions there")
def test_only_its_owner_may_read_the_address() -> None:
    kept_token()
    assert stat.S_IMODE(address_file().stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["", "short", "with space in it, and long enough", "../../../../../../../etc"])
def test_a_damaged_address_is_replaced(damage: str) -> None:
    address_file().parent.mkdir(parents=True, exist_ok=True)
    address_file().write_text(damage)
    token = kept_token()
    assert token != damage
    assert kept_token() == token
