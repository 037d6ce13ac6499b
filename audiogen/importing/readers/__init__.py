"""Readers of foreign formats, one per file: each turns a text into lines with their places, or into a finished draft."""
