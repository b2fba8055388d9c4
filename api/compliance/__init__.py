"""Figures a centre manager can stand behind: the ledger of time, compliance, and both rolled up."""
