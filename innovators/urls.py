from django.urls import URLPattern, URLResolver

app_name = "innovators"
urlpatterns: list[URLPattern | URLResolver] = []
