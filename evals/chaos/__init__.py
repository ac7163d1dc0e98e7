"""``make chaos``: each tool, specialist and model turn broken in turn; the share of cases that end as they should."""
