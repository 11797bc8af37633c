"""What an issue of the newsletter is, for machines."""

from newsletter.models import NewsletterIssuePage
from pages.formats.structured_data import Thing, describe, node_reference, said
from pages.tree.addresses import full_url


@describe.register
def _(page: NewsletterIssuePage) -> list[Thing]:
    sent_at = page.first_sent_at
    if sent_at is None:
        return []
    return [
        said(
            at_type="Article",
            headline=page.title,
            description=page.summary,
            url=full_url(page),
            datePublished=sent_at.isoformat(),
            inLanguage=page.locale.language_code,
            author=node_reference(),
            publisher=node_reference(),
        )
    ]
