"""The addresses of places where people talk, below a town's own."""

from __future__ import annotations

from django.urls import path

from plein_web.listening.elsewhere import views

urlpatterns = [
    path("listening/help/", views.queue, name="here_you_can_help"),
    path("listening/help/measured/", views.measured, name="joining_measured"),
    path("listening/help/joined/<int:pk>/", views.joined, name="place_joined"),
    path("listening/help/undo/<int:pk>/", views.undo, name="place_undo"),
    path("listening/help/<int:pk>/", views.place, name="place"),
    path("listening/help/<int:pk>/join/", views.join, name="place_join"),
    path("listening/help/<int:pk>/choose/", views.choose, name="place_choose"),
    path("listening/help/<int:pk>/hand-over/", views.hand_over, name="place_hand_over"),
    path("listening/help/<int:pk>/ask/", views.ask, name="place_ask"),
    path("listening/places/", views.places, name="places"),
]
