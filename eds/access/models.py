"""Guardian's grants with real foreign keys. Derived from who belongs (`eds.access.grants`); never edited by hand."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from eds.assessments.models import Assessment
from eds.people.models import Organisation


class AssessmentUserGrant(UserObjectPermissionBase):
    """A contributor or panel member may open the assessment."""

    content_object = models.ForeignKey(Assessment, on_delete=models.CASCADE)


class AssessmentGroupGrant(GroupObjectPermissionBase):
    """The organisation's leads and board may open the assessment."""

    content_object = models.ForeignKey(Assessment, on_delete=models.CASCADE)


class OrganisationUserGrant(UserObjectPermissionBase):
    """A contributor may open the organisation's evidence pages."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class OrganisationGroupGrant(GroupObjectPermissionBase):
    """The organisation's leads and board may open its pages."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)
