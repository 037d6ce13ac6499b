"""Script + spoken lengths -> Timeline: when each step happens, the one place where time is added up."""
