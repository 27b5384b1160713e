"""How fast the pages are: `make bench`, or `python -m tests.bench --help`.

CPU time of all server processes per request, because it hardly depends on what else the machine
does; cases take turns in every round, medians are compared, and everything is told in D, the cost
of one bare Django view that answers the same bytes. What two runs of one case differ by, the A/A
pair, is what no other difference may hide behind.
"""
