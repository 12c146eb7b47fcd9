"""What people open: each a pure function of a snapshot of the register."""
