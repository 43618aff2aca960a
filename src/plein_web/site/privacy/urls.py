"""The addresses of the privacy pages, below a town's own."""

from __future__ import annotations

from django.urls import path

from plein_web.site.privacy import views

urlpatterns = [
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/particulars/", views.particulars, name="particulars"),
    path("privacy/papers/<slug:code>/", views.paper, name="paper"),
    path("privacy/papers/<slug:code>.<str:form>", views.paper_file, name="paper_file"),
    path("privacy/requests/new/", views.request_new, name="request_new"),
    path("privacy/requests/<int:pk>/", views.request_page, name="resident_request"),
    path("privacy/requests/<int:pk>/do/", views.request_do, name="request_do"),
    path("privacy/requests/<int:pk>/export.<str:form>", views.request_export, name="request_export"),
]
