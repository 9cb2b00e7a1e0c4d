"""A checkpoint in SQLite at argv[1], and the empty tables in the PostgreSQL at argv[2], by LangGraph's own savers."""
import sqlite3
import sys

from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver

saver = SqliteSaver(sqlite3.connect(sys.argv[1], check_same_thread=False))
saver.setup()
checkpoint = empty_checkpoint()
checkpoint["channel_values"] = {"messages": ["hi"]}
config = saver.put({"configurable": {"thread_id": "1", "checkpoint_ns": ""}}, checkpoint, {"step": 1}, {"messages": 1})
saver.put_writes(config, [("messages", "x")], "task")
saver.conn.commit()
with PostgresSaver.from_conn_string(sys.argv[2]) as postgres:
    postgres.setup()
