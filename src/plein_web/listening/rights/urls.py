"""The addresses of the public register, below a town's own."""

from __future__ import annotations

from django.urls import path

from plein_web.listening.rights import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register.json", views.register_json, name="register_json"),
    path("register.csv", views.register_csv, name="register_csv"),
]
