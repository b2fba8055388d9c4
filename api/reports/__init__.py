"""Reports a centre manager can stand behind: what they say, their files, and how they get to people."""
