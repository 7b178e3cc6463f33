"""The words of the report: what it calls things, and every sentence of its tables.

One job computes the numbers of a table with `backprop.statistics`, and another writes
sentences from these numbers. So an edit of a sentence never computes a number again.
"""
