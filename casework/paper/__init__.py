"""Paper: a frozen sheet comes in, the bytes of a tagged PDF go out. It knows no row, no key, no rule and no person of the house."""

from casework.paper.printing import MEDIA_TYPE as MEDIA_TYPE
from casework.paper.printing import press as press
from casework.paper.sheets import AgendaLine as AgendaLine
from casework.paper.sheets import AgendaSheet as AgendaSheet
from casework.paper.sheets import AttendanceSheet as AttendanceSheet
from casework.paper.sheets import DayListSheet as DayListSheet
from casework.paper.sheets import DecisionSheet as DecisionSheet
from casework.paper.sheets import GuestLine as GuestLine
from casework.paper.sheets import LetterSheet as LetterSheet
from casework.paper.sheets import MinutesItem as MinutesItem
from casework.paper.sheets import MinutesSheet as MinutesSheet
from casework.paper.sheets import PlaceLines as PlaceLines
from casework.paper.sheets import SeatLine as SeatLine
from casework.paper.sheets import Sheet as Sheet
from casework.paper.sheets import SlotLine as SlotLine
from casework.paper.sheets import TaskLine as TaskLine
