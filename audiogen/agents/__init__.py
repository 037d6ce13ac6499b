"""What agents may ask for: routines listed, checked, planned, rendered and imported, inside one folder.

a tool's arguments -> JSON, or an error with the fields of its problems
"""
