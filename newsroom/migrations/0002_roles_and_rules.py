"""The five roles, and the log that only grows."""

from django.db import migrations

from newsroom.database_rules import EnforceRule
from newsroom.rules import EVENT_APPEND_ONLY

ROLES = ("reporter", "editor", "secretary", "moderator", "administrator")


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name in ROLES:
        Group.objects.get_or_create(name=name)


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_roles, drop_roles),
        EnforceRule(EVENT_APPEND_ONLY),
    ]
