"""Tests of the reads that several verbs share, over fakes of the ports."""
