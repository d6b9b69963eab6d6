"""The meeting room: preparing, convening, sitting, deciding, closing. A meeting is a title of access, and no second door."""
