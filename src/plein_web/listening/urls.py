"""The addresses of listening, below a town's own."""

from __future__ import annotations

from django.urls import include, path

from plein_web.listening import name_views, views
from plein_web.listening.lawful import views as lawful

urlpatterns = [
    path("", include("plein_web.listening.elsewhere.urls")),
    path("listening/", views.listening, name="listening"),
    path("listening/new/", views.watch_new, name="watch_new"),
    path("listening/check/", views.query_check, name="query_check"),
    path("listening/try/", views.query_try, name="query_try"),
    path("listening/<int:pk>/", views.watch, name="watch"),
    path("listening/<int:pk>/change/", views.watch_change, name="watch_change"),
    path("listening/<int:pk>/stop/", views.watch_stop, name="watch_stop"),
    path("listening/<int:pk>/decide/", lawful.decide, name="watch_decide"),
    path("listening/<int:pk>/advise/", lawful.advise, name="watch_advise"),
    path("listening/<int:pk>/mail/", lawful.mail, name="watch_mail"),
    path("listening/public-order/", lawful.public_order, name="public_order"),
    path("listening/names/", name_views.names, name="own_names"),
    path("listening/names/<int:pk>/", name_views.name_change, name="own_name"),
    path("listening/mentions/<int:pk>/about/", views.mention_about, name="mention_about"),
    path("listening/mentions/<int:pk>/open/", views.mention_open, name="mention_open"),
]
