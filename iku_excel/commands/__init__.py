"""The commands, a room for each kind. Only click is imported on the way in; the rest inside the command."""
