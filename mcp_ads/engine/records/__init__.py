"""What outlives a call: plans, the audit log, rows of reports and lists."""
