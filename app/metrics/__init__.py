"""Figures for Prometheus, served on an address of their own; without METRICS_ADDRESS none are kept.

Every process counts in files of its own in DATA_DIR/metrics, and whichever is asked adds them all
up. The files bear a number that the process holds while it lives; whoever gets the number next goes
on counting in them. So nothing counted is lost with a process, and there are no more files than
there were processes at one time. Who comes when nobody else is there begins at nought.

The library is imported where it is used, so that a site without figures does without it.
"""
