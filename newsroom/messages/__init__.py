"""The catalogue of what a person reads: collected from the code, translated, compiled.

Works without GNU gettext, which a newsroom's machine lacks. There is no English catalogue: every
msgid is an English sentence, and Django shows msgids as they stand, plurals included, where the
language is English.
"""
