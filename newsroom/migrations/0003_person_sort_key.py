"""List accounts by given name, and sort all names again: the keys know signs and numbers now."""

from django.db import migrations, models

from newsroom import vietnamese

NAMED = [("articles", "Tag"), ("articles", "Author")]


def sort_accounts(apps, schema_editor):
    User = apps.get_model("newsroom", "User")
    for account in User.objects.only("full_name", "username").iterator():
        key = vietnamese.person_sort_key(account.full_name or account.username)
        User.objects.filter(pk=account.pk).update(sort_key=key)


def sort_names_again(apps, schema_editor):
    for model in (apps.get_model(*name) for name in NAMED):
        for pk, name, old in model.objects.values_list("pk", "name", "sort_key").iterator():
            key = vietnamese.sort_key(name)
            if key != bytes(old):
                model.objects.filter(pk=pk).update(sort_key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_roles_and_rules"),
        ("articles", "0003_provinces"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sort_key",
            field=models.BinaryField(default=b"", editable=False),
        ),
        migrations.RunPython(sort_accounts, migrations.RunPython.noop),
        migrations.RunPython(sort_names_again, migrations.RunPython.noop),
    ]
