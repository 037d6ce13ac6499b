"""More than one render: a batch from a table, a series over weeks, a routine that is watched."""
