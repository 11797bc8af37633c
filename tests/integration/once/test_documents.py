"""Documents leave only through their view."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document

from pages.models import NodePage


def document(name: str, content: bytes = b"%PDF-1.4 text") -> Document:
    return Document.objects.create(title=name, file=ContentFile(content, name=name))


@pytest.mark.parametrize(
    ("name", "disposition"),
    [("a.pdf", "inline"), ("a.csv", "attachment"), ("a.docx", "attachment")],
)
def test_a_document_is_saved_by_the_browser_unless_it_is_a_pdf(
    client: Client, home: NodePage, name: str, disposition: str
) -> None:
    response = client.get(document(name).url)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith(disposition)
    policy = response.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"
    assert "Content-Encoding" not in response.headers


def test_a_document_that_did_not_change_is_in_nobodys_frame_either(
    client: Client, home: NodePage
) -> None:
    row = document("a.pdf")
    row.file_hash = "0123456789abcdef"
    row.save()
    tag = client.get(row.url).headers["ETag"]
    answer = client.get(row.url, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_folder_of_documents_is_not_reachable(client: Client, home: NodePage) -> None:
    assert client.get("/media/" + document("a.pdf").file.name).status_code == 404


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.js", "a", "a.pdf.html"])
def test_documents_of_other_kinds_are_refused(
    publishing: Client, home: NodePage, name: str
) -> None:
    file = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    fields = {"title": "A", "file": file, "collection": 1}
    answer = publishing.post(reverse("wagtaildocs:add"), fields, follow=True).text
    assert not Document.objects.exists()
    assert "File extension" in answer
