"""How fast the pages are: `make bench`, or `python -m tests.bench --help`.

An archive is made in bulk of texts that come again (`filling`, `stories`) and kept (`keeping`), a
copy of it is served as `make run` serves it (`server`), and every case (`cases`) is measured in
every round beside servers that do next to nothing with the same bytes (`hello`, `bare`, `nginx`).

What counts is the CPU time a request costs all processes of the server and of the database,
because it hardly depends on what else the machine does; it is told in D, the cost of one bare
Django view that answers the same bytes. Medians of the rounds are compared. What two runs of one
case differ by, the A/A pair, is what no other difference may hide behind; a run beside programs
that used much of the machine is void. Requests a second and latencies are those of a closed loop:
eight connections for what is hot, two for what is cold. Pages are made cold by asking for each
once, or by a change that concerns them; what the change itself costs is taken off, and the servers
are at work until the pages are asked for, since a core that sleeps forgets what it knew by heart.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
