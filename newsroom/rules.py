"""What the database itself holds about the ground: the log is append-only."""

from .database_rules import Rule

_FUNCTION = """
CREATE OR REPLACE FUNCTION newsroom_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'newsroom_event_append_only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _sqlite(verb: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER newsroom_event_no_{verb.lower()} BEFORE {verb} ON newsroom_event "
        "BEGIN SELECT RAISE(ABORT, 'newsroom_event_append_only'); END",
    )


EVENT_APPEND_ONLY = Rule(
    table="newsroom_event",
    sqlite={
        "newsroom_event_no_update": _sqlite("UPDATE"),
        "newsroom_event_no_delete": _sqlite("DELETE"),
    },
    postgresql={
        "newsroom_event_append_only": (
            _FUNCTION,
            "CREATE TRIGGER newsroom_event_append_only BEFORE UPDATE OR DELETE ON newsroom_event "
            "FOR EACH ROW EXECUTE FUNCTION newsroom_event_append_only()",
        ),
    },
    undo_postgresql=(
        "DROP TRIGGER IF EXISTS newsroom_event_append_only ON newsroom_event",
        "DROP FUNCTION IF EXISTS newsroom_event_append_only",
    ),
)
RULES = (EVENT_APPEND_ONLY,)
