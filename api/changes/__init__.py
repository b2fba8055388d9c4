"""What happened, numbered in the order in which it was committed: for programs that follow the hall."""
