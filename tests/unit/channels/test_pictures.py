"""The shape of a picture, from its first bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels.pictures import size_of

JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x04JF\xff"
FRAME = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 300, 400)
RIFF = b"RIFF\x00\x00\x00\x00WEBP"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + struct.pack(">II", 400, 300),
        b"GIF89a" + struct.pack("<HH", 400, 300),
        JPEG_HEAD + FRAME,
        RIFF + b"VP8X" + bytes(8) + (399).to_bytes(3, "little") + (299).to_bytes(3, "little"),
        RIFF + b"VP8L" + bytes(4) + b"\x2f" + struct.pack("<I", 399 | 299 << 14),
        RIFF + b"VP8 " + bytes(4) + b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 400, 300),
    ],
    ids=["png", "gif", "jpeg", "webp", "webp without loss", "old webp"],
)
def test_the_size_is_read_of_every_kind(content: bytes):
    assert size_of(content) == (400, 300)


@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8", RIFF, RIFF + b"VP8X"]), st.binary(max_size=60)
)
def test_whatever_comes_behind_the_first_bytes_it_never_fails(start: bytes, rest: bytes):
    size = size_of(start + rest)
    assert size is None or len(size) == 2
