"""What podbot measures of itself, for Prometheus. Everything is measured at the edges: handlers know nothing of it.

What may not be here: a label whose values come from what people type; what is not known beforehand is told as
"unknown" or "other".
"""
