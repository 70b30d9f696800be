from django.urls import URLPattern, URLResolver

app_name = "intermediaries"
urlpatterns: list[URLPattern | URLResolver] = []
