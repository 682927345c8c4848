"""The invented words of the demo: names, stories, reasons, talks. Nobody here exists."""
