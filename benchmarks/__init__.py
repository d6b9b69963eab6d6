"""Measurements behind `scripts/bench`: ratios against a stated baseline, never bare milliseconds."""
