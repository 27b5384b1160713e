"""What the server writes down of its work: JSON, one line each, and never a person.

`lines` puts a record into a line, `requests` tells of each request Django answers, `hits` counts
those answered in front of it, `networks` hides where they come from.
"""
