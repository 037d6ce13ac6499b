"""The commented routine file that `audiogen new` writes."""

from pathlib import Path

STARTER = Path(__file__).with_name("starter.yaml").read_text("utf-8")
