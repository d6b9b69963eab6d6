"""Spreadsheets in: the bytes of an uploaded table go in, rows of plain text come out. It knows no row, rule or noun of the house.

A table comes from somebody else and may be built to hurt: a small process of its own reads it, with little memory, little time and no
right to write a file, so that what breaks there breaks nothing here. Nothing touches the disk.
"""

from casework.sheets.reading import MAX_BYTES as MAX_BYTES
from casework.sheets.reading import MAX_CELL as MAX_CELL
from casework.sheets.reading import MAX_COLUMNS as MAX_COLUMNS
from casework.sheets.reading import MAX_ROWS as MAX_ROWS
from casework.sheets.reading import Unreadable as Unreadable
from casework.sheets.reading import read as read
