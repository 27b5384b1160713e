"""Search: one interface over two engines, the same answers on both.

`typed` reads what somebody typed, `finding` answers it, `indexing` keeps the index true, `names`
finds sections, tags and authors, `suggesting` helps with what was mistyped, `doubles` finds
headlines that were written before. `fts5` and `tsearch` are the engines: each stores entries and
says which of them meet a condition, latest first; ranking is ours.
"""
