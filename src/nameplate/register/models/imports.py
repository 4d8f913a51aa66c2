"""Imports: what was brought in, by whom, how far it came, and what was set aside."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from nameplate.register.models.people import Organisation, Person


class Original(models.Model):
    """A file as it was received, kept whole and addressed by its SHA-256 (hex)."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.sha256


class Import(models.Model):
    """One bringing-in of files: a background job with a state, and a result that can be undone.

    ``owner`` is an organisation, or the one that stands for published sources, seen by all.
    ``step`` and ``done`` of ``total`` (bytes or rows) are what the progress page shows.
    ``lease_until`` is how a worker holds a job: one that died leaves a lease that runs out, and the
    job is taken up again from its state.
    """

    class State(models.TextChoices):
        """Where the job is. ``undoing`` and ``undone`` follow a person's decision."""

        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Stopped"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    class Kind(models.TextChoices):
        """What the files hold."""

        PURCHASES = "purchases", "What was bought: notices, spending files, contract registers"
        DEVICES = "devices", "What is installed: inventories, scans, recorded answers"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PURCHASES)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="imports")
    requested_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=300)
    folder = models.CharField(max_length=500, blank=True)
    """Where the files or the trace's outputs are, relative to the workspace."""
    body_name = models.CharField(max_length=300, blank=True)
    """The body the files belong to, where the person said so."""
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=60, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)
    run = models.JSONField(null=True)
    """The run record of the trace (``run.json``), whole."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """SHA-256 over the run's inputs and versions: the same import again changes nothing."""
    repeats = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """The earlier import that brought the same, where there is one."""
    counts = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-created", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "created"], name="import_queue")]

    def __str__(self) -> str:
        return self.title

    @property
    def live(self) -> bool:
        """Whether what it brought counts."""
        return self.state == self.State.DONE


class SetAside(models.Model):
    """A record that could not be read: listed with its place and reason, never lost."""

    brought_by = models.ForeignKey(Import, models.CASCADE, related_name="set_aside")
    source_file = models.CharField(max_length=500)
    locator = models.CharField(max_length=200)
    reason = models.TextField()
    excerpt = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.source_file} {self.locator}: {self.reason}"


class Coverage(models.Model):
    """What was read of one file: the ground on which "nothing found" can be said at all.

    Empty dates and sums are *not computable* where ``computed`` is false, else absent in the file.
    """

    brought_by = models.ForeignKey(Import, models.CASCADE, related_name="coverage")
    source_file = models.CharField(max_length=500)
    body = models.ForeignKey("register.Body", models.SET_NULL, null=True, related_name="coverage")
    format = models.CharField(max_length=60, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict)
    records_read = models.BigIntegerField(null=True)
    records_set_aside = models.BigIntegerField(default=0)
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    amount_sum = models.TextField(blank=True)
    computed = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["source_file"]

    def __str__(self) -> str:
        return self.source_file
