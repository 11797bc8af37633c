"""`python -m scripts.initial_catalogues` brings initial_content/*.po up to date with the English.

New pieces stand untranslated, pieces that are gone are taken out. Works on a database of its own.
"""

import os
import secrets
import tempfile
from pathlib import Path

import polib


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "bbmri_be.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": folder,
        }
        import django  # noqa: PLC0415  the settings come first

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415  after the registry

        from pages import initial_content, initial_translations  # noqa: PLC0415  after the registry

        call_command("migrate", verbosity=0)
        initial_content.load()
        wanted = initial_translations.words_to_translate()
        for language in initial_translations.LANGUAGES:
            gather(language, wanted, str(initial_content.FOLDER / f"{language}.po"))


def gather(language: str, wanted: list[str], path: str) -> None:
    known = {entry.msgid: entry for entry in polib.pofile(path)} if Path(path).exists() else {}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    catalogue.extend(known.get(text) or polib.POEntry(msgid=text) for text in wanted)
    catalogue.save(path)


if __name__ == "__main__":
    main()
