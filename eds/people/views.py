"""Log-in: allauth's, answering 422 where it was filled in wrongly."""

from allauth.account.views import LoginView
from django.http import HttpResponse


class LogIn(LoginView):
    """Log in by e-mail address and password."""

    def form_invalid(self, form: object) -> HttpResponse:
        """Show the form again with its errors, as every form of ours does."""
        response = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
        return response
