"""ID3 tags: written as version 2.3, and read as players and editors write them.

Tag -> bytes in front of the MP3              `tag`
bytes -> frames -> attachments, chapters, …   `frames`, `reader`
"""

from audiogen.export.id3.frames import HEADER_BYTES, MOST_TAGS, bytes_behind, tag_bytes
from audiogen.export.id3.reader import read_attachment, read_chapters, read_cover, read_lines, read_lyrics
from audiogen.export.id3.tag import Attachment, Tag, id3
from audiogen.views.chapters import Chapter

__all__ = [
    "HEADER_BYTES",
    "MOST_TAGS",
    "Attachment",
    "Chapter",
    "Tag",
    "bytes_behind",
    "id3",
    "read_attachment",
    "read_chapters",
    "read_cover",
    "read_lines",
    "read_lyrics",
    "tag_bytes",
]
