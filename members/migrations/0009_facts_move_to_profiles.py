from django.db import migrations

GROUPS = ("Editors", "Moderators")
# The languages of the hosts, names and pages that earlier versions came with: a row had one for all.
LANGUAGES = {
    "University Hospitals Leuven (UZ Leuven) with KU Leuven": "en",
    "Ghent University Hospital (UZ Gent) with Ghent University": "en",
    "Antwerp University Hospital (UZA) with University of Antwerp": "en",
    "UZ Brussel with Vrije Universiteit Brussel (Faculty of Medicine and Pharmacy)": "en",
    "Hasselt University, Jessa Hospital (Hasselt), Hospital East-Limburg (ZOL, Genk)": "en",
    "CHU de Liège with University of Liège (GIGA)": "en",
    "Hôpital Erasme / Université libre de Bruxelles (biobank council CBEU)": "en",
    "VITO (Flemish Institute for Technological Research)": "en",
    "GZA Hospitals, campus Sint-Augustinus": "en",
    "Institute of Tropical Medicine (ITM / ITG)": "en",
    "Jessa Hospital": "en",
    "Cliniques universitaires Saint-Luc / UCLouvain": "fr",
    "Cliniques universitaires Saint-Luc": "fr",
    "Institut Jules Bordet": "fr",
    "CHU Brugmann": "fr",
    "CHU UCL Namur": "fr",
    "ISPPC / CHU de Charleroi": "fr",
    "Institut de Pathologie et de Génétique a.s.b.l.": "fr",
    "Biobank-University Hospitals Leuven": "en",
    "Bimetra Biobank @ UZ Gent": "en",
    "HIRUZ biobank": "en",
    "Biobank@UZA": "nl",
    "Tumorbank@UZA": "nl",
    "Biothèque de l'Université de Liège (BUL)": "fr",
    "Biothèque de l'Institut Jules Bordet Oncology": "fr",
    "Biobanque du CHU Dinant Godinne": "fr",
    "https://institutroialbertdeux.be/en/biobank": "en",
    "https://saintluc.be/fr/biobanque": "fr",
}


def move(apps, schema_editor):
    """What stands in the rows stays there, for a version before this one that still answers."""
    Biobank = apps.get_model("members.Biobank")
    Profile = apps.get_model("members.BiobankProfile")
    Fact = apps.get_model("members.BiobankFact")
    there = Biobank.objects.filter(profile=None).order_by("pk").values_list("pk", flat=True)
    Profile.objects.bulk_create((Profile(biobank_id=pk) for pk in there), batch_size=500)
    profiles = dict(Profile.objects.values_list("biobank_id", "pk"))
    facts = {}
    for pk, kind, language, value in _said(apps):
        if value:
            facts.setdefault((profiles[pk], kind, language), value)
    Fact.objects.bulk_create(
        (
            Fact(profile_id=profile, kind=kind, language=language, value=value)
            for (profile, kind, language), value in facts.items()
        ),
        batch_size=500,
    )


    for name in apps.get_model("members.OtherName").objects.filter(name__in=LANGUAGES):
        name.language = LANGUAGES[name.name]
        name.save(update_fields=["language"])


def _said(apps):
    for row in apps.get_model("members.Biobank").objects.order_by("pk"):
        yield row.pk, "host", LANGUAGES.get(row.host, ""), row.host
        yield row.pk, "notification", "", row.notification_number
    for text in apps.get_model("members.BiobankText").objects.order_by("pk"):
        page = text.objection_url
        yield text.biobank_id, "introduction", text.language, text.introduction
        yield text.biobank_id, "objection", LANGUAGES.get(page, text.language), page


def permissions(apps):
    """Made here where `post_migrate`, which makes them otherwise, has not come to it yet."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Permission = apps.get_model("auth.Permission")
    about, _made = ContentType.objects.get_or_create(
        app_label="members", model="biobankprofile"
    )
    for action in ("change", "view"):
        yield Permission.objects.get_or_create(
            content_type=about,
            codename=f"{action}_biobankprofile",
            defaults={"name": f"Can {action} what we say of a biobank"},
        )[0]


def allow(apps, schema_editor):
    found = list(permissions(apps))
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*found)


def stay(apps, schema_editor):
    """Back: the rows still say what they said, and the profiles' own tables are dropped."""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_biobank_profiles"),
        ("members", "0003_editors_may_change_biobanks"),
    ]

    operations = [migrations.RunPython(move, stay), migrations.RunPython(allow, stay)]
