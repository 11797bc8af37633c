"""Anymail's own addresses, for `newsletter.sending.reports` to look its view up in."""

from django.urls import include, path

urlpatterns = [path("", include("anymail.urls"))]
