"""The person who signs in, and the tokens their programs use."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from brygga.core.enums import Language
from brygga.users.enums import DemoGroup, TokenScope


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person. Without a password they sign in by e-mail code or passkey."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox names its own
    """A person. Signs in by e-mail; belongs to organisations through memberships."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SWEDISH)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    # Set only by the demo loader; the one-click sign-in refuses everybody else.
    is_demo = models.BooleanField(_("demo person"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # Lower case always, so that unique means unique whatever case somebody types.
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower")
        ]

    def __str__(self) -> str:
        # Never the address: this text ends up in pages and logs.
        return self.name or _("Person %(number)s") % {"number": self.pk}

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class ApiToken(AbstractAuthToken):
    """A personal token for the API: only its hash is stored, it names what it may do, and it expires."""

    name = models.CharField(_("name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=30, choices=TokenScope), verbose_name=_("may do"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expiry__isnull=False), name="api_token_expires"),
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="api_token_has_scope"),
        ]

    def __str__(self) -> str:
        return self.name


class DemoPerson(models.Model):
    """A made-up person to sign in as with one click, in demo mode only. Filled by the demo loader."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="demo_person")
    group = models.CharField(max_length=20, choices=DemoGroup)
    position = models.PositiveSmallIntegerField(default=0)
    role_sv = models.CharField(max_length=120)
    role_en = models.CharField(max_length=120)
    story_sv = models.CharField(max_length=400)
    story_en = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(group__in=DemoGroup.values), name="demo_person_group_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.user_id}"
