"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbmri_be.settings")
django_application = get_wsgi_application()

from visitors.cache.micro_cache import MicroCache  # noqa: E402  models are not loadable before the registry is ready
from visitors.unreadable import WithoutUnreadableHeaders  # noqa: E402  it comes with the other

application = MicroCache(WithoutUnreadableHeaders(django_application))
