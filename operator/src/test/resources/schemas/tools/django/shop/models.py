import uuid
from django.contrib.auth.models import User
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Item(models.Model):
    class Kind(models.TextChoices):
        BOOK = "book"
        GAME = "game"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="parts")
    tags = models.ManyToManyField(Tag)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BOOK)
    slug = models.SlugField()
    title = models.CharField(max_length=100)
    note = models.TextField(blank=True, default="")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    rate = models.DecimalField(max_digits=18, decimal_places=10, null=True)
    made = models.DateTimeField()
    day = models.DateField(null=True)
    at = models.TimeField(null=True)
    lasts = models.DurationField(null=True)
    token = models.UUIDField(unique=True, null=True)
    data = models.JSONField(default=dict)
    extra = models.JSONField(null=True)
    raw = models.BinaryField(null=True)
    live = models.BooleanField(default=True)
    maybe = models.BooleanField(null=True)
    ip = models.GenericIPAddressField(null=True)
    weight = models.FloatField(null=True)
    count = models.PositiveIntegerField(default=0)
    tiny = models.PositiveSmallIntegerField(default=0)
    big = models.BigIntegerField(null=True)
    small = models.SmallIntegerField(null=True)
    url = models.URLField(null=True)
    mail = models.EmailField(null=True)
    file = models.FileField(upload_to="f", null=True)
    label = models.GeneratedField(expression=models.functions.Lower("title"), output_field=models.CharField(max_length=100), db_persist=True)

    class Meta:
        unique_together = [("slug", "kind")]
        indexes = [models.Index(fields=["-made"]), models.Index(models.functions.Upper("title"), name="item_upper"),
                   models.Index(fields=["price"], condition=models.Q(live=True), name="item_live_price")]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=models.Q(kind__in=["book", "game"]), name="kind_known"),
            models.UniqueConstraint(fields=["owner", "title"], condition=models.Q(live=True), name="one_live_title"),
        ]
