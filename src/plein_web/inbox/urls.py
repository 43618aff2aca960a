"""The addresses of the inbox, below a town's own."""

from __future__ import annotations

from django.urls import path

from plein_web.inbox import keeping_views, views
from plein_web.inbox.daymail import choosing

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.conversation, name="conversation"),
    path("inbox/<int:pk>/answer/", views.answer, name="answer"),
    path("inbox/<int:pk>/draft/", views.draft, name="draft"),
    path("inbox/<int:pk>/preview/", views.preview, name="preview"),
    path("inbox/<int:pk>/write/", views.write, name="write"),
    path("inbox/<int:pk>/status/", views.status, name="conversation_status"),
    path("inbox/<int:pk>/assign/", views.assign, name="assign"),
    path("inbox/<int:pk>/sending/<int:outgoing>/", views.sending, name="sending"),
    path("inbox/post/<int:pk>/", views.post, name="conversation_of_post"),
    path("outgoing/<int:pk>/", views.outgoing, name="outgoing"),
    path("digest/", views.digest, name="digest"),
    path("digest/mail/", choosing.day_mail, name="day_mail"),
    path("privacy/deletions/", keeping_views.deletions, name="deletions"),
    path("privacy/deletions/terms/<str:kind>/", keeping_views.term, name="term"),
    path("privacy/deletions/holds/", keeping_views.legal_hold, name="legal_hold"),
    path("privacy/deletions/holds/<int:pk>/", keeping_views.legal_hold_lift, name="legal_hold_lift"),
]
