"""Makes fixtures with SQLAlchemy and Alembic: the same rows on both engines."""
import datetime as d, decimal, enum, os, sys, uuid
from typing import Optional
import sqlalchemy as sa
from sqlalchemy.orm import Session, DeclarativeBase, Mapped, mapped_column, relationship
from alembic.migration import MigrationContext


class Mood(enum.Enum):
    glad = "g"
    Sad = "s"


class Base(DeclarativeBase):
    pass


link = sa.Table("link", Base.metadata,
                sa.Column("thing_id", sa.ForeignKey("thing.id", ondelete="CASCADE"), primary_key=True),
                sa.Column("mark_id", sa.ForeignKey("mark.id"), primary_key=True))


class Mark(Base):
    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20), unique=True)


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    parent_id: Mapped[Optional[uuid.UUID]] = mapped_column(sa.ForeignKey("thing.id"))
    mood = mapped_column(sa.Enum(Mood))
    plain = mapped_column(sa.Enum("a", "b", name="plain_kind", native_enum=False, create_constraint=True))
    price = mapped_column(sa.Numeric(12, 2), nullable=False)
    ratio = mapped_column(sa.Float)
    made = mapped_column(sa.DateTime, server_default=sa.func.now())
    seen = mapped_column(sa.DateTime(timezone=True))
    day = mapped_column(sa.Date)
    clock = mapped_column(sa.Time)
    lasts = mapped_column(sa.Interval)
    doc = mapped_column(sa.JSON)
    raw = mapped_column(sa.LargeBinary)
    live = mapped_column(sa.Boolean(create_constraint=True), nullable=False)
    big = mapped_column(sa.BigInteger)
    text = mapped_column(sa.Text)
    uni = mapped_column(sa.Unicode(30))
    marks = relationship(Mark, secondary=link)
    __table_args__ = (sa.CheckConstraint("price >= 0", name="price_positive"), sa.UniqueConstraint("uni", "day"),
                      sa.Index("thing_live", "day", sqlite_where=sa.text("live = 1"), postgresql_where=sa.text("live")))


def fill(engine):
    utc = d.timezone.utc
    with Session(engine) as s:
        red, blue = Mark(name="red"), Mark(name="blue")
        a = Thing(id=uuid.UUID(int=1), mood=Mood.glad, plain="a", price=decimal.Decimal("10.50"), ratio=0.1,
                  made=d.datetime(2024, 2, 29, 12, 0, 0, 120000), seen=d.datetime(2024, 2, 29, 12, 0, tzinfo=utc),
                  day=d.date(2024, 2, 29), clock=d.time(1, 2, 3), lasts=d.timedelta(days=2, seconds=5, microseconds=7),
                  doc={"a": 1, "b": [None, "é"]}, raw=b"\x00\xff", live=True, big=2**62, text="", uni="Ü", marks=[red, blue])
        b = Thing(id=uuid.UUID(int=2**128 - 1), parent_id=a.id, mood=Mood.Sad, plain="b", price=decimal.Decimal("0"), ratio=1e300,
                  made=d.datetime(1969, 12, 31, 23, 59, 59), seen=d.datetime(1, 1, 1, tzinfo=utc), day=d.date(9999, 12, 31),
                  clock=d.time(0, 0), lasts=d.timedelta(hours=-3), doc=None, raw=b"", live=False, big=-2**63, text="x\ny", uni="", marks=[blue])
        c = Thing(id=uuid.UUID(int=9), price=decimal.Decimal("1"), live=False, made=d.datetime(2024, 1, 1), doc=sa.null())
        s.add_all([red, blue]); s.flush(); s.add(a); s.flush(); s.add(b); s.flush(); s.add(c)
        s.commit()


def main():
    engine = sa.create_engine(sys.argv[1])
    if sys.argv[2] == "schema":
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            MigrationContext.configure(connection)._ensure_version_table()
            connection.execute(sa.text("INSERT INTO alembic_version VALUES ('1975ea83b712')"))
    else:
        fill(engine)


main()
