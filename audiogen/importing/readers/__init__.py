"""Readers of foreign formats, one per file: each turns a text into lines with places, or into a draft."""
