"""Attendance: the roll call, reasons of absence."""
