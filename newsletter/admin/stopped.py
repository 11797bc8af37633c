"""Why nothing is sent, on the admin's first screen."""

from typing import Any

from wagtail.admin.ui.components import Component

from worker import sending_mark


class StoppedPanel(Component):
    """Sign-ups wait for their mails, too: it must not take a mailing to find out."""

    name = "newsletter-stopped"
    template_name = "newsletter/admin/stopped_panel.html"
    order = 140

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"stopped": sending_mark.last_found()}
