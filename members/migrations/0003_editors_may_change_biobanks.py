from django.db import migrations

GROUPS = ("Editors", "Moderators")
ALLOWED = {
    "biobank": ("add", "change", "view"),
    "collection": ("change", "view"),
    "importrun": ("add", "view"),
}


def permissions(apps):
    """Made here where `post_migrate`, which makes them otherwise, has not come to it yet."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Permission = apps.get_model("auth.Permission")
    for model, actions in ALLOWED.items():
        about, _made = ContentType.objects.get_or_create(app_label="members", model=model)
        for action in actions:
            yield Permission.objects.get_or_create(
                content_type=about,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )[0]


def allow(apps, schema_editor):
    found = list(permissions(apps))
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*found)


def forbid(apps, schema_editor):
    found = list(permissions(apps))
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_biobanks"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
