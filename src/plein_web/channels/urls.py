"""The addresses of this room, under a town's."""

from __future__ import annotations

from django.urls import path

from plein_web.channels import views

urlpatterns = [
    path("channels/", views.channels, name="channels"),
    path("channels/connect/", views.connect, name="connect"),
    path("channels/connect/<slug:code>/", views.connect_network, name="connect_network"),
    path("channels/<int:pk>/", views.channel, name="channel"),
    path("channels/<int:pk>/switch/", views.switch, name="channel_switch"),
    path("channels/<int:pk>/enter/", views.enter_message, name="enter_message"),
    path("sources/", views.sources, name="sources"),
    path("sources/site/", views.site, name="site"),
    path("sources/<int:pk>/remove/", views.source_remove, name="source_remove"),
    path("running/", views.running, name="running"),
    path("stop/", views.stop, name="stop"),
    path("stop/<int:pk>/lift/", views.lift, name="lift"),
]
