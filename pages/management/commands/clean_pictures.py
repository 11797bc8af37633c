"""Once after the upgrade from 0.1.0: pictures of before lose their place, camera and colours."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand

from pages.models import Picture
from pages.models.pictures import UNREADABLE
from pages.pictures import make_sizes
from pages.uploads import make_plain


class Command(BaseCommand):
    help = "Makes the pictures plain that were uploaded before each upload was. Twice does no harm."

    def handle(self, **_options: Any) -> None:
        cleaned = sum(map(self._clean, Picture.objects.order_by("pk").iterator()))
        self.stdout.write(f"{cleaned} pictures were cleaned.")

    def _clean(self, picture: Picture) -> bool:
        try:
            if not make_plain(picture):
                return False
        except (*UNREADABLE, ValidationError) as error:
            self.stderr.write(f"Picture {picture.pk} was left as it is: {error}")
            return False
        picture.save()
        picture.renditions.all().delete()
        make_sizes(picture)
        return True
