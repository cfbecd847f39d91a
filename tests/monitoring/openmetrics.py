#!/usr/bin/python3
"""Reads OpenMetrics from standard input as strictly as its specification, and prints the names of all samples."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    if not family.documentation:
        sys.exit(f"{family.name} has no HELP")
    for sample in family.samples:
        print(sample.name)
