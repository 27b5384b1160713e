"""What the database itself holds about the ground: the log is append-only."""

from .database_rules import Rule

_REFUSED = "newsroom_event_append_only"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_REFUSED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _sqlite(verb: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER newsroom_event_no_{verb.lower()} BEFORE {verb} ON newsroom_event "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    )


# What the second migration made and the fifth replaces: no exception for what is too old to keep.
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

# After two years two things may be done, and nothing else: a log-in goes, and of any other row the
# network it came from. `events.forgotten` says which; the purge command does it.
KEPT_YEARS = 2
FORGOTTEN_VERBS = ("sign_in", "sign_in_failed", "second_step_failed", "sign_out")
_SIGN_INS = ", ".join(f"'{verb}'" for verb in FORGOTTEN_VERBS)
_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "verb",
    "object_type",
    "object_id",
    "object_label",
    "from_state",
    "to_state",
    "reason",
    "data",
)
_SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _COLUMNS)
_KEEPING = f"""
CREATE OR REPLACE FUNCTION newsroom_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' THEN
    IF OLD.at < now() - interval '{KEPT_YEARS} years' THEN
      IF TG_OP = 'DELETE' AND OLD.verb IN ({_SIGN_INS}) THEN RETURN OLD; END IF;
      IF TG_OP = 'UPDATE' THEN
        IF NEW.network = '' AND to_jsonb(NEW) - 'network' = to_jsonb(OLD) - 'network' THEN
          RETURN NEW;
        END IF;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _kept(name: str, event: str, exception: str) -> tuple[str, ...]:
    """Return a trigger of SQLite that refuses `event` but where `exception` holds."""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON newsroom_event WHEN NOT ({exception}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    )


_OLD = f"OLD.at < datetime('now', '-{KEPT_YEARS} years')"
EVENTS_KEPT = Rule(
    table="newsroom_event",
    sqlite={
        "newsroom_event_kept_update": _kept(
            "newsroom_event_kept_update", "UPDATE", f"{_OLD} AND NEW.network = '' AND {_SAME}"
        ),
        "newsroom_event_kept_delete": _kept(
            "newsroom_event_kept_delete", "DELETE", f"{_OLD} AND OLD.verb IN ({_SIGN_INS})"
        ),
        # INSERT OR REPLACE takes a row away without a DELETE that a trigger would hear of.
        "newsroom_event_kept_insert": _kept(
            "newsroom_event_kept_insert",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM newsroom_event WHERE id = NEW.id)",
        ),
    },
    postgresql={
        "newsroom_event_kept": (
            _KEEPING,
            "CREATE TRIGGER newsroom_event_kept BEFORE UPDATE OR DELETE ON newsroom_event "
            "FOR EACH ROW EXECUTE FUNCTION newsroom_event_kept()",
        ),
        "newsroom_event_not_emptied": (
            _KEEPING,
            "CREATE TRIGGER newsroom_event_not_emptied BEFORE TRUNCATE ON newsroom_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION newsroom_event_kept()",
        ),
    },
    undo_postgresql=(
        "DROP TRIGGER IF EXISTS newsroom_event_kept ON newsroom_event",
        "DROP TRIGGER IF EXISTS newsroom_event_not_emptied ON newsroom_event",
        "DROP FUNCTION IF EXISTS newsroom_event_kept",
    ),
)
RULES = (EVENTS_KEPT,)
