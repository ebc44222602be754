"""Who there is: users, organisations, and who belongs to which."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now

from eds.history.models import Tracked
from eds.ui.ids import public_id_field


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a user. Without a password the account cannot log in by one. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a site administrator: may use the admin site, and reads no unpublished grade by right of the role."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in by e-mail address. Never deleted: erasing replaces name and address (R22)."""

    public_id = public_id_field()
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("site administrator", default=False)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique")]

    def __str__(self) -> str:
        return self.name


class Organisation(Tracked):
    """A trust or a care board."""

    class Kind(models.TextChoices):
        TRUST = "trust", "NHS trust"
        CARE_BOARD = "care_board", "Integrated care board"

    public_id = public_id_field()
    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True, help_text="Stands in the address of published reports.")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TRUST)
    integrated_care_system = models.CharField(max_length=200, blank=True)
    contact_post = models.TextField("postal address for other formats", blank=True)
    contact_phone = models.CharField("phone for other formats", max_length=50, blank=True)
    contact_email = models.EmailField("e-mail for other formats", blank=True)

    class Meta:
        ordering = ["name"]
        permissions = [("open_organisation", "May open the organisation's pages")]

    def __str__(self) -> str:
        return self.name


class OrganisationNotice(Tracked):
    """How to ask for a report in another form, in another language; it stands at the front of each report."""

    class Direction(models.TextChoices):
        LEFT_TO_RIGHT = "ltr", "Left to right"
        RIGHT_TO_LEFT = "rtl", "Right to left"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices")
    language = models.CharField(
        "language tag",
        max_length=35,
        help_text="For example pl, ur or zh-Hant.",
        validators=[
            RegexValidator(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\Z", "Enter a language tag, such as pl or zh-Hant")
        ],
    )
    name = models.CharField("language in English", max_length=80)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.LEFT_TO_RIGHT)
    text = models.TextField(blank=True, help_text="Leave empty to print no notice in this language.")
    checked = models.BooleanField("somebody who reads the language has checked the text", default=False)

    class Meta:
        ordering = ["organisation", "language"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "language"], name="notice_once_a_language"),
            models.CheckConstraint(condition=models.Q(direction__in=["ltr", "rtl"]), name="notice_direction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"


class Membership(Tracked):
    """A person's place in an organisation. Ended, never deleted."""

    class Role(models.TextChoices):
        EQUALITY_LEAD = "equality_lead", "Equality lead"
        DEPUTY = "deputy", "Deputy equality lead"
        BOARD_SPONSOR = "board_sponsor", "Board sponsor"
        BOARD_MEMBER = "board_member", "Board member"
        EMPLOYEE = "employee", "Employee"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_on__isnull=True),
                name="membership_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_on__isnull=True, role="board_sponsor"),
                name="one_board_sponsor_an_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["equality_lead", "deputy", "board_sponsor", "board_member", "employee"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"


class Invitation(models.Model):
    """An offer of a place to an address: in an organisation, on a panel, or as a contributor. Never says who has accounts.

    What it is for is `kind` and the public id in `subject`; the rooms above register what that means
    (`eds.people.invitations`). `appointed` marks one by the organisation's lead, who sees it; the others of a panel are
    seen by the panel's own chair and organiser (R21).
    """

    public_id = public_id_field()
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=20)
    role = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict, blank=True)
    appointed = models.BooleanField(default=False)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject"], name="invitation_kind_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | models.Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="invitation_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.public_id}"


class OneTimeLink(models.Model):
    """A link that works once. Only a hash of its token is kept, so who reads the database cannot use it."""

    class Purpose(models.TextChoices):
        JOIN = "join", "Accept an invitation"
        SIGN_IN = "sign_in", "Sign in"
        RESET = "reset", "Choose a new password"

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="one_time_links")
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.PROTECT, related_name="one_time_links"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose="join", invitation__isnull=False, user__isnull=True)
                | models.Q(purpose__in=["sign_in", "reset"], invitation__isnull=True, user__isnull=False),
                name="link_is_for_an_invitation_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, link {self.pk}"


class LinkRequest(models.Model):
    """Somebody typed an address to get a link by mail. Kept for a day, to limit how often; the worker looks who it is.

    The request does the same work for every address, known or not, so neither words nor time tell which it was.
    """

    public_id = public_id_field()
    purpose = models.CharField(max_length=10, choices=OneTimeLink.Purpose.choices)
    email = models.EmailField()
    came_from = models.CharField(max_length=64, help_text="A keyed hash of the network address.")
    asked_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    def __str__(self) -> str:
        return f"Request {self.public_id}"


class Visit(models.Model):
    """When somebody last came to their home page, and when the time before: what changed in between is news to them."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="visit")
    seen_at = models.DateTimeField()
    before = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Visit {self.pk}"
