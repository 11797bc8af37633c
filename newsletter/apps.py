from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        # Models are not loadable before the registry is ready; some modules register themselves.
        from newsletter import first_rows  # noqa: PLC0415  needs the registry
        from newsletter.admin import permissions  # noqa: PLC0415  needs the registry
        from newsletter.archive import moves, structured_data, waiting  # noqa: F401, PLC0415  they register themselves
        from newsletter.issues.previews import PREVIEWS  # noqa: PLC0415  needs the registry
        from newsletter.ledger import checks, triggers  # noqa: F401, PLC0415  they register themselves
        from newsletter.models import Delivery, NewsletterIssuePage  # noqa: PLC0415  needs the registry
        from newsletter.sending import checks as sending_checks  # noqa: F401, PLC0415  they register themselves
        from newsletter.sending import reports  # noqa: F401, PLC0415  they register themselves
        from pages import initial_content  # noqa: PLC0415  needs the registry
        from pages.blocks import menu_views  # noqa: PLC0415  needs the registry
        from pages.models import NodePage  # noqa: PLC0415  needs the registry
        from pages.releases import rows  # noqa: PLC0415  needs the registry
        from pages.tree.published import held_back  # noqa: PLC0415  needs the registry
        from worker import sending_mark  # noqa: PLC0415  needs the registry

        initial_content.rows_wanted.connect(first_rows.load)
        initial_content.rows_wanted.connect(permissions.ensure_group)
        rows.kinds.update(first_rows.KINDS)
        pre_migrate.connect(triggers.drop_before_rebuilding, sender=self)
        post_migrate.connect(triggers.make_after_migrating, sender=self)
        held_back.append(waiting.waiting)
        sending_mark.queues.append(Delivery.objects.exists)
        menu_views.offered["newsletter:sign_up"] = _("Newsletter sign-up")
        menu_views.offered["newsletter:send_my_link"] = _("Own page of a subscriber")
        NewsletterIssuePage.previews.update(PREVIEWS)
        NodePage.reserved_slugs.add("newsletter")
