"""Every address, room by room."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path
from django.views.generic import RedirectView

from plein_web.channels.views import hook
from plein_web.listening.lawful.views import approve
from plein_web.listening.rights.views import register_schema
from plein_web.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthy, name="healthz"),
    path("theme.css", views.theme, name="theme"),
    path("hooks/<int:pk>/", hook, name="hook"),
    path("approve/<str:token>/", approve, name="approve"),
    path("enter/<str:token>/", views.enter, name="enter"),
    path("setup/", views.setup, name="setup"),
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
    path("help/", views.help_page, name="help"),
    # django-allauth reverses its own names; the rest of the house uses ours.
    path("sign-in/", allauth.login, name="sign_in"),
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/forgotten/", views.forgotten, name="account_reset_password"),
    path("sign-in/closed/", allauth.account_inactive, name="account_inactive"),
    path("sign-up/", RedirectView.as_view(pattern_name="sign_in"), name="account_signup"),
    path("sign-out/", allauth.logout, name="sign_out"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("me/password/", views.password_change, name="account_change_password"),
    path("me/password/first/", views.password_set, name="account_set_password"),
    path("<slug:town>/", RedirectView.as_view(pattern_name="inbox"), name="town_home"),
    path("<slug:town>/", include("plein_web.town.urls")),
    path("<slug:town>/", include("plein_web.channels.urls")),
    path("<slug:town>/", include("plein_web.listening.urls")),
    path("register.schema.json", register_schema, name="register_schema"),
    path("<slug:town>/", include("plein_web.listening.rights.urls")),
    path("<slug:town>/", include("plein_web.inbox.urls")),
    path("<slug:town>/", include("plein_web.site.privacy.urls")),
]
