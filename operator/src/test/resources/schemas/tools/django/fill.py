import datetime as d, decimal, os, uuid, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
import django
django.setup()
from django.contrib.auth.models import User, Group, Permission
from django.contrib.sessions.models import Session
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from shop.models import Item, Tag
utc = d.timezone.utc
u = User(username="anna", email="anna@example.com", password="pbkdf2_sha256$1$a$b", is_staff=True,
         date_joined=d.datetime(2024, 1, 2, 3, 4, 5, 678900, utc), last_login=d.datetime(2024, 3, 31, 1, 30, tzinfo=utc))
u.save()
v = User(username="Ördög", password="!", date_joined=d.datetime(2024, 1, 2, 3, 4, 5, tzinfo=utc)); v.save()
g = Group.objects.create(name="editors"); g.permissions.set(Permission.objects.order_by("id")[:3]); u.groups.add(g)
Session.objects.create(session_key="k" * 32, session_data="e30:1", expire_date=d.datetime(2030, 1, 1, tzinfo=utc))
LogEntry.objects.create(user=u, content_type=ContentType.objects.get(app_label="shop", model="item"), object_id="1",
                        object_repr="x", action_flag=1, change_message="[]", action_time=d.datetime(2024, 5, 6, 7, 8, 9, 10, utc))
t = [Tag.objects.create(name=n) for n in ("red", "green", "blau")]
Tag.objects.get(name="green").delete()
t = [Tag.objects.get(name=n) for n in ("red", "blau")]
D = decimal.Decimal
from django.db.models import Value, JSONField
models_null = Value(None, JSONField())
a = Item.objects.create(id=uuid.UUID(int=0x0123456789abcdef0123456789abcdef), owner=u, slug="a", title="Aä", note="line\nline", price=D("1234567890.10"), rate=D("0.1000000001"),
    made=d.datetime(2024, 2, 29, 23, 59, 59, 999999, utc), day=d.date(2024, 2, 29), at=d.time(23, 59, 59, 120000), lasts=d.timedelta(days=-1, hours=3, microseconds=7),
    token=uuid.UUID(int=1), data={"a": {"x": "\u2028"}, "b": [1, 2.5, "é", None, True]}, extra="text", raw=b"\x00\xff'", maybe=False, ip="2001:db8::1", weight=0.1, count=2147483647, tiny=32767,
    big=-2**63, small=-32768, url="https://example.com/", mail="a@example.com", file="f/x.txt")
b = Item.objects.create(id=uuid.UUID(int=2**128 - 1), parent=a, owner=u, slug="a", kind="game", title="", price=D("0"), rate=D("-12345678.5"), made=d.datetime(1, 1, 1, tzinfo=utc),
    day=d.date(9999, 12, 31), at=d.time(0, 0), lasts=d.timedelta(0), data=[], extra=1.5, raw=b"", live=False, maybe=True, ip="192.0.2.1", weight=-1e308, big=2**63 - 1)
c = Item.objects.create(id=uuid.UUID(int=7), slug="c", title="Aä", price=D("0.01"), made=d.datetime(1969, 12, 31, 23, 59, 59, 5, utc), lasts=d.timedelta(days=400), data=models_null, weight=3.0, rate=D("3"))
c.parent = c; c.save()
a.tags.set(t); b.tags.add(t[1])
