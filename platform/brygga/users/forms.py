from django import forms


class SignupForm(forms.Form):
    pass

    def signup(self, request, user):  # type: ignore[no-untyped-def]  # written out below
        return None
