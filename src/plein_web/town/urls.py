"""The addresses of the hall, under a town's."""

from __future__ import annotations

from django.urls import path

from plein_web.town import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("town/", views.town_settings, name="town"),
    path("town/addresses/", views.addresses, name="town_addresses"),
    path("audit/", views.audit_trail, name="audit"),
]
