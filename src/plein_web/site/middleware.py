"""Small things that every answer needs: a content security policy, the reader's language, a word to a page alone."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
LANGUAGE_COOKIE = "language"


def content_security_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Nothing inline, nothing from elsewhere."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        # Residents' words stay on no shared computer, also not behind the back button; a view without any may say less.
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return answer


def signed_out(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """A page that fetches a part and has been signed out hears so; it would take the sign-in page for the part."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        lost = response.status_code == HTTPStatus.FOUND and not request.user.is_authenticated
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED) if lost and request.headers.get("HX-Request") else response

    return answer


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """A signed-in person's own language; before that the cookie's; Dutch unless asked otherwise."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.setdefault("Content-Language", translation.get_language())
        return response

    return answer
