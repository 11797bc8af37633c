"""Anymail's own addresses, for `newsletter.webhooks` to look its view up in."""

from django.urls import include, path

urlpatterns = [path("", include("anymail.urls"))]
