"""Unwinding: takes back what a case did after a defect was found, and hands what stays to a person."""
