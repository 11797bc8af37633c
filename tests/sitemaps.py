"""The maps for search engines, read as they read them: from the index to each of its files."""

import re

from django.test import Client


def maps(client: Client) -> dict[str, str]:
    """Each file that the index names, by its kind."""
    index = client.get("/sitemap.xml").text
    kinds = re.findall(r"<loc>[^<]*/sitemap-([a-z]+)\.xml</loc>", index)
    return {kind: client.get(f"/sitemap-{kind}.xml").text for kind in kinds}


def mapped(client: Client) -> str:
    return "".join(maps(client).values())
