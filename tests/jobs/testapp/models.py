from django.db import models


class Result(models.Model):
    """What a handler made. Two rows for one job would mean that it was done twice."""

    job_id = models.CharField(max_length=20)
    worker_pid = models.IntegerField()

    def __str__(self) -> str:
        return self.job_id
